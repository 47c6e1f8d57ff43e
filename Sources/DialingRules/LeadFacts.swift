import DialerModel

/// Whether a list may be dialled in a campaign.
@frozen public struct ListFacts: Hashable, Sendable {
  public var active: Bool
  /// The list's `expiresAt`; from then on it is not dialled.
  public var expiresAt: Instant
  public var assigned: Bool
  public var toDial: Bool
  @inlinable public init(
    active: Bool = true, expiresAt: Instant = .distantFuture, assigned: Bool = true, toDial: Bool = true
  ) {
    self.active = active
    self.expiresAt = expiresAt
    self.assigned = assigned
    self.toDial = toDial
  }
}

/// What has a call or a reservation at this moment, in any campaign.
@frozen public struct LiveFlags: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// The lead has a call.
  public static let lead = LiveFlags(rawValue: 1)
  /// The lead is claimed or reserved for an agent.
  public static let reserved = LiveFlags(rawValue: 2)
  /// Another lead of the same person has a call or a reservation.
  public static let person = LiveFlags(rawValue: 4)
}

/// The callback agreed with a lead, as this campaign sees it.
@frozen public struct CallbackFacts: Hashable, Sendable {
  public var at: Instant
  /// Until then only its agent may have it; ``Instant/distantFuture`` = for as long as it takes.
  public var until: Instant
  /// Whether it belongs to an agent other than the one who is asking (true too when none is asking).
  public var waitsForAgent: Bool
  public var then: Callback.Then
  @inlinable public init(
    at: Instant, until: Instant = .distantFuture, waitsForAgent: Bool = false, then: Callback.Then = .anyone
  ) {
    self.at = at
    self.until = until
    self.waitsForAgent = waitsForAgent
    self.then = then
  }
}

/// Whether there is room at this moment.
@frozen public struct CapacityFacts: Hashable, Sendable {
  public var trunk: Bool
  /// When a trunk has room again, where only the calls per second stop it; `distantFuture` = when something changes.
  public var trunkUntil: Instant
  public var agent: Bool
  @inlinable public init(trunk: Bool = true, trunkUntil: Instant = .distantFuture, agent: Bool = true) {
    self.trunk = trunk
    self.trunkUntil = trunkUntil
    self.agent = agent
  }
  public static let free = CapacityFacts()
}

/// What is true of a lead at one moment, as far as the gates ask. Plain words: no reference is kept or counted.
@frozen public struct LeadFacts: Sendable {
  public var record: LeadRecord
  public var list: ListFacts
  public var live: LiveFlags
  /// One bit a phone: that number has a call or a reservation, in any campaign.
  public var livePhones: UInt8
  /// One bit a phone: the tenant's or the campaign's do-not-call list has the number or a prefix of it.
  public var doNotCallPhones: UInt8
  /// One bit a phone: not a number that can be dialled.
  public var invalidPhones: UInt8
  /// Whether the list's filter takes the lead; true without a filter.
  public var filterTakes: Bool
  public var callback: CallbackFacts?
  /// The one phone that a command or a callback asks for, by index; -1 = as the strategy says.
  public var requestedPhone: Int8
  public var capacity: CapacityFacts
  /// Whether an agent is there for this call before it is made, so that it cannot be abandoned for want of one: in
  /// `preview` and `manual`, and in `progressive`, where each line has an agent of its own.
  public var agentInHand: Bool

  @inlinable public init(
    record: LeadRecord, list: ListFacts = ListFacts(), live: LiveFlags = [], livePhones: UInt8 = 0,
    doNotCallPhones: UInt8 = 0, invalidPhones: UInt8 = 0, filterTakes: Bool = true, callback: CallbackFacts? = nil,
    requestedPhone: Int8 = -1, capacity: CapacityFacts = CapacityFacts(), agentInHand: Bool = false
  ) {
    self.record = record
    self.list = list
    self.live = live
    self.livePhones = livePhones
    self.doNotCallPhones = doNotCallPhones
    self.invalidPhones = invalidPhones
    self.filterTakes = filterTakes
    self.callback = callback
    self.requestedPhone = requestedPhone
    self.capacity = capacity
    self.agentInHand = agentInHand
  }
}
