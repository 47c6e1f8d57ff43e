/// A status code in one machine word: 1 to 8 ASCII capitals, digits, `-` or `_`.
@frozen public struct StatusCode: Hashable, Sendable, Codable, CustomStringConvertible {
  public let packed: UInt64
  @inlinable public init(packed: UInt64) { self.packed = packed }

  /// Nil when the text is empty, longer than eight bytes or has another character.
  public init?(_ text: String) {
    var value: UInt64 = 0
    let bytes = text.utf8
    guard !bytes.isEmpty, bytes.count <= 8 else { return nil }
    for byte in bytes {
      guard (65...90).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 95 else { return nil }
      value = value << 8 | UInt64(byte)
    }
    packed = value
  }

  public var description: String {
    var text = ""
    for shift in stride(from: 56, through: 0, by: -8) {
      let byte = UInt8(truncatingIfNeeded: packed >> UInt64(shift))
      if byte != 0 { text.unicodeScalars.append(Unicode.Scalar(byte)) }
    }
    return text
  }

  public static let new = StatusCode(packed: 0x4E_4557)
  public static let dnc = StatusCode(packed: 0x44_4E43)
  public static let dncl = StatusCode(packed: 0x444E_434C)
  public static let dup = StatusCode(packed: 0x44_5550)
  public static let callback = StatusCode(packed: 0x4341_4C4C_424B)

  /// The status that a lead rests in after an outcome.
  public static func resting(after outcome: Outcome) -> StatusCode { StatusCode(outcome.restingStatus) ?? .new }
}

/// How often a lead came to each outcome since its list was last reset: one byte an outcome, which stops at 255.
@frozen public struct OutcomeCounts: Hashable, Sendable {
  public var low: UInt64 = 0
  public var high: UInt64 = 0
  @inlinable public init() {}
  @inlinable public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }
  @inlinable public subscript(outcome: Outcome) -> Int {
    let index = UInt64(outcome.rawValue)
    return Int(truncatingIfNeeded: (index < 8 ? low >> (index * 8) : high >> ((index - 8) * 8)) & 255)
  }
  @inlinable public mutating func add(_ outcome: Outcome) {
    guard self[outcome] < 255 else { return }
    let index = UInt64(outcome.rawValue)
    if index < 8 { low += 1 << (index * 8) } else { high += 1 << ((index - 8) * 8) }
  }
}

/// What dialling changes in a lead: the whole of it, so that the last one written is the truth.
@frozen public struct LeadState: Hashable, Sendable {
  public var status: StatusCode = .new
  /// Milliseconds since 1970; 0 = never attempted.
  public var lastAttemptAt = Instant(milliseconds: 0)
  /// Not before then; 0 = at once; ``Instant/distantFuture`` = its retries have ended for good.
  public var retryAt = Instant(milliseconds: 0)
  public var retries = OutcomeCounts()
  /// Attempts that counted.
  public var calledCount: UInt16 = 0
  /// ``Outcome/rawValue``, 255 = none yet.
  public var lastOutcomeValue: UInt8 = 255
  public var stageValue: UInt8 = 0
  public var completed = false
  public var archived = false
  /// One bit a phone: it will not be dialled again (disconnected, fax).
  public var spentPhones: UInt8 = 0
  /// How many places of the strategy's phone order to skip at the next attempt.
  public var phoneCursor: UInt8 = 0
  /// 0 to 15, from the retry rule of the last outcome.
  public var priority: UInt8 = 0

  public init() {}

  public var lastOutcome: Outcome? {
    get { Outcome(rawValue: lastOutcomeValue) }
    set { lastOutcomeValue = newValue?.rawValue ?? 255 }
  }
  public var stage: LeadStage {
    get { LeadStage(rawValue: stageValue) ?? .new }
    set { stageValue = newValue.rawValue }
  }
  @inlinable public var wasAttempted: Bool { lastAttemptAt.milliseconds != 0 }
}

/// Up to five numbers, inline.
@frozen public struct PhoneSet: Hashable, Sendable {
  public static let capacity = 5
  /// Zero where there is none. `phone2` may stand without `phone1`: places are kept as the client gave them.
  public var numbers: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
  @inlinable public init() {}
  public init(_ phones: [PhoneNumber]) {
    for (index, phone) in phones.prefix(Self.capacity).enumerated() { self[index] = phone }
  }
  @inlinable public subscript(index: Int) -> PhoneNumber? {
    get {
      let digits =
        switch index {
        case 0: numbers.0
        case 1: numbers.1
        case 2: numbers.2
        case 3: numbers.3
        case 4: numbers.4
        default: UInt64(0)
        }
      return digits == 0 ? nil : PhoneNumber(digits: digits)
    }
    set {
      let digits = newValue?.digits ?? 0
      switch index {
      case 0: numbers.0 = digits
      case 1: numbers.1 = digits
      case 2: numbers.2 = digits
      case 3: numbers.3 = digits
      case 4: numbers.4 = digits
      default: preconditionFailure("a lead has five phones at most")
      }
    }
  }
  public var all: [PhoneNumber] { (0..<Self.capacity).compactMap { self[$0] } }
  public static func == (left: Self, right: Self) -> Bool { left.numbers == right.numbers }
  public func hash(into hasher: inout Hasher) { for index in 0..<Self.capacity { hasher.combine(self[index]) } }
}

/// What selection needs of a lead: the part that is kept in memory for every lead.
@frozen public struct LeadRecord: Hashable, Sendable {
  public static let missingRank = Int32.min
  public var leadID: LeadID
  public var listID: ListID
  public var phones: PhoneSet
  /// Index into the table of zone names.
  public var zone: UInt16
  public var zoneSource: TimeZoneSource
  /// Index into the table of places (region and state); 0 = neither is known.
  public var place: UInt32
  /// ``missingRank`` = none.
  public var rank: Int32
  /// When it came to this list.
  public var entered: Instant
  /// A hash of the email in lower case; 0 = none.
  public var emailKey: UInt64
  /// A hash of first and last name in lower case; 0 = none.
  public var nameKey: UInt64
  public var state: LeadState

  public init(leadID: LeadID, listID: ListID, phones: PhoneSet, zone: UInt16, entered: Instant) {
    self.leadID = leadID
    self.listID = listID
    self.phones = phones
    self.zone = zone
    self.entered = entered
    zoneSource = .lead
    place = 0
    rank = Self.missingRank
    emailKey = 0
    nameKey = 0
    state = LeadState()
  }
}

/// The rest of a lead: what only people read, kept on disk alone.
public struct LeadDetails: Hashable, Sendable {
  public var firstName: String?
  public var lastName: String?
  public var email: String?
  public var source: String?
  public var owner: String?
  public var postalCode: String?
  /// Fields of any name; 16 KiB as JSON text.
  public var custom: JSONObject?
  public var createdAt: Instant
  public var updatedAt: Instant
  public init(createdAt: Instant) {
    self.createdAt = createdAt
    updatedAt = createdAt
  }
}
