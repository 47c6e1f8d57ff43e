import ControlProtocol
import DialerModel

/// A result as people read it: what lists many becomes a table, any other member a line.
struct ResultText {
  private let method: String
  /// The columns of the terminal, nil to cut nothing.
  private let columns: Int?
  /// The table of the pages printed so far, so that the next goes on below it.
  private var table: (choice: [ColumnChoice], text: TextTable)?

  init(method: String, columns: Int?) {
    self.method = method
    self.columns = columns
  }

  /// The text of one result, and of one page after another, with a line end behind it.
  mutating func page(_ result: JSON) -> String {
    // The one is a document and the other a text of its own: neither gains from being taken apart.
    if method == "rpc.discover" { return result.prettyText + "\n" }
    if let text = Self.file(result, of: method) { return text }
    if let text = result["openMetrics"]?.stringValue { return text.hasSuffix("\n") ? text : text + "\n" }
    guard let object = result.objectValue else { return CellText.text(result) + "\n" }
    let lines = pageOfMany(object) ?? Self.lines(object, columns: columns)
    return lines.map { $0 + "\n" }.joined()
  }

  /// A piece of a file, which is of use as it is and as a whole only; nil for any other result.
  static func file(_ result: JSON, of method: String) -> String? {
    result[method == "import.download" ? "data" : "csv"]?.stringValue
  }

  // MARK: - Pages of a list

  /// Nil when the result is not a list, or a list and where it goes on.
  private mutating func pageOfMany(_ object: JSONObject) -> [String]? {
    guard let member = object.members.first(where: { Self.rows($0.value) != nil }),
      object.members.allSatisfy({ $0.key == member.key || $0.key == "nextCursor" }),
      let rows = Self.rows(member.value)
    else { return nil }
    var lines: [String]
    if rows.isEmpty {
      lines = table == nil ? ["No \(Self.words(member.key))."] : []
    } else {
      var current = table ?? Self.newTable(member.key, rows)
      for row in rows { current.text.add(Self.cells(row, current.choice)) }
      lines = current.text.take(width: columns, withHeading: table == nil)
      table = current
    }
    if let cursor = object["nextCursor"]?.stringValue {
      lines += ["", "There are more: go on with --cursor \(CellText.printable(cursor)), or take them all with --all."]
    }
    return lines
  }

  /// The objects of an array that holds nothing else; nil for any other value.
  private static func rows(_ value: JSON) -> [JSONObject]? {
    guard let elements = value.arrayValue else { return nil }
    let rows = elements.compactMap(\.objectValue)
    return rows.count == elements.count ? rows : nil
  }

  private static func newTable(
    _ kind: String, _ rows: [JSONObject]
  ) -> (choice: [ColumnChoice], text: TextTable) {
    let choice = ColumnChoice.columns(of: kind, rows)
    let columns = choice.map { column in
      TextTable.Column(title: column.title, alignsRight: rows.contains { $0[column.key]?.numberValue != nil })
    }
    return (choice, TextTable(columns))
  }

  private static func cells(_ row: JSONObject, _ choice: [ColumnChoice]) -> [String] {
    choice.map { CellText.text(row[$0.key] ?? .null, isShort: true) }
  }

  /// A table of what stands under this key.
  static func table(_ kind: String, _ rows: [JSONObject], columns: Int?) -> [String] {
    var table = newTable(kind, rows)
    for row in rows { table.text.add(cells(row, table.choice)) }
    return table.text.take(width: columns, withHeading: true)
  }

  // MARK: - One object

  /// `key: value` with the values below each other; then each table and each object in it under its own heading.
  static func lines(_ object: JSONObject, columns: Int?) -> [String] {
    var plain: [(key: String, text: String)] = []
    var below: [String] = []
    for member in object.members {
      if let rows = rows(member.value), !rows.isEmpty {
        below += ["", "\(member.key):"] + table(member.key, rows, columns: columns.map { $0 - 2 }).map { "  " + $0 }
      } else if let inner = member.value.objectValue, !inner.isEmpty {
        below +=
          ["", "\(member.key):"] + lines(inner, columns: columns.map { $0 - 2 }).map { $0.isEmpty ? "" : "  " + $0 }
      } else {
        plain.append((member.key, CellText.text(member.value)))
      }
    }
    let width = (plain.map { DisplayWidth.of($0.key) }.max() ?? 0) + 2
    let lines = plain.map { DisplayWidth.padded(CellText.printable($0.key) + ":", to: width) + $0.text }
    return lines.isEmpty ? Array(below.drop { $0.isEmpty }) : lines + below
  }

  /// `callingHours` becomes `calling hours`.
  private static func words(_ key: String) -> String { ColumnChoice.title(of: key).lowercased() }
}
