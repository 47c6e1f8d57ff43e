/// What happens to a lead after an outcome.
public struct RetryRule: Hashable, Codable, Sendable {
  public var outcome: Outcome
  /// 0 to 366 days.
  public var after: Interval
  /// How often a lead comes back after this outcome, 1 to 255; nil = without limit (the called count still limits).
  public var limit: Int?
  /// The next attempt goes to the next phone of the phone order.
  public var nextPhone: Bool
  /// The next phone is dialled at once, without the wait.
  public var dialNow: Bool
  /// 0 to 15: ahead of others of its list when it comes back, the higher the further.
  public var priority: Int
  /// Its wait ends when the campaign is started.
  public var recycleOnStart: Bool

  public init(
    outcome: Outcome, after: Interval, limit: Int? = nil, nextPhone: Bool = false, dialNow: Bool = false,
    priority: Int = 0, recycleOnStart: Bool = false
  ) {
    self.outcome = outcome
    self.after = after
    self.limit = limit
    self.nextPhone = nextPhone
    self.dialNow = dialNow
    self.priority = priority
    self.recycleOnStart = recycleOnStart
  }
}

/// Whether the next phone is for the next attempt, or follows within the same turn of the lead.
public enum PhonePolicy: String, CaseIterable, Codable, Sendable {
  case nextAttempt = "next-attempt"
  case sameAttempt = "same-attempt"
}

/// How a list is worked through: order, phones, retries.
public struct Strategy: Hashable, Codable, Sendable {
  public var strategyID: StrategyID
  public var name: String
  /// Up to four of `attempts lastAttempt rank entered leadID random phone`, each with `-` for descending.
  public var order: [String]
  /// Each Nth pick is a lead that was never called; nil = off.
  public var newEvery: Int?
  /// Indices of phones (0 is `phone1`), in the order in which they are tried.
  public var phoneOrder: [Int]
  public var phonePolicy: PhonePolicy
  public var calledCountLimit: Int?
  public var retries: [RetryRule]
  /// Status codes; empty = every status that the status gate lets pass.
  public var dialable: [String]
  public var completeAfter: [Outcome]

  public init(
    strategyID: StrategyID, name: String, order: [String] = ["attempts", "lastAttempt", "leadID"],
    newEvery: Int? = nil, phoneOrder: [Int] = [0, 1, 2, 3, 4], phonePolicy: PhonePolicy = .nextAttempt,
    calledCountLimit: Int? = nil, retries: [RetryRule] = Strategy.standardRetries, dialable: [String] = [],
    completeAfter: [Outcome] = [.answered, .connected]
  ) {
    self.strategyID = strategyID
    self.name = name
    self.order = order
    self.newEvery = newEvery
    self.phoneOrder = phoneOrder
    self.phonePolicy = phonePolicy
    self.calledCountLimit = calledCountLimit
    self.retries = retries
    self.dialable = dialable
    self.completeAfter = completeAfter
  }

  public func retry(after outcome: Outcome) -> RetryRule? { retries.first { $0.outcome == outcome } }

  /// The defaults of the design page on selection, section "Strategy".
  public static let standardRetries: [RetryRule] = [
    RetryRule(outcome: .busy, after: .minutes(15), limit: 5),
    RetryRule(outcome: .noAnswer, after: .hours(4), limit: 8),
    RetryRule(outcome: .machine, after: .hours(6), limit: 6),
    RetryRule(outcome: .congestion, after: .hours(1)),
    RetryRule(outcome: .refused, after: .hours(24), limit: 3),
    RetryRule(outcome: .failed, after: .hours(1), limit: 3),
    RetryRule(outcome: .cancelled, after: .minutes(15)),
    RetryRule(outcome: .disconnected, after: .zero, nextPhone: true),
    RetryRule(outcome: .fax, after: .zero, nextPhone: true),
    RetryRule(outcome: .dropped, after: .hours(72)),
    RetryRule(outcome: .unknown, after: .hours(4)),
  ]

  public static let standard = Strategy(strategyID: .standard, name: "Standard")
}

extension StrategyID {
  /// Exists in a new database.
  public static let standard = StrategyID(rawValue: "standard")
}
