import DialerModel

/// A statement under construction: text of our own with a place for each value, never a value in the text.
struct SQLText {
  enum Value {
    case integer(Int64)
    case number(Double)
    case text(String)
    case null
  }

  private(set) var text = ""
  private(set) var values: [Value] = []

  mutating func append(_ more: String) { text += more }

  mutating func append(_ more: String, _ value: Value) {
    text += more
    text += "?"
    values.append(value)
  }

  mutating func append(_ other: SQLText) {
    text += other.text
    values += other.values
  }

  /// SQLite's own limit (SQLITE_MAX_VARIABLE_NUMBER).
  private static let maximumValues = 32_766

  func prepare(on connection: Connection) throws(StoreError) -> Statement {
    guard values.count <= Self.maximumValues else {
      throw StoreError(
        operation: "find", kind: .other, name: StoreError.longFilter,
        message: "it has too many beginnings of telephone numbers for one query")
    }
    let statement = try connection.cached(text)
    for (index, value) in values.enumerated() {
      let place = Int32(index + 1)
      switch value {
      case .integer(let value): statement.bind(place, value)
      case .number(let value): statement.bind(place, value)
      case .text(let value): statement.bind(place, value)
      case .null: statement.bindNull(place)
      }
    }
    return statement
  }
}
