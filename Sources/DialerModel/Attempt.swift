/// One dialling of one number, from its claim to its wrap.
public struct Attempt: Hashable, Sendable {
  public var attemptID: AttemptID
  public var callID: CallID
  public var leadID: LeadID
  public var vendorLeadCode: String?
  public var listID: ListID
  public var campaignID: CampaignID
  public var tenant: TenantID
  public var phone: PhoneNumber
  public var callerID: String?
  public var trunk: TrunkName
  public var agentID: AgentID?
  /// The claim.
  public var startedAt: Instant
  public var dialledAt: Instant?
  public var ringingAt: Instant?
  public var answeredAt: Instant?
  public var connectedAt: Instant?
  public var endedAt: Instant?
  public var outcome: Outcome?
  /// Q.850.
  public var cause: Int?
  public var counted: Bool
  public var wrapCode: String?
  public var notes: String?
  public var recording: String?
  /// JSON text; empty once it has gone to the store.
  public var evidence: [UInt8]

  public init(
    attemptID: AttemptID, callID: CallID, leadID: LeadID, vendorLeadCode: String?, listID: ListID,
    campaignID: CampaignID, tenant: TenantID, phone: PhoneNumber, callerID: String?, trunk: TrunkName,
    agentID: AgentID?, startedAt: Instant, evidence: [UInt8]
  ) {
    self.attemptID = attemptID
    self.callID = callID
    self.leadID = leadID
    self.vendorLeadCode = vendorLeadCode
    self.listID = listID
    self.campaignID = campaignID
    self.tenant = tenant
    self.phone = phone
    self.callerID = callerID
    self.trunk = trunk
    self.agentID = agentID
    self.startedAt = startedAt
    self.evidence = evidence
    counted = true
  }

  /// From the first ringing to the answer or the end; nil when it never rang.
  public var ringTime: Interval? {
    guard let ringingAt, let until = answeredAt ?? endedAt else { return nil }
    return until - ringingAt
  }
  /// From the connection (or, without agents, the answer) to the end; nil when nobody talked.
  public var talkTime: Interval? {
    guard let start = connectedAt ?? (outcome == .answered ? answeredAt : nil), let endedAt else { return nil }
    return endedAt - start
  }
}
