/// Why a file as a whole is refused. The message is one sentence for a person and holds nothing out of the file.
public enum ImportFault: Error, Hashable, Sendable {
  /// A control character: no text file has one. `offset` counts the file's bytes from 0.
  case binary(offset: Int)
  case utf16
  case encoding(line: Int)
  case recordTooLong(line: Int)
  case tooManyColumns(line: Int)
  case unclosedQuote(line: Int)
  case noHeader
  case noMapping
  case unknownColumn(String)

  /// A stable word.
  public var reason: String {
    switch self {
    case .binary: "binary"
    case .utf16: "utf-16"
    case .encoding: "encoding"
    case .recordTooLong: "record-too-long"
    case .tooManyColumns: "too-many-columns"
    case .unclosedQuote: "unclosed-quote"
    case .noHeader: "no-header"
    case .noMapping: "no-mapping"
    case .unknownColumn: "unknown-column"
    }
  }

  public var message: String {
    switch self {
    case .binary(let offset):
      "The file is not text: byte \(offset) is a control character. Save a spreadsheet as CSV first."
    case .utf16: "The file is UTF-16. Save it as UTF-8 (\"CSV UTF-8\")."
    case .encoding(let line): "Line \(line) is neither UTF-8 nor Windows-1252. Save the file as UTF-8."
    case .recordTooLong(let line):
      "The row that begins in line \(line) is longer than \(CSVParser.maximumRecordBytes) bytes."
    case .tooManyColumns(let line):
      "The row that begins in line \(line) has more than \(CSVParser.maximumColumns) columns."
    case .unclosedQuote(let line): "A quote that is opened in the row that begins in line \(line) is never closed."
    case .noHeader: "The file has no header row and no mapping says what its columns are."
    case .noMapping: "No column is mapped to a phone number, so that no row could become a lead."
    case .unknownColumn(let name): "The mapping names a column that the file does not have: \(name)."
    }
  }
}

/// Why a row cannot become a lead.
public struct RowFault: Error, Hashable, Sendable {
  public var field: String
  /// A stable word.
  public var reason: String
  /// One sentence for a person.
  public var message: String
  public init(field: String, reason: String, message: String) {
    self.field = field
    self.reason = reason
    self.message = message
  }
}
