/// Whose do-not-call list a number or prefix stands on.
public enum DoNotCallScope: Hashable, Sendable, Codable {
  case everyone
  case tenant(TenantID)
  case campaign(CampaignID)
}

/// One number, or all numbers that begin with these digits.
public struct DoNotCallEntry: Hashable, Sendable {
  public var scope: DoNotCallScope
  public var digits: UInt64
  public var isPrefix: Bool
  public init(scope: DoNotCallScope, digits: UInt64, isPrefix: Bool) {
    self.scope = scope
    self.digits = digits
    self.isPrefix = isPrefix
  }
}

/// The first answer to a request that carried a `requestID`, kept for 24 hours.
public struct RememberedAnswer: Hashable, Sendable {
  public var userID: UInt32
  public var requestID: String
  /// A hash of method and parameters: with others the same `requestID` is a conflict.
  public var fingerprint: UInt64
  /// The reply's `result` or `error` member as JSON text.
  public var answer: [UInt8]
  public var isError: Bool
  public var at: Instant
  /// Whose details the answer shows; when that lead is deleted for good, what is kept of the answer is that it is gone.
  public var leadID: LeadID?
  public init(
    userID: UInt32, requestID: String, fingerprint: UInt64, answer: [UInt8], isError: Bool = false, at: Instant
  ) {
    self.userID = userID
    self.requestID = requestID
    self.fingerprint = fingerprint
    self.answer = answer
    self.isError = isError
    self.at = at
  }
}

/// A lead with everything that is stored of it, to be added with many others.
public struct NewLead: Sendable, Hashable {
  public var record: LeadRecord
  public var vendorLeadCode: String?
  public var details: LeadDetails
  public init(record: LeadRecord, vendorLeadCode: String?, details: LeadDetails) {
    self.record = record
    self.vendorLeadCode = vendorLeadCode
    self.details = details
  }
}

/// A change that a client makes in what is stored, other than through the course of a call.
public enum StoreChange: Sendable {
  case addLead(LeadRecord, vendorLeadCode: String?, details: LeadDetails)
  /// Everything of the lead but its ``LeadState``.
  case updateLead(LeadRecord, vendorLeadCode: String?, details: LeadDetails)
  /// Gone for good, with `secure_delete` on; their attempts stay and are marked.
  case deleteLeads([LeadID])
  /// States of many leads at once (a bulk command has one event): brought into the projection in this transaction.
  case setLeadStates([(LeadID, LeadState)])
  case setOwner([LeadID], String?)
  case setRank([LeadID], Int32)
  case moveLeads([LeadID], to: ListID, entered: Instant)
  /// When a client last changed them.
  case setUpdated([LeadID], at: Instant)
  /// What people wrote of a call, and where its recording is: beside the journal, so that it can be taken out again.
  case putNotes(AttemptID, notes: String?, recording: String?)
  case putCampaign(Campaign)
  case deleteCampaign(CampaignID)
  case putList(LeadList)
  case deleteList(ListID)
  case putStrategy(Strategy)
  case deleteStrategy(StrategyID)
  case putCallingHours(CallingHours)
  case deleteCallingHours(CallingHoursID)
  case putSegment(Segment)
  case deleteSegment(TenantID, String)
  /// Ahead of a rule that makes a field unique: its values are gathered, piece by piece behind this transaction.
  case indexField(FilterField)
  case putFieldRule(FieldRule)
  case deleteFieldRule(TenantID, String)
  case putAgent(Agent)
  case deleteAgent(AgentID)
  case putCallback(Callback)
  case deleteCallback(LeadID, CampaignID)
  /// The lead goes out next in this campaign, behind those that do already.
  case queueNext(LeadID, CampaignID)
  case unqueueNext(LeadID, CampaignID)
  case addDoNotCall([DoNotCallEntry], reason: String?, at: Instant)
  /// An import's piece: what of it stands there already stays as it is.
  case addDoNotCallBatch(DoNotCallBatch, reason: String?, at: Instant)
  case removeDoNotCall([DoNotCallEntry])
  case putDoNotCallImport(DoNotCallImport)
  /// Only how far it has come.
  case setDoNotCallProgress(ImportID, applied: Int, added: Int)
  case deleteDoNotCallImport(ImportID)
  /// Leads of an import that is being committed.
  case addLeads([NewLead])
  /// So many ids from the first on are set aside: leads that are added with them are not there for anybody, also after a
  /// restart, until they are shown.
  case hideLeads(from: LeadID, count: Int)
  case showLeads
  /// Of the hidden ones, those of these ids: gone without a trace.
  case deleteHiddenLeads(from: LeadID, count: Int)
  case putImport(ImportRecord)
  case deleteImport(ImportID)
  case putTemplate(ImportTemplate)
  case deleteTemplate(String, TenantID)
  /// Rows of imports that have to go with a lead that is deleted in the same transaction.
  case putErasure(StagedErasure)
  case deleteErasure(Int)
  /// A zone name or a place that a lead uses for the first time.
  case addZone(UInt16, name: String)
  case addPlace(UInt32, region: String?, state: String?)
  /// Shares of a campaign's lists that changed without an event (a reservation given back).
  case setShares(CampaignID, [ListShare])
}

/// What one turn of the engine writes: all of it or nothing.
public struct StoreTransaction: Sendable {
  public var changes: [StoreChange] = []
  public var events: [JournalEvent] = []
  public var answers: [RememberedAnswer] = []
  public init() {}
  public var isEmpty: Bool { changes.isEmpty && events.isEmpty && answers.isEmpty }
}
