import DialerModel

/// What a strategy says about leads that were called, made ready to be asked by outcome.
public struct RetryRules: Sendable {
  /// By ``Outcome/rawValue``: the strategy's or, for an outcome that it does not name, the standard one.
  private let rules: [RetryRule?]
  /// One bit an outcome.
  private let completing: UInt32
  let phoneOrder: PhoneOrder
  let phonePolicy: PhonePolicy

  public init(_ strategy: Strategy) {
    rules = Outcome.allCases.map { outcome in
      strategy.retry(after: outcome) ?? Strategy.standardRetries.first { $0.outcome == outcome }
    }
    completing = strategy.completeAfter.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
    phoneOrder = PhoneOrder(strategy.phoneOrder)
    phonePolicy = strategy.phonePolicy
  }

  public func rule(after outcome: Outcome) -> RetryRule? { rules[Int(outcome.rawValue)] }
  public func completes(after outcome: Outcome) -> Bool { completing & 1 << UInt32(outcome.rawValue) != 0 }
}
