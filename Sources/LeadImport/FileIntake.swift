/// Takes a file that is sent in pieces and gives its records, whatever they are for: how far it has come, and how its
/// reading goes on, also after a restart.
///
/// Nobody says when the file is over. Whoever wants to look at it ends it; its last record is then provisional: when
/// more bytes come it is taken back, and the record is read anew with them.
public struct FileIntake: Hashable, Codable, Sendable {
  /// Bytes of the file that were taken.
  public private(set) var received: Int64 = 0
  private var state: CSVParser.State
  /// As it was before the end was assumed; nil = the file is open.
  private var before: CSVParser.State?

  public init(delimiter: UInt8? = nil) {
    state = CSVParser(delimiter: delimiter).state
  }

  public var isEnded: Bool { before != nil }

  /// Takes the next bytes, which begin at ``received``. After an end ``reopen()`` goes first.
  ///
  /// - Throws: why the file is refused. Nothing more can be taken then.
  public mutating func take(_ bytes: [UInt8], _ body: (CSVRecord) -> Void) throws(ImportFault) {
    precondition(before == nil, "a file that was ended is opened again before it grows")
    var parser = CSVParser(state: state)
    state = CSVParser.State()
    try parser.feed(bytes, body)
    state = parser.state
    received += Int64(bytes.count)
  }

  /// Assumes that the file is over.
  public mutating func end(_ body: (CSVRecord) -> Void) throws(ImportFault) {
    guard before == nil else { return }
    var parser = CSVParser(state: state)
    try parser.finish(body)
    before = state
  }

  /// The file is not over after all: what ``end(_:)`` gave has to be forgotten.
  public mutating func reopen() {
    if let before { state = before }
    before = nil
  }

  /// The record that stood at the assumed end is of somebody who is deleted: what is kept of it becomes unreadable, and
  /// when the rest of it comes it is passed over.
  public mutating func blotLast() { before?.blotRest() }
}
