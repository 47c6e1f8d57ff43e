import DialerModel

/// What a campaign and the strategy of one of its lists ask of every lead, made ready to be compared.
public struct CampaignRules: Sendable {
  public var state: CampaignState
  public var isRunning: Bool
  /// The lower of the campaign's and the strategy's; `Int.max` = none.
  public var calledCountLimit: Int
  /// The campaign's; those of the rule set's regions come with the hours.
  public var attemptLimits: [AttemptLimit]
  /// Zero = none.
  public var minimumGap: Interval
  public var phoneOrder: PhoneOrder
  /// Empty = every status that the gate lets pass.
  public var dialable: [StatusCode]

  public init(campaign: Campaign, strategy: Strategy) {
    state = campaign.state
    isRunning = campaign.state == .running
    calledCountLimit = min(campaign.calledCountLimit ?? .max, strategy.calledCountLimit ?? .max)
    attemptLimits = campaign.attemptLimits
    minimumGap = campaign.minimumGap
    phoneOrder = PhoneOrder(strategy.phoneOrder)
    dialable = strategy.dialable.compactMap { StatusCode($0) }
  }
}

extension StatusCode {
  /// Claimed: belongs to an attempt with a deadline.
  public static let queue = StatusCode(packed: 0x51_5545_5545)
  public static let ring = StatusCode(packed: 0x5249_4E47)
  public static let inCall = StatusCode(packed: 0x494E_4341_4C4C)

  /// A status of a call that goes on; never a resting place.
  @inlinable public var isLive: Bool { self == .queue || self == .ring || self == .inCall }
  /// A status that only a person takes away again.
  @inlinable public var forbidsDialing: Bool { self == .dnc || self == .dncl || self == .dup }
}
