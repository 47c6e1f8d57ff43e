/// One rule that can stop a dial, in the stated order: of several that fail, the first in this order is *the* first.
public enum Gate: UInt8, CaseIterable, Codable, Sendable {
  case campaignRunning = 0
  case listToDial = 1
  case status = 2
  case notLive = 3
  case callablePhone = 4
  case doNotCall = 5
  case callingHours = 6
  case calledCountLimit = 7
  case attemptLimits = 8
  case minimumGap = 9
  case retryTime = 10
  case listFilter = 11
  case trunkCapacity = 12
  case agentAvailable = 13

  /// The word of the control protocol.
  public var word: String {
    switch self {
    case .campaignRunning: "campaign-running"
    case .listToDial: "list-to-dial"
    case .status: "status"
    case .notLive: "not-live"
    case .callablePhone: "callable-phone"
    case .doNotCall: "do-not-call"
    case .callingHours: "calling-hours"
    case .calledCountLimit: "called-count-limit"
    case .attemptLimits: "attempt-limits"
    case .minimumGap: "minimum-gap"
    case .retryTime: "retry-time"
    case .listFilter: "list-filter"
    case .trunkCapacity: "trunk-capacity"
    case .agentAvailable: "agent-available"
    }
  }

  public init?(word: String) {
    guard let found = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = found
  }
}

/// A set of gates.
@frozen public struct GateSet: OptionSet, Hashable, Sendable {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public init(_ gate: Gate) { rawValue = 1 << UInt16(gate.rawValue) }
  @inlinable public func contains(_ gate: Gate) -> Bool { rawValue & (1 << UInt16(gate.rawValue)) != 0 }
  @inlinable public mutating func insert(_ gate: Gate) { self = GateSet(rawValue: rawValue | GateSet(gate).rawValue) }
  @inlinable public init(of gates: some Sequence<Gate>) {
    self = []
    for gate in gates { insert(gate) }
  }
  /// The first in the stated order, or nil when the set is empty.
  public var first: Gate? { isEmpty ? nil : Gate(rawValue: UInt8(rawValue.trailingZeroBitCount)) }
  /// These pause a campaign; they do not disqualify a lead.
  public static let capacity: GateSet = [GateSet(.trunkCapacity), GateSet(.agentAvailable)]
}
