import ControlProtocol
import DialerModel

/// One call of a method on its way through the engine.
struct Command {
  let request: EngineRequest
  var parameters: Parameters { request.parameters }
  var peer: Peer { request.peer }
  var token: RequestToken { request.token }
  var isDryRun: Bool { parameters.isDryRun }
}

/// What a method has to say at the end of its turn.
enum Answer {
  case done(JSON)
  /// It answers itself, in a later turn.
  case later
}

typealias Handler = @Sendable (Engine, Command) throws(RequestError) -> Answer

extension Engine {
  /// Every method of the method table that the engine answers; a test holds the two together. `rpc.discover` and
  /// `event.subscribe` are the host's.
  public static let handledMethods: [String] = handlers.keys.sorted()

  private static let handlers: [String: Handler] = [
    "daemon.status": { (engine, command) throws(RequestError) in .done(engine.statusReport(command.peer)) },
    "daemon.metrics": { (engine, command) throws(RequestError) in
      .done(["openMetrics": .string(engine.openMetrics(command.peer))])
    },
    "daemon.reload": { (engine, command) throws(RequestError) in engine.readConfiguration(command) },
    "daemon.backup": { (engine, command) throws(RequestError) in try engine.backup(command) },
    "campaign.create": { (engine, command) throws(RequestError) in try engine.createCampaign(command) },
    "campaign.update": { (engine, command) throws(RequestError) in try engine.updateCampaign(command) },
    "campaign.get": { (engine, command) throws(RequestError) in
      .done(engine.campaignReport(try engine.campaign(of: command)))
    },
    "campaign.list": { (engine, command) throws(RequestError) in engine.listCampaigns(command) },
    "campaign.delete": { (engine, command) throws(RequestError) in try engine.deleteCampaign(command) },
    "campaign.start": { (engine, command) throws(RequestError) in try engine.setCampaignState(command, .running) },
    "campaign.pause": { (engine, command) throws(RequestError) in try engine.setCampaignState(command, .paused) },
    "campaign.stop": { (engine, command) throws(RequestError) in try engine.setCampaignState(command, .stopped) },
    "campaign.assignList": { (engine, command) throws(RequestError) in try engine.assignList(command) },
    "campaign.unassignList": { (engine, command) throws(RequestError) in try engine.unassignList(command) },
    "campaign.setLists": { (engine, command) throws(RequestError) in try engine.setLists(command) },
    "campaign.lists": { (engine, command) throws(RequestError) in
      .done(engine.listsReport(try engine.campaign(of: command)))
    },
    "campaign.explain": { (engine, command) throws(RequestError) in try engine.explainCampaign(command) },
    "campaign.forecast": { (engine, command) throws(RequestError) in try engine.forecastCampaign(command) },
    "campaign.stats": { (engine, command) throws(RequestError) in try engine.campaignStatistics(command) },
    "list.create": { (engine, command) throws(RequestError) in try engine.createList(command) },
    "list.update": { (engine, command) throws(RequestError) in try engine.updateList(command) },
    "list.get": { (engine, command) throws(RequestError) in try engine.getList(command) },
    "list.list": { (engine, command) throws(RequestError) in engine.listLists(command) },
    "list.delete": { (engine, command) throws(RequestError) in try engine.deleteList(command) },
    "list.reset": { (engine, command) throws(RequestError) in try engine.resetList(command) },
    "strategy.put": { (engine, command) throws(RequestError) in try engine.putStrategy(command) },
    "strategy.get": { (engine, command) throws(RequestError) in try engine.getStrategy(command) },
    "strategy.list": { (engine, _) throws(RequestError) in engine.listStrategies() },
    "strategy.delete": { (engine, command) throws(RequestError) in try engine.deleteStrategy(command) },
    "callingHours.put": { (engine, command) throws(RequestError) in try engine.putCallingHours(command) },
    "callingHours.get": { (engine, command) throws(RequestError) in try engine.getCallingHours(command) },
    "callingHours.show": { (engine, command) throws(RequestError) in try engine.showCallingHours(command) },
    "callingHours.list": { (engine, _) throws(RequestError) in engine.listCallingHours() },
    "callingHours.delete": { (engine, command) throws(RequestError) in try engine.deleteCallingHours(command) },
    "lead.add": { (engine, command) throws(RequestError) in try engine.addLead(command) },
    "lead.update": { (engine, command) throws(RequestError) in try engine.updateLead(command) },
    "lead.get": { (engine, command) throws(RequestError) in try engine.getLead(command) },
    "lead.find": { (engine, command) throws(RequestError) in try engine.findLeads(command) },
    "lead.duplicate": { (engine, command) throws(RequestError) in try engine.duplicateLead(command) },
    "lead.archive": { (engine, command) throws(RequestError) in try engine.archiveLeads(command, archived: true) },
    "lead.restore": { (engine, command) throws(RequestError) in try engine.archiveLeads(command, archived: false) },
    "contact.get": { (engine, command) throws(RequestError) in try engine.getContact(command) },
    "segment.put": { (engine, command) throws(RequestError) in try engine.putSegment(command) },
    "segment.get": { (engine, command) throws(RequestError) in try engine.getSegment(command) },
    "segment.list": { (engine, command) throws(RequestError) in try engine.listSegments(command) },
    "segment.delete": { (engine, command) throws(RequestError) in try engine.deleteSegment(command) },
    "field.put": { (engine, command) throws(RequestError) in try engine.putFieldRule(command) },
    "field.list": { (engine, command) throws(RequestError) in try engine.listFieldRules(command) },
    "field.delete": { (engine, command) throws(RequestError) in try engine.deleteFieldRule(command) },
    "lead.delete": { (engine, command) throws(RequestError) in try engine.deleteLeads(command) },
    "lead.move": { (engine, command) throws(RequestError) in try engine.moveLeads(command) },
    "lead.setStatus": { (engine, command) throws(RequestError) in try engine.setLeadStatus(command) },
    "lead.dial": { (engine, command) throws(RequestError) in try engine.dialLead(command) },
    "lead.next": { (engine, command) throws(RequestError) in try engine.nextLead(command) },
    "lead.release": { (engine, command) throws(RequestError) in try engine.releaseLead(command) },
    "lead.explain": { (engine, command) throws(RequestError) in try engine.explainLead(command) },
    "lead.history": { (engine, command) throws(RequestError) in try engine.leadHistory(command) },
    "lead.schedule": { (engine, command) throws(RequestError) in try engine.scheduleLead(command) },
    "lead.unschedule": { (engine, command) throws(RequestError) in try engine.unscheduleLead(command) },
    "import.open": { (engine, command) throws(RequestError) in try engine.openImport(command) },
    "import.write": { (engine, command) throws(RequestError) in
      if let numbers = engine.numberImport(command) { return try engine.writeNumberImport(numbers, command) }
      return try engine.writeImport(command)
    },
    "import.preview": { (engine, command) throws(RequestError) in try engine.previewImport(command) },
    "import.download": { (engine, command) throws(RequestError) in try engine.downloadImport(command) },
    "import.edit": { (engine, command) throws(RequestError) in try engine.editImport(command) },
    "import.drop": { (engine, command) throws(RequestError) in try engine.dropFromImport(command) },
    "import.commit": { (engine, command) throws(RequestError) in
      if let numbers = engine.numberImport(command) { return try engine.commitNumberImport(numbers, command) }
      return try engine.commitImport(command)
    },
    "import.cancel": { (engine, command) throws(RequestError) in
      if let numbers = engine.numberImport(command) { return try engine.cancelNumberImport(numbers, command) }
      return try engine.cancelImport(command)
    },
    "import.status": { (engine, command) throws(RequestError) in
      if let numbers = engine.numberImport(command) { return engine.numberImportStatus(numbers, command) }
      return try engine.importStatus(command)
    },
    "import.list": { (engine, command) throws(RequestError) in engine.listImports(command) },
    "template.put": { (engine, command) throws(RequestError) in try engine.putTemplate(command) },
    "template.get": { (engine, command) throws(RequestError) in try engine.getTemplate(command) },
    "template.list": { (engine, command) throws(RequestError) in engine.listTemplates(command) },
    "template.delete": { (engine, command) throws(RequestError) in try engine.deleteTemplate(command) },
    "call.list": { (engine, command) throws(RequestError) in try engine.listCalls(command) },
    "call.note": { (engine, command) throws(RequestError) in try engine.noteCall(command) },
    "call.hangup": { (engine, command) throws(RequestError) in try engine.hangUpCall(command) },
    "call.wrap": { (engine, command) throws(RequestError) in try engine.wrapCall(command) },
    "agent.login": { (engine, command) throws(RequestError) in try engine.loginAgent(command) },
    "agent.logout": { (engine, command) throws(RequestError) in try engine.logoutAgent(command) },
    "agent.setState": { (engine, command) throws(RequestError) in try engine.setAgentState(command) },
    "agent.list": { (engine, command) throws(RequestError) in try engine.listAgents(command) },
    "dnc.add": { (engine, command) throws(RequestError) in try engine.changeDoNotCall(command, adds: true) },
    "dnc.remove": { (engine, command) throws(RequestError) in try engine.changeDoNotCall(command, adds: false) },
    "dnc.import": { (engine, command) throws(RequestError) in try engine.openNumberImport(command) },
    "dnc.check": { (engine, command) throws(RequestError) in try engine.checkDoNotCall(command) },
    "evidence.verify": { (engine, command) throws(RequestError) in try engine.verifyEvidence(command) },
    "evidence.export": { (engine, command) throws(RequestError) in try engine.exportEvidence(command) },
    "report.calls": { (engine, command) throws(RequestError) in try engine.reportCalls(command) },
  ]

  func handle(_ request: EngineRequest) {
    counters.requests += 1
    let command = Command(request: request)
    do throws(RequestError) {
      guard let handler = Self.handlers[request.method] else {
        throw .internalError("The daemon does not answer \(request.method).")
      }
      if request.changes, !command.isDryRun {
        guard isWritable else {
          throw .unavailable("store-not-writable", "The database cannot be written now; nothing was changed.")
        }
        guard !isRepeat(command) else { return }
      }
      switch try handler(self, command) {
      case .done(let result): finish(command, .success(result))
      case .later: break
      }
    } catch {
      finish(command, .failure(error))
    }
  }
}

// MARK: - What is named

extension Engine {
  /// Whether a peer that is bound to a tenant may see something of this one.
  func sees(_ peer: Peer, _ tenant: TenantID) -> Bool { peer.tenant == nil || peer.tenant == tenant }

  func campaign(of command: Command) throws(RequestError) -> CampaignRuntime {
    try campaign(try command.parameters.campaignID(), command.peer)
  }

  func campaign(_ id: CampaignID, _ peer: Peer) throws(RequestError) -> CampaignRuntime {
    guard let found = campaigns[id], sees(peer, found.campaign.tenant) else {
      throw .notFound("campaign", .string(id.rawValue))
    }
    return found
  }

  func list(_ id: ListID, _ peer: Peer) throws(RequestError) -> LeadList {
    guard let found = lists[id], sees(peer, found.tenant) else { throw .notFound("list", JSON(id.rawValue)) }
    return found
  }

  /// The one lead that `leadID`, or `vendorLeadCode` and perhaps `listID`, names.
  func lead(of parameters: Parameters, _ peer: Peer) throws(RequestError) -> LeadRecord {
    if let id = parameters.optionalLeadID() {
      guard let record = leads.record(id), lists[record.listID] != nil, sees(peer, tenant(of: record)) else {
        throw .notFound("lead", JSON(id.rawValue))
      }
      return record
    }
    let code = try parameters.text("vendorLeadCode")
    let list = parameters.optionalListID()
    let found = leads.leads(withCode: code).compactMap { leads.record($0) }
      .filter { lists[$0.listID] != nil && sees(peer, tenant(of: $0)) && (list == nil || $0.listID == list) }
    // Archived leads are not meant where others are there.
    let open = found.filter { !$0.state.archived }
    if open.count == 1 { return open[0] }
    guard let first = found.first else { throw .notFound("lead", .string(code)) }
    guard found.count == 1 else { throw .ambiguous(vendorLeadCode: code, leadIDs: found.map(\.leadID)) }
    return first
  }

  func tenant(of record: LeadRecord) -> TenantID { lists[record.listID]?.tenant ?? .standard }

  /// The tenant that something new belongs to.
  func tenant(for command: Command) throws(RequestError) -> TenantID {
    let named = command.parameters.optionalText("tenant").map { TenantID($0) }
    guard let bound = command.peer.tenant else { return named ?? .standard }
    guard named == nil || named == bound else {
      throw .notPermitted(command.peer.role, command.request.method, needs: .admin, parameter: "tenant")
    }
    return bound
  }

  func checkTimeZone(_ name: String, _ field: String) throws(RequestError) {
    guard settings.timeZones.zone(named: name) == nil else { return }
    throw .invalidParams(
      field: field, value: .string(name), accepted: ["an IANA zone name, such as Australia/Sydney"],
      message: "\(field): there is no time zone of this name in the tz database \(settings.timeZones.version).")
  }

  func checkRegion(_ region: String, _ field: String) throws(RequestError) {
    guard !settings.numberingPlan.regions.contains(region) else { return }
    throw .invalidParams(
      field: field, value: .string(region), accepted: ["an ISO 3166-1 code, such as AU"],
      message: "\(field): the numbering plan has no region of this code.")
  }

  func phone(_ text: String, region: String?, _ field: String) throws(RequestError) -> PhoneNumber {
    switch settings.numberingPlan.parse(text, region: region) {
    case .success(let phone): return phone
    case .failure(let fault):
      throw .invalidParams(
        field: field, value: .string(text), accepted: ["a telephone number, such as +61291234567"],
        message: "\(field): \(fault.message)")
    }
  }
}

// MARK: - For the host

extension Engine {
  public var liveCallCount: Int { calls.count }

  public func hasCampaign(_ id: CampaignID, for peer: Peer) -> Bool {
    campaigns[id].map { sees(peer, $0.campaign.tenant) } ?? false
  }

  /// Whether an event is about something that a peer that is bound to a tenant may see.
  public func concerns(_ event: JournalEvent, _ peer: Peer) -> Bool {
    guard let tenant = peer.tenant else { return true }
    if let campaign = event.campaignID.flatMap({ campaigns[$0] }) { return campaign.campaign.tenant == tenant }
    if let list = event.listID.flatMap({ lists[$0] }) { return list.tenant == tenant }
    switch event.type {
    case .trunkState, .configReloaded: return true
    default: break
    }
    // What names neither, or what is gone, says itself whom it concerns.
    let members = (try? JSON(parsing: Array("{".utf8) + event.members + Array("}".utf8))) ?? .null
    if let named = members["tenant"]?.stringValue { return named == tenant.rawValue }
    if event.type == .dncChanged { return event.campaignID == nil }
    return members["campaignIDs"]?.arrayValue?.contains { id in
      id.stringValue.flatMap { campaigns[CampaignID($0)] }?.campaign.tenant == tenant
    } ?? false
  }

  /// Running campaigns with the words that their agents may wrap with, for a simulator that brings agents along.
  public func campaignsToStaff() -> [(id: CampaignID, wrapCodes: [String])] {
    campaignOrder.filter { $0.isRunning && $0.reservesAgents }
      .map { ($0.id, $0.campaign.wrapCodes.filter { !$0.callback }.map(\.code)) }
  }
}
