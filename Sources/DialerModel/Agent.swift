/// What an agent is doing.
public enum AgentState: String, CaseIterable, Codable, Sendable {
  case paused, ready, reserved, incall, wrapping
}

/// A person who takes calls, as the CRM reports them.
public struct Agent: Hashable, Codable, Sendable {
  public var agentID: AgentID
  public var campaignIDs: [CampaignID]
  public var `extension`: String?
  public var state: AgentState
  public var since: Instant
  public var reason: String?
  /// The last call that the agent was connected to: its wrap ends the wrap-up, also after a restart.
  public var lastCallID: CallID?
  public init(
    agentID: AgentID, campaignIDs: [CampaignID], extension: String? = nil, state: AgentState = .paused, since: Instant
  ) {
    self.agentID = agentID
    self.campaignIDs = campaignIDs
    self.extension = `extension`
    self.state = state
    self.since = since
  }
}

/// An agreed time to call a lead.
public struct Callback: Hashable, Codable, Sendable {
  public enum Then: String, CaseIterable, Codable, Sendable { case anyone, missed }
  public var leadID: LeadID
  public var campaignID: CampaignID
  public var at: Instant
  /// Until then it waits for its agent; nil = as long as it takes.
  public var until: Instant?
  /// What becomes of an agent's own callback after `until`.
  public var then: Then
  /// Nil = anyone.
  public var agentID: AgentID?
  public var phone: PhoneNumber?
  /// Whether `callback.due` has been sent.
  public var announced = false
  public init(
    leadID: LeadID, campaignID: CampaignID, at: Instant, until: Instant? = nil, then: Then = .anyone,
    agentID: AgentID? = nil, phone: PhoneNumber? = nil
  ) {
    self.leadID = leadID
    self.campaignID = campaignID
    self.at = at
    self.until = until
    self.then = then
    self.agentID = agentID
    self.phone = phone
  }
}

extension PhoneNumber: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(digits: try decoder.singleValueContainer().decode(UInt64.self))
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(digits)
  }
}
