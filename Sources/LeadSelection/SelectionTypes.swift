import DialerModel

/// A list's place in one campaign's index. Given out by ``CampaignIndex/addList(_:weight:toDial:newEvery:)``, never
/// used again after the list is removed.
@frozen public struct ListSlot: Hashable, Comparable, Sendable {
  public let index: Int
  @inlinable init(_ index: Int) { self.index = index }
  @inlinable public static func < (left: ListSlot, right: ListSlot) -> Bool { left.index < right.index }
}

/// One lead of a bulk load. 32 bytes.
@frozen public struct LoadEntry: Sendable {
  public var key: SelectionKey
  public var profile: UInt32
  /// Never called.
  public var isFresh: Bool

  @inlinable public init(key: SelectionKey, profile: UInt32, isFresh: Bool) {
    self.key = key
    self.profile = profile
    self.isFresh = isFresh
  }
}

/// A lead taken by ``CampaignIndex/pick()``.
@frozen public struct Pick: Hashable, Sendable {
  public var list: ListSlot
  /// The profile under which it was ready.
  public var profile: UInt32
  public var key: SelectionKey
  /// It was ready as a lead that was never called.
  public var isFresh: Bool
  @inlinable public var lead: LeadID { key.lead }
}

/// What becomes of a lead whose waiting time is over.
public enum DueAnswer: Sendable {
  case ready(key: SelectionKey, profile: UInt32, isFresh: Bool)
  /// Not yet, after all. A time that is not after `now` counts as one millisecond after it.
  case waiting(until: Instant)
  /// It stays in the list and is not dialled.
  case parked
  case removed
}

/// Whether the leads of a zone and rule profile may be called, and until when that holds.
@frozen public struct ProfileState: Hashable, Sendable {
  public var isOpen: Bool
  /// `Instant.distantFuture`: for good.
  public var until: Instant
  @inlinable public init(isOpen: Bool, until: Instant) {
    self.isOpen = isOpen
    self.until = until
  }
}

/// How many leads of a list are where.
@frozen public struct ListCounts: Hashable, Sendable {
  /// Ready, in an open group.
  public var readyOpen = 0
  /// Ready, and their zone is closed.
  public var readyClosed = 0
  public var waiting = 0
  public var claimed = 0
  public var parked = 0
  public var total: Int { readyOpen + readyClosed + waiting + claimed + parked }
}

/// What is kept of one list over a restart, so that the choice of lists goes on as if nothing had happened.
public struct ListShareState: Hashable, Codable, Sendable {
  public var list: ListID
  /// It took part in the last choice.
  public var isActive: Bool
  /// The weight with which it did, and the sum of the weights of all that did.
  public var weight: Int
  public var totalWeight: Int
  /// Exact, in 1/(totalWeight·2^20) calls if active, else in 2^-32 calls. Below zero: it had more than its share.
  public var lag: Int64
  /// Calls given back and not yet made up for.
  public var credit: Int
  /// Counted picks, modulo `newEvery`.
  public var picksSinceNew: Int

  public init(
    list: ListID, isActive: Bool, weight: Int, totalWeight: Int, lag: Int64, credit: Int, picksSinceNew: Int
  ) {
    self.list = list
    self.isActive = isActive
    self.weight = weight
    self.totalWeight = totalWeight
    self.lag = lag
    self.credit = credit
    self.picksSinceNew = picksSinceNew
  }
}
