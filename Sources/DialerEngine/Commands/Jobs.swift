import ControlProtocol
import DialerModel
import DialingRules

/// `list.reset`: a bounded piece a turn, so that no call waits for a long list.
final class ResetJob: EngineJob {
  var writes: Bool { !command.isDryRun }
  private let list: ListID
  private let command: Command
  /// Nil = every lead of the list.
  private let chosen: [LeadID]?
  private var place = 0
  private var walk = LeadWalk()
  private var reset = 0
  private var dialable = 0
  private var limited = 0

  init(list: ListID, leads: [LeadID]?, command: Command) {
    self.list = list
    chosen = leads
    self.command = command
  }

  func step(_ engine: Engine) -> Bool {
    var states: [(LeadID, LeadState)] = []
    for lead in piece(engine) {
      guard let record = engine.leads.record(lead), record.listID == list else { continue }
      let state = RetryDecision.reset(record.state)
      guard state != record.state else { continue }
      states.append((lead, state))
      reset += 1
      judge(lead, state, engine)
    }
    if !command.isDryRun, !states.isEmpty {
      engine.output.transaction.changes.append(.setLeadStates(states))
      engine.output.transaction.changes.append(.setUpdated(states.map(\.0), at: engine.now.wall))
    }
    guard chosen.map({ place == $0.count }) ?? walk.isOver else { return false }
    if !command.isDryRun {
      engine.emit(.leadUpdated, list: list) { [reset] writer in
        writer.member("count", Int64(reset))
        writer.member("change", "list.reset")
      }
    }
    engine.finish(
      command, .success(["reset": JSON(reset), "dialable": JSON(dialable), "limited": JSON(limited)]))
    return true
  }

  /// Applies the state, counts where the lead then stands, and takes it back in a dry run.
  private func judge(_ lead: LeadID, _ state: LeadState, _ engine: Engine) {
    guard let old = engine.leads.state(lead) else { return }
    engine.leads.setState(lead, state)
    if !command.isDryRun, state != old { engine.refresh(lead) }
    if let record = engine.leads.record(lead),
      let campaign = engine.campaignOrder.first(where: { $0.assigned[list] != nil }),
      let assigned = campaign.assigned[list]
    {
      let ignored: GateSet = [
        GateSet(.campaignRunning), GateSet(.listToDial), GateSet(.trunkCapacity), GateSet(.agentAvailable),
        GateSet(.callingHours), GateSet(.notLive),
      ]
      let keys = engine.personKeys(record, in: campaign)
      let verdict = engine.judge(record, assigned, in: campaign, locks: keys)
      if verdict.passes(ignoring: ignored) { dialable += 1 } else { limited += 1 }
    }
    if command.isDryRun { engine.leads.setState(lead, old) }
  }

  private func piece(_ engine: Engine) -> [LeadID] {
    let size = command.isDryRun ? Engine.Bounds.bulk : engine.bulkPiece
    guard let chosen else { return walk.piece(of: size, engine.leads) { $1 == list } }
    let start = place
    place = min(start + size, chosen.count)
    return Array(chosen[start..<place])
  }
}

/// `list.delete`: the leads of a list that is gone already.
final class DeleteListJob: EngineJob {
  let writes = true
  let list: ListID
  private let tenant: TenantID
  private let command: Command
  private var walk = LeadWalk()
  private var deleted = 0

  init(list: ListID, of tenant: TenantID, command: Command) {
    self.list = list
    self.tenant = tenant
    self.command = command
  }

  func step(_ engine: Engine) -> Bool {
    // What has to go out of the rows of open imports is written once for each of these.
    let size = engine.bulkPiece / max(1, engine.imports.openCount)
    let found = walk.piece(of: size, engine.leads) { $1 == list }
    engine.eraseStaged(found, of: tenant)
    for lead in found { engine.forget(lead) }
    if !found.isEmpty { engine.output.transaction.changes.append(.deleteLeads(found)) }
    deleted += found.count
    guard walk.isOver else { return false }
    engine.listsBeingDeleted.remove(list)
    engine.output.transaction.changes.append(.deleteList(list))
    engine.emit(.leadDeleted, list: list) { [deleted, tenant] writer in
      writer.member("count", Int64(deleted))
      // The list itself is gone.
      writer.member("tenant", tenant.rawValue)
    }
    engine.finish(command, .success(["deleted": 1, "leads": JSON(deleted)]))
    return true
  }
}

/// A command on the leads that a filter takes.
final class BulkJob: EngineJob {
  var writes: Bool { !command.isDryRun }
  /// The list that the leads go into; nil = each stays where it is.
  let target: ListID?
  private let leads: [LeadID]
  private let command: Command
  private var place = 0
  private var changed = 0
  /// Changes a piece of the leads; returns how many there were to change.
  private let change: (Engine, [LeadID]) -> Int
  /// The one event at the end.
  private let conclude: (Engine, Int) -> Void

  init(
    leads: [LeadID], into target: ListID?, command: Command, change: @escaping (Engine, [LeadID]) -> Int,
    conclude: @escaping (Engine, Int) -> Void
  ) {
    self.leads = leads
    self.target = target
    self.command = command
    self.change = change
    self.conclude = conclude
  }

  func step(_ engine: Engine) -> Bool {
    let end = min(place + (writes ? engine.bulkPiece : Engine.Bounds.bulk), leads.count)
    changed += change(engine, Array(leads[place..<end]))
    place = end
    guard place == leads.count else { return false }
    conclude(engine, changed)
    engine.finish(command, .success(["count": JSON(changed)]))
    return true
  }
}

/// At the start of a campaign: waits that the retry rule ends.
final class RecycleJob: EngineJob {
  let writes = true
  private let campaign: CampaignRuntime
  private let lists: Set<ListID>
  private var walk = LeadWalk()
  private var count = 0

  init(campaign: CampaignRuntime, lists: Set<ListID>) {
    self.campaign = campaign
    self.lists = lists
  }

  func step(_ engine: Engine) -> Bool {
    var states: [(LeadID, LeadState)] = []
    _ = walk.piece(of: engine.bulkPiece, engine.leads) { lead, listID in
      guard lists.contains(listID), let list = campaign.assigned[listID], let old = engine.leads.state(lead),
        old.wasAttempted, engine.callByLead[lead] == nil
      else { return false }
      let state = RetryDecision.recycledOnStart(old, list.retryRules)
      if state != old { states.append((lead, state)) }
      return state != old
    }
    for (lead, state) in states {
      engine.leads.setState(lead, state)
      engine.refresh(lead)
    }
    if !states.isEmpty { engine.output.transaction.changes.append(.setLeadStates(states)) }
    count += states.count
    guard walk.isOver else { return false }
    engine.writeLog(
      .notice, "campaign.recycled",
      [("campaign", .text(campaign.id.rawValue)), ("leads", .number(Int64(count)))])
    return true
  }
}
