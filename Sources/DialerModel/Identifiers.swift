/// An id that is text chosen by a client or an operator, such as a campaign's.
public protocol TextIdentifier: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible
where RawValue == String {
  init(rawValue: String)
}

extension TextIdentifier {
  public init(_ text: String) { self.init(rawValue: text) }
  public var description: String { rawValue }
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  public init(from decoder: any Decoder) throws {
    self.init(rawValue: try decoder.singleValueContainer().decode(String.self))
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

/// An id that is a whole number given out by the daemon, from 1, never used twice.
public protocol NumberIdentifier: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible
where RawValue: FixedWidthInteger & Codable & Sendable {
  init(rawValue: RawValue)
}

extension NumberIdentifier {
  @inlinable public init(_ number: RawValue) { self.init(rawValue: number) }
  public var description: String { "\(rawValue)" }
  @inlinable public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  public init(from decoder: any Decoder) throws {
    self.init(rawValue: try decoder.singleValueContainer().decode(RawValue.self))
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

/// The dialer's own id of a lead. Dense, from 1: tables in memory are addressed by it.
@frozen public struct LeadID: NumberIdentifier {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// The id of a list of leads.
@frozen public struct ListID: NumberIdentifier {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// The id of one dialling of one number, in the order in which they were claimed.
@frozen public struct AttemptID: NumberIdentifier {
  public let rawValue: Int64
  @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The id of an outbound effort.
public struct CampaignID: TextIdentifier {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
}

/// The id of a way of working through a list.
public struct StrategyID: TextIdentifier {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
}

/// The id of a set of calling-hour rules.
public struct CallingHoursID: TextIdentifier {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
}

/// The CRM's id of an agent.
public struct AgentID: TextIdentifier {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
}

/// Lists and campaigns of one tenant share nothing with those of another.
public struct TenantID: TextIdentifier {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
  /// The tenant of what names none.
  public static let standard = TenantID(rawValue: "default")
}

/// The name of a trunk in the configuration.
public struct TrunkName: TextIdentifier {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
}

/// The exchange's name for one attempt: random text, stored with the attempt before the exchange hears of it,
/// never used twice. It begins with the attempt's id, so that an ended attempt is found by it without an index.
public struct CallID: TextIdentifier {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }

  /// - Parameter random: 80 bits of chance; only the low 80 are used.
  public init(attempt: AttemptID, random: (UInt64, UInt16)) {
    // Built in place: one is made for every claim.
    rawValue = String(unsafeUninitializedCapacity: 32) { text in
      var count = 0
      var number = UInt64(attempt.rawValue)
      repeat {
        text[count] = Self.digit(UInt8(number % 36))
        number /= 36
        count += 1
      } while number > 0
      var digits = UnsafeMutableBufferPointer(rebasing: text[..<count])
      digits.reverse()
      text[count] = UInt8(ascii: "x")
      count += 1
      var high = random.0
      for _ in 0..<12 {
        text[count] = Self.digit(UInt8(high & 31))
        high >>= 5
        count += 1
      }
      var low = UInt64(random.1) | high << 16
      for _ in 0..<4 {
        text[count] = Self.digit(UInt8(low & 31))
        low >>= 5
        count += 1
      }
      return count
    }
  }

  /// Digits, then small letters.
  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  /// `x` and sixteen random characters.
  private static let suffixBytes = 17

  /// The attempt that the text names, or nil when it is not of our making.
  public var attemptID: AttemptID? {
    let bytes = rawValue.utf8
    guard bytes.count > Self.suffixBytes else { return nil }
    let mark = bytes.index(bytes.endIndex, offsetBy: -Self.suffixBytes)
    guard bytes[mark] == UInt8(ascii: "x"), let number = Int64(rawValue[..<mark], radix: 36), number > 0
    else { return nil }
    return AttemptID(number)
  }
}
