import DialerModel

/// The attempts that began in a time; nil = without end on that side.
public struct EvidenceRange: Sendable, Hashable {
  /// Included.
  public var since: Instant?
  /// Not included.
  public var until: Instant?
  public init(since: Instant? = nil, until: Instant? = nil) {
    self.since = since
    self.until = until
  }
}

/// How far a walk along the chains of evidence has come: the claims first, then what the calls came to.
public struct EvidenceWalk: Sendable, Hashable {
  public enum Fault: Sendable, Hashable {
    /// The first claim that does not fit the claims before it: it was changed, or one right before it was taken out.
    case changed(AttemptID)
    /// Claims were taken out behind this one, which is now the last.
    case missing(after: AttemptID)
    /// What an attempt came to is not what was written down of it.
    case courseChanged(AttemptID)
    /// Records of what attempts came to were taken out behind one of this attempt, which is now the last; nil = all were.
    case courseMissing(after: AttemptID?)
  }

  /// Attempts that fit.
  public var checked = 0
  public var isFinished = false
  public var fault: Fault?
  /// The last row that was looked at, and its hash.
  var attemptID: Int64 = 0
  var hash: [UInt8] = []
  /// The attempts of the range, as far as they were looked at; nil = none yet.
  var first: Int64?
  var courses = Courses()

  /// The way along the records of what attempts came to.
  struct Courses: Hashable {
    /// The earliest that a row which was looked at stands on: no record that its attempt has is left out from there on.
    var earliest: Int64?
    /// An attempt without a record was among them: a call that goes on, or one whose end was taken out of its row. Its
    /// records may be earlier than those of all others.
    var hasOpen = false
    /// How far the first record of the range was looked for; nil = the claims are not all looked at.
    var sought: Int64?
    /// The last record that was looked at, whose it is, and its hash; nil = not begun.
    var seq: Int64?
    var attemptID: AttemptID?
    var hash: [UInt8] = []
  }

  /// One sentence for a person; nil when nothing was found.
  public var sentence: String? {
    switch fault {
    case .changed(let attempt):
      "The attempt \(attempt) does not fit: it was changed since it was claimed, or one right before it was taken out."
    case .missing(let last): "Attempts that were claimed after the attempt \(last) were taken out."
    case .courseChanged(let attempt):
      "What the attempt \(attempt) came to does not fit: its times, outcome, agent or wrap code were changed since they were "
        + "written down, or a record right before it was taken out."
    case .courseMissing(let last?):
      "Records of what attempts came to were taken out behind one of the attempt \(last)."
    case .courseMissing(nil): "The records of what attempts came to were taken out."
    case nil: nil
    }
  }

  /// - Parameter checked: attempts that fit.
  public init(checked: Int = 0, isFinished: Bool = false, fault: Fault? = nil) {
    self.checked = checked
    self.isFinished = isFinished
    self.fault = fault
  }

  mutating func end(_ fault: Fault?) {
    self.fault = fault
    isFinished = true
  }
}
