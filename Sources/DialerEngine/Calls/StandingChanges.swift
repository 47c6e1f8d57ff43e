import DialerModel
import LeadSelection

/// What calls to one lead mean for where others stand, and leads that are to be looked at anew for it.
extension Engine {
  /// Others looked at in the course of a call; more are left to the turns.
  private static let relatedAtOnce = 16
  /// Leads looked at anew in a turn: two milliseconds.
  private static let lookedAtInTurn = 2_000
  /// … and before an answer about where leads stand.
  private static let lookedAtForAnswer = 5_000

  /// Whether every lead is counted where judging it now would have it.
  var standsAsJudged: Bool { stale.isEmpty && standingPasses == 0 && !awaitsHistory }

  /// A call to the lead, or a reservation, begins.
  func noteRelated(_ lead: LeadID) {
    guard leads.isRelated(lead) else { return }
    stale.forgetCrowds(unlessOf: leads.keyEdition)
    lookAnew(at: leads.related(to: lead, notOf: &stale.crowds))
  }

  func lookAnew(at found: [LeadID]) {
    if found.count > Self.relatedAtOnce {
      for lead in found { stale.add(lead) }
    } else {
      for lead in found { look(at: lead) }
    }
  }

  private func look(at lead: LeadID) {
    refresh(lead)
    guard let listID = leads.listID(lead) else { return }
    for campaign in campaignOrder {
      if let list = campaign.assigned[listID] { announceExhaustion(of: list, ifParked: lead, in: campaign) }
    }
  }

  /// What is to happen for the lead to stand otherwise, beside what the index waits for.
  func expect(_ standing: Standing, of lead: LeadID, in campaign: CampaignRuntime) {
    if let key = standing.waitsFor { locks.wait(lead, for: key) }
    if let moment = standing.changesAt { standingChanges.set(lead, at: moment) }
    // What stood against it may stand against it no more.
    if standing.cause == .callback, callbacks.tryAgain(lead, campaign.id) { campaign.wakes(at: now.monotonic) }
  }

  /// A bounded number of leads that are to be looked at anew.
  func lookAtStale() { lookAtStale(atMost: Self.lookedAtInTurn) }

  /// Brings the counts of a campaign to this moment, as far as an answer may take.
  func catchUpStandings(of campaign: CampaignRuntime) {
    // A list that is found to be exhausted says so, which has to be kept.
    if isWritable { lookAtStale(atMost: Self.lookedAtForAnswer) }
    beginRules(of: campaign)
    catchUp(campaign)
  }

  /// Where a rule of the campaign's hours begins to hold, its leads are looked at anew.
  func beginRules(of campaign: CampaignRuntime) {
    guard campaign.nextRule <= now.wall else { return }
    campaign.findNextRule(after: now.wall)
    jobs.append(StandingPass(of: [campaign], self))
  }

  private func lookAtStale(atMost most: Int) {
    while let lead = standingChanges.pop(dueAt: now.wall) { stale.add(lead) }
    for _ in 0..<most {
      guard let lead = stale.next() else { return }
      look(at: lead)
    }
  }
}

/// Leads that are to be looked at anew, each once, in the order in which they came.
struct StaleLeads {
  private var queue: [LeadID] = []
  private var taken = 0
  private var members: Set<LeadID> = []
  /// Very many leads with one key that are all here.
  var crowds = LeadTable.SeenCrowds()
  private var crowdsEdition = 0

  var isEmpty: Bool { members.isEmpty }

  mutating func add(_ lead: LeadID) { if members.insert(lead).inserted { queue.append(lead) } }

  /// - Parameter edition: of the leads' keys. With one that has changed since a lead may belong to a crowd and not be here.
  mutating func forgetCrowds(unlessOf edition: Int) {
    guard crowdsEdition != edition else { return }
    crowdsEdition = edition
    crowds = LeadTable.SeenCrowds()
  }

  mutating func next() -> LeadID? {
    guard taken < queue.count else { return nil }
    crowds = LeadTable.SeenCrowds()
    let lead = queue[taken]
    taken += 1
    members.remove(lead)
    if taken == queue.count || taken == 10_000 {
      queue.removeFirst(taken)
      taken = 0
    }
    return lead
  }
}
