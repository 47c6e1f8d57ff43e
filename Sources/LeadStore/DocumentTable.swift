import DialerModel
import Foundation

/// Tables of an id and a JSON document: what is read whole, is few, and is never searched by its inside.
struct DocumentTable {
  let connection: Connection

  func put(_ table: String, id: String, _ value: some Encodable) throws(StoreError) {
    let statement = try connection.cached("INSERT OR REPLACE INTO \(table) (id, document) VALUES (?, ?)")
    statement.bind(1, id)
    statement.bind(2, try Self.text(value))
    try statement.run()
  }

  func delete(_ table: String, id: String) throws(StoreError) {
    let statement = try connection.cached("DELETE FROM \(table) WHERE id = ?")
    statement.bind(1, id)
    try statement.run()
  }

  /// In the order of their ids.
  func all<Value: Decodable>(_ table: String, _ type: Value.Type) throws(StoreError) -> [Value] {
    let order =
      switch table {
      case "callback": "leadID, campaignID"
      case "import_template": "tenant, name"
      default: "id"
      }
    let statement = try connection.cached("SELECT document FROM \(table) ORDER BY \(order)")
    defer { statement.reset() }
    var values: [Value] = []
    while try statement.step() { values.append(try Self.value(statement.text(0), table)) }
    return values
  }

  static func text(_ value: some Encodable) throws(StoreError) -> String {
    let encoder = JSONEncoder()
    // The same value gives the same text, so that two databases can be compared.
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw StoreError(
        operation: "encode", kind: .other, name: "document", message: "a \(type(of: value)) cannot be written as JSON")
    }
  }

  static func value<Value: Decodable>(_ text: String, _ table: String) throws(StoreError) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    } catch {
      throw StoreError(
        operation: "load", kind: .corrupt, name: "document", message: "a row of table \(table) cannot be read")
    }
  }
}
