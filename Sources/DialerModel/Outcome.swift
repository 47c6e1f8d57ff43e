/// What one dialling of one number came to. The raw value is what the database and the counters keep.
public enum Outcome: UInt8, CaseIterable, Codable, Sendable {
  case busy = 0
  case noAnswer = 1
  case machine = 2
  case answered = 3
  case connected = 4
  case dropped = 5
  case disconnected = 6
  case congestion = 7
  case fax = 8
  case refused = 9
  case failed = 10
  case trunkFailure = 11
  case cancelled = 12
  case unknown = 13

  /// The word of the control protocol.
  public var word: String {
    switch self {
    case .busy: "busy"
    case .noAnswer: "no-answer"
    case .machine: "machine"
    case .answered: "answered"
    case .connected: "connected"
    case .dropped: "dropped"
    case .disconnected: "disconnected"
    case .congestion: "congestion"
    case .fax: "fax"
    case .refused: "refused"
    case .failed: "failed"
    case .trunkFailure: "trunk-failure"
    case .cancelled: "cancelled"
    case .unknown: "unknown"
    }
  }

  public init?(word: String) {
    guard let found = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = found
  }

  /// Whether a person was reached.
  public var isContact: Bool { self == .answered || self == .connected || self == .dropped }
  /// A failure of our own trunk is given back: it counts neither on the lead nor on its list's share.
  public var counts: Bool { self != .trunkFailure }

  /// The status that a lead rests in after this outcome, in the field's codes.
  public var restingStatus: String {
    switch self {
    case .busy: "AB"
    case .noAnswer: "NA"
    case .machine: "AA"
    case .answered, .connected: "PU"
    case .dropped: "DROP"
    case .disconnected: "ADC"
    case .congestion: "ADCT"
    case .fax: "AFAX"
    case .refused, .failed: "NA"
    case .trunkFailure: "ADCT"
    case .cancelled: "NA"
    case .unknown: "UNK"
    }
  }
}

/// The full names of the built-in status codes.
public enum StatusName {
  public static let builtIn: [(code: String, name: String)] = [
    ("NEW", "New"), ("QUEUE", "Claimed"), ("RING", "Ringing"), ("INCALL", "In call"), ("AB", "Busy"),
    ("NA", "No answer"), ("AA", "Answering machine"), ("AM", "Message left"), ("AFAX", "Fax"),
    ("ADC", "Disconnected number"), ("ADCT", "Temporary network fault"),
    ("DROP", "Answered with nobody to take it"), ("PDROP", "Hung up before anybody"), ("PU", "Answered"),
    ("ERI", "Agent side failed"), ("UNK", "Ended without our knowing how"), ("DNC", "Do not call"),
    ("DNCL", "On the do-not-call list"), ("CALLBK", "Callback agreed"), ("DUP", "Duplicate"),
  ]

  /// The name of a built-in code, or nil for a campaign's own.
  public static func name(of code: String) -> String? { builtIn.first { $0.code == code }?.name }
}

/// How far a lead has come; it never goes back by itself.
public enum LeadStage: UInt8, CaseIterable, Codable, Sendable {
  case new = 0
  case contacted = 1
  case converted = 2
  public var word: String {
    switch self {
    case .new: "new"
    case .contacted: "contacted"
    case .converted: "converted"
    }
  }
}

/// Where a lead's time zone was found.
public enum TimeZoneSource: UInt8, CaseIterable, Codable, Sendable {
  case lead = 0
  case rule = 1
  case phone = 2
  case list = 3
  case campaign = 4
  case configuration = 5
  public var word: String {
    switch self {
    case .lead: "lead"
    case .rule: "rule"
    case .phone: "phone"
    case .list: "list"
    case .campaign: "campaign"
    case .configuration: "configuration"
    }
  }
}
