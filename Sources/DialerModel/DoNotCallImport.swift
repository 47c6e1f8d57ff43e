/// An import of do-not-call numbers, as the database keeps it. The numbers are in files of their own until it ends.
public struct DoNotCallImport: Hashable, Codable, Sendable {
  public enum State: String, Codable, Sendable {
    /// Takes bytes.
    case open
    /// The file is being read and its numbers are being sorted. After a crash that starts anew.
    case reading
    /// Sorted numbers go onto the list piece by piece; each holds at once. After a crash it goes on where it was.
    case applying
    case committed
    case cancelled
    /// The file is none of numbers; nothing of it holds.
    case refused
  }

  /// A line that is no number.
  public struct Fault: Hashable, Codable, Sendable {
    public var line: Int
    public var reason: String
    public var message: String
    public var text: String
    public init(line: Int, reason: String, message: String, text: String) {
      self.line = line
      self.reason = reason
      self.message = message
      self.text = text
    }
  }

  /// What stands in the file.
  public struct Counts: Hashable, Codable, Sendable {
    public var lines = 0
    /// Different numbers, and different prefixes: what there is to apply.
    public var numbers = 0
    public var prefixes = 0
    /// Lines whose number or prefix stands in the file before.
    public var duplicates = 0
    public var invalid = 0
    /// The first hundred that are invalid.
    public var faults: [Fault] = []
    public init() {}
  }

  public var importID: ImportID
  public var scope: DoNotCallScope
  /// Nil = everyone's, or of all.
  public var tenant: TenantID?
  public var reason: String?
  /// Where numbers without a country code are read.
  public var region: String?
  /// A file on the daemon's machine; nil = the client sends the content.
  public var path: String?
  public var state = State.open
  public var openedAt: Instant
  public var finishedAt: Instant?
  public var counts = Counts()
  /// So many of the sorted numbers and prefixes are done.
  public var applied = 0
  /// Those that were not on the list before.
  public var added = 0
  /// Why it was refused.
  public var refusal: String?

  public init(importID: ImportID, scope: DoNotCallScope, openedAt: Instant) {
    self.importID = importID
    self.scope = scope
    self.openedAt = openedAt
  }

  public var isFinished: Bool { state == .committed || state == .cancelled || state == .refused }
  /// What there is to apply.
  public var total: Int { counts.numbers + counts.prefixes }
}
