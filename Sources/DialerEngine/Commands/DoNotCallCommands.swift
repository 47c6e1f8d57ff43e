import ControlProtocol
import DialerModel
import PhoneNumbers

/// Numbers and prefixes that are not to be called. An added one holds for the very next claim, and for every attempt
/// that is claimed and not yet on the wire.
extension Engine {
  func changeDoNotCall(_ command: Command, adds: Bool) throws(RequestError) -> Answer {
    let entries = try entries(command)
    let changed = entries.filter { doNotCall.contains($0) != adds }
    let unchanged = entries.count - changed.count
    let reply: JSON =
      adds
      ? ["added": JSON(changed.count), "present": JSON(unchanged)]
      : ["removed": JSON(changed.count), "absent": JSON(unchanged)]
    guard !command.isDryRun, !changed.isEmpty else { return .done(reply) }
    for entry in changed {
      if adds { doNotCall.add(entry) } else { doNotCall.remove(entry) }
    }
    output.transaction.changes.append(
      adds
        ? .addDoNotCall(changed, reason: command.parameters.optionalText("reason"), at: now.wall)
        : .removeDoNotCall(changed))
    sayChanged(changed, adds: adds)
    if adds { withdraw() }
    reconsider(changed)
    return .done(reply)
  }

  private func sayChanged(_ entries: [DoNotCallEntry], adds: Bool) {
    guard let scope = entries.first?.scope else { return }
    sayDoNotCallChanged(scope) { writer in
      writer.member(adds ? "added" : "removed", Int64(entries.count))
      if entries.count == 1, let only = entries.first { writer.member("phone", Self.text(of: only)) }
    }
  }

  /// The event says whose list it is: the campaign's, the tenant's or, without either, everyone's.
  func sayDoNotCallChanged(_ scope: DoNotCallScope, members: @escaping (inout JSONWriter) -> Void) {
    var campaign: CampaignID?
    if case .campaign(let id) = scope { campaign = id }
    emit(.dncChanged, campaign: campaign) { writer in
      members(&writer)
      if case .tenant(let tenant) = scope { writer.member("tenant", tenant.rawValue) }
    }
  }

  /// One number, after a wrap code that says so.
  func forbid(_ phone: PhoneNumber, _ tenant: TenantID) {
    let entry = DoNotCallEntry(scope: .tenant(tenant), digits: phone.digits, isPrefix: false)
    guard doNotCall.add(entry) else { return }
    output.transaction.changes.append(.addDoNotCall([entry], reason: "wrap code", at: now.wall))
    sayChanged([entry], adds: true)
    reconsider([entry])
  }

  /// Calls that are claimed and that no trunk has been told of yet are not placed: their order to dial is taken out of
  /// the turn. What was told already is hung up if it has not been answered.
  func withdraw() {
    for id in calls.keys.sorted() {
      guard let call = calls[id], call.phase < .ringing,
        doNotCall.forbids(call.attempt.phone, tenant: call.attempt.tenant, campaign: call.attempt.campaignID)
      else { continue }
      withdrawn.insert(call.attempt.callID)
      hangUp(call, .ordered)
    }
  }

  /// Asked by the host right before an order to dial leaves.
  public func mayStillDial(_ callID: CallID) -> Bool { !withdrawn.contains(callID) }

  /// Leads with these numbers stand elsewhere now. Those that a prefix takes are looked up in the store; until then the
  /// claim's own look at the list keeps them from being dialled.
  private func reconsider(_ entries: [DoNotCallEntry]) {
    lookAnew(at: entries.filter { !$0.isPrefix }.flatMap { leads.leads(with: PhoneNumber(digits: $0.digits)) })
    let prefixes = entries.filter(\.isPrefix)
    guard !prefixes.isEmpty else { return }
    standingPasses += 1
    ask(.leadIDsByPhone(prefixes)) { [self] answer in
      guard case .leadIDs(let ids) = answer else {
        // Nobody may be left out whom the list forbids no more.
        standingPasses -= 1
        return jobs.append(StandingPass(of: campaignOrder, self))
      }
      jobs.append(RefreshJob(leads: ids))
    }
  }

  func checkDoNotCall(_ command: Command) throws(RequestError) -> Answer {
    let isNamed = command.parameters.isPresent("tenant") || command.peer.tenant != nil
    let tenant = isNamed ? try tenant(for: command) : nil
    var campaign: CampaignRuntime?
    if command.parameters.isPresent("campaignID") { campaign = try self.campaign(of: command) }
    var verdicts: [JSON] = []
    for (place, text) in try command.parameters.strings("phones").enumerated() {
      let number = try phone(text, region: settings.defaultRegion, "phones[\(place)]")
      let entry = doNotCall.entry(
        forbidding: number, tenant: tenant ?? campaign?.campaign.tenant ?? .standard, campaign: campaign?.id)
      var verdict: JSONObject = ["phone": .string(number.e164), "listed": .bool(entry != nil)]
      verdict.append("by", ifPresent: entry.map { .string(Self.text(of: $0)) })
      verdict.append("scope", ifPresent: entry.map { .string(Self.word(of: $0.scope)) })
      verdicts.append(.object(verdict))
    }
    return .done(["phones": .array(verdicts)])
  }

  private func entries(_ command: Command) throws(RequestError) -> [DoNotCallEntry] {
    let scope = try scope(of: command)
    var entries: [DoNotCallEntry] = []
    var seen: Set<DoNotCallEntry> = []
    for (place, text) in try command.parameters.strings("phones").enumerated() {
      let entry = try entry(text, scope, "phones[\(place)]")
      if seen.insert(entry).inserted { entries.append(entry) }
    }
    return entries
  }

  func scope(of command: Command) throws(RequestError) -> DoNotCallScope {
    if command.parameters.isPresent("campaignID") { return .campaign(try campaign(of: command).id) }
    if command.parameters.isPresent("tenant") || command.peer.tenant != nil { return .tenant(try tenant(for: command)) }
    return .everyone
  }

  private func entry(_ text: String, _ scope: DoNotCallScope, _ field: String) throws(RequestError) -> DoNotCallEntry {
    guard text.hasSuffix("*") else {
      let number = try phone(text, region: settings.defaultRegion, field)
      return DoNotCallEntry(scope: scope, digits: number.digits, isPrefix: false)
    }
    guard let prefix = PhonePrefix.digits(text.utf8) else {
      throw .invalidParams(
        field: field, value: .string(text), accepted: ["+ and 1 to 15 digits, then *, such as +61298*"],
        message: "\(field): \(PhonePrefix.accepted).")
    }
    return DoNotCallEntry(scope: scope, digits: prefix, isPrefix: true)
  }

  private static func text(of entry: DoNotCallEntry) -> String { "+\(entry.digits)\(entry.isPrefix ? "*" : "")" }

  private static func word(of scope: DoNotCallScope) -> String {
    switch scope {
    case .everyone: "everyone"
    case .tenant(let tenant): "tenant \(tenant)"
    case .campaign(let campaign): "campaign \(campaign)"
    }
  }
}

/// Leads whose places are looked at anew: a short prefix takes millions of them. Whoever starts it counts it to the passes
/// under way.
private final class RefreshJob: EngineJob {
  let writes = false
  private let leads: [LeadID]
  private var place = 0

  init(leads: [LeadID]) { self.leads = leads }

  func step(_ engine: Engine) -> Bool {
    let end = min(place + Engine.Bounds.indexed, leads.count)
    for lead in leads[place..<end] { engine.refresh(lead) }
    place = end
    if place == leads.count { engine.standingPasses -= 1 }
    return place == leads.count
  }
}
