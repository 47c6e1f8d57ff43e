import ControlProtocol
import DialerModel
import LeadStore

/// What has been: calls, statistics, the daemon's own state.
extension Engine {
  func leadHistory(_ command: Command) throws(RequestError) -> Answer {
    let record = try lead(of: command.parameters, command.peer)
    var filter = AttemptFilter()
    filter.leadID = record.leadID
    return reportAttempts(command, filter, limit: 1000)
  }

  func reportCalls(_ command: Command) throws(RequestError) -> Answer {
    var filter = AttemptFilter()
    filter.tenant = command.peer.tenant
    if let asked = command.parameters.optionalObject("filter") {
      filter.leadID = asked.optionalLeadID()
      filter.vendorLeadCode = asked.optionalText("vendorLeadCode")
      filter.callID = asked.optionalText("callID").map { CallID($0) }
      filter.listID = asked.optionalListID()
      filter.campaignID = asked.optionalText("campaignID").map { CampaignID($0) }
      filter.agentID = asked.optionalText("agentID").map { AgentID($0) }
      filter.outcome = asked.optionalText("outcome").flatMap(Outcome.init(word:))
      filter.since = asked.optionalInstant("since")
      filter.until = asked.optionalInstant("until")
      if let text = asked.optionalText("phone") {
        filter.phone = try phone(text, region: settings.defaultRegion, "filter.phone")
      }
    }
    return reportAttempts(command, filter, limit: Int(command.parameters.optionalInteger("limit") ?? 100))
  }

  private func reportAttempts(_ command: Command, _ filter: AttemptFilter, limit: Int) -> Answer {
    let withEvidence = command.parameters.optionalBoolean("evidence") ?? false
    let cursor = command.parameters.optionalText("cursor")
    ask(.attempts(filter, limit: limit, cursor: cursor, evidence: withEvidence)) { [self] answer in
      guard case .attempts(let found, let next) = answer else { return answerFailed(command, answer) }
      let forms = found.map { attempt in
        let live = calls[attempt.attemptID]
        return AttemptForm.json(
          live.map { withStored(attempt, $0) } ?? attempt, live: live, leadDeleted: leads.record(attempt.leadID) == nil,
          withEvidence: withEvidence)
      }
      var result: JSONObject = ["attempts": .array(forms)]
      result.append("nextCursor", ifPresent: next.map { .string($0) })
      finish(command, .success(.object(result)))
    }
    return .later
  }

  /// A live call as it stands, with the evidence that only the store keeps.
  private func withStored(_ stored: Attempt, _ call: LiveCall) -> Attempt {
    var attempt = call.attempt
    attempt.evidence = stored.evidence
    return attempt
  }

  func campaignStatistics(_ command: Command) throws(RequestError) -> Answer {
    let runtime = try campaign(of: command)
    let since = command.parameters.optionalInstant("since")
    ask(.campaignStatistics(runtime.id, since: since)) { [self] answer in
      guard case .statistics(let counted) = answer else { return answerFailed(command, answer) }
      var form = counted.objectValue ?? JSONObject()
      form.append("campaignID", .string(runtime.id.rawValue))
      form.append("liveCalls", JSON(runtime.liveCalls))
      form.append("answersToday", JSON(runtime.answersToday))
      form.append("abandonedToday", JSON(runtime.abandonedToday))
      form.append("shares", listsReport(runtime)["lists"] ?? .array([]))
      finish(command, .success(.object(form)))
    }
    return .later
  }

  func backup(_ command: Command) throws(RequestError) -> Answer {
    let path = try command.parameters.text("path")
    guard let directory = settings.backupDirectories.first(where: { BackupPath.isInside(path, $0) }) else {
      throw command.parameters.invalid(
        "path", accepted: settings.backupDirectories.map { $0 + "/NAME" },
        settings.backupDirectories.isEmpty
          ? "path: the configuration names no directory for backups (backups.directories)."
          : "path: a backup goes into a directory that the configuration names.")
    }
    if command.isDryRun { return .done(["path": .string(path), "directory": .string(directory)]) }
    ask(.backup(path: path)) { [self] answer in
      guard case .done(let result) = answer else { return answerFailed(command, answer) }
      writeLog(.notice, "backup.made", [("path", .text(path))])
      finish(command, .success(result))
    }
    return .later
  }

  // MARK: - daemon.status, daemon.metrics

  func statusReport(_ peer: Peer) -> JSON {
    let seen = Seen(self, peer)
    return [
      "version": .string(settings.version), "pid": JSON(settings.processID), "startedAt": JSON(startedAt),
      "uptimeSeconds": JSON(now.wall - startedAt), "databasePath": .string(settings.databasePath),
      "leads": JSON(seen.leads), "lists": JSON(seen.lists), "campaigns": JSON(seen.campaigns.count),
      "liveCalls": JSON(seen.calls), "lastEvent": JSON(nextSeq - 1),
      "timeZoneData": .string(settings.timeZones.version),
      "storeWritable": .bool(isWritable), "draining": .bool(isDraining), "agents": JSON(seen.agents),
      "trunks": .array(
        trunks.map { trunk in
          [
            "name": .string(trunk.settings.name.rawValue), "kind": .string(trunk.settings.kind),
            "state": .string(trunk.state.word), "liveCalls": JSON(trunk.liveCalls),
            "maximumCalls": JSON(trunk.settings.maximumCalls), "callsPerSecond": JSON(trunk.settings.callsPerSecond),
          ]
        }),
    ]
  }

  /// OpenMetrics 1.0 text.
  func openMetrics(_ peer: Peer) -> String {
    let seen = Seen(self, peer)
    var text = ""
    func gauge(_ name: String, _ help: String, _ samples: [(labels: String, value: String)]) {
      text += "# TYPE dialerd_\(name) gauge\n# HELP dialerd_\(name) \(help)\n"
      for sample in samples { text += "dialerd_\(name)\(sample.labels) \(sample.value)\n" }
    }
    func counter(_ name: String, _ help: String, _ samples: [(labels: String, value: Int64)]) {
      text += "# TYPE dialerd_\(name) counter\n# HELP dialerd_\(name) \(help)\n"
      for sample in samples { text += "dialerd_\(name)_total\(sample.labels) \(sample.value)\n" }
    }
    gauge("leads", "Leads in memory.", [("", "\(seen.leads)")])
    gauge("live_calls", "Calls that have not ended.", [("", "\(seen.calls)")])
    gauge("agents", "Agents logged in.", [("", "\(seen.agents)")])
    gauge("store_writable", "1 when the database can be written.", [("", isWritable ? "1" : "0")])
    gauge(
      "trunk_up", "1 when the trunk is up.",
      trunks.map { ("{trunk=\"\(Self.label($0.settings.name.rawValue))\"}", $0.state == .up ? "1" : "0") })
    gauge(
      "campaign_dialable_leads", "Leads that could be dialled now.",
      seen.campaigns.map { campaign in
        let open = campaign.assigned.values.reduce(0) { $0 + campaign.index.counts($1.slot).readyOpen }
        return ("{campaign=\"\(Self.label(campaign.id.rawValue))\"}", "\(open)")
      })
    counter("claims", "Attempts claimed since the start.", [("", counters.claims)])
    counter("claims_rejected", "Leads that the index offered and a gate stopped.", [("", counters.rejectedClaims)])
    counter("requests", "Calls of methods.", [("", counters.requests)])
    counter("events", "Events in the journal.", [("", nextSeq - 1)])
    counter(
      "attempts_ended", "Attempts ended since the start, by outcome.",
      Outcome.allCases.map { ("{outcome=\"\($0.word)\"}", counters.ended[Int($0.rawValue)]) })
    return text + "# EOF\n"
  }

  private static func label(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}

/// How much there is for a peer: one that is bound to a tenant has only what is that tenant's.
private struct Seen {
  var leads: Int
  var lists: Int
  var campaigns: [CampaignRuntime]
  var calls: Int
  var agents: Int

  init(_ engine: Engine, _ peer: Peer) {
    guard let tenant = peer.tenant else {
      leads = engine.leads.count
      lists = engine.lists.count
      campaigns = engine.campaignOrder
      calls = engine.calls.count
      agents = engine.agents.count
      return
    }
    let own = engine.lists.values.filter { $0.tenant == tenant }
    leads = own.reduce(0) { $0 + engine.leads.countByList[$1.listID] }
    lists = own.count
    campaigns = engine.campaignOrder.filter { $0.campaign.tenant == tenant }
    calls = campaigns.reduce(0) { $0 + $1.liveCalls }
    agents = engine.agents.values.count { engine.sees(peer, $0) }
  }
}

/// Whether a path that a client names lies in a configured directory: compared as text, without `..`, so that no link
/// has to be followed here.
enum BackupPath {
  static func isInside(_ path: String, _ directory: String) -> Bool {
    guard path.hasPrefix("/"), !path.split(separator: "/").contains("..") else { return false }
    let base = directory.hasSuffix("/") ? directory : directory + "/"
    return path.hasPrefix(base) && path.utf8.count > base.utf8.count
  }
}
