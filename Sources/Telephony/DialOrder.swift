import DialerModel

/// One call that a trunk is to make. It is given only after the attempt is durable under this ``callID``.
public struct DialOrder: Hashable, Sendable {
  /// The exchange's name for the call as well; never used twice.
  public var callID: CallID
  public var number: PhoneNumber
  /// Nil = the trunk's own.
  public var callerID: String?
  /// From the dial to giving up, 5 to 120 seconds; the trunk, not the engine, ends the call then.
  public var ringTimeout: Interval
  public var campaignID: CampaignID
  /// False in broadcast campaigns: nobody connects, a person who answers hears a message and the call ends.
  public var expectsAgent: Bool

  public init(
    callID: CallID, number: PhoneNumber, callerID: String? = nil, ringTimeout: Interval = .seconds(28),
    campaignID: CampaignID, expectsAgent: Bool = true
  ) {
    self.callID = callID
    self.number = number
    self.callerID = callerID
    self.ringTimeout = ringTimeout
    self.campaignID = campaignID
    self.expectsAgent = expectsAgent
  }
}
