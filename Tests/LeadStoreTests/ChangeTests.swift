import DialerModel
import Testing

@testable import LeadStore

@Suite("What clients change")
struct ChangeTests {
  let fixture: Fixture
  let store: LeadStore

  init() throws {
    fixture = try Fixture()
    store = try fixture.open()
  }

  /// Commits, ends as a crash would, and gives what the next start finds.
  private func afterRestart(_ changes: [StoreChange]...) throws -> (Loaded, LeadStore) {
    for change in changes { try store.commit(Make.transaction(change)) }
    store.abandon()
    let again = try fixture.open()
    return (try Fixture.load(again), again)
  }

  @Test("a lead comes back with every field")
  func lead() throws {
    var lead = Make.lead(7, list: 3, phones: [1, 2, 3, 4, 5], zone: 65_535, rank: -5, place: .max, email: .max)
    lead.phones[2] = nil
    lead.zoneSource = .configuration
    lead.nameKey = 1
    lead.state = Make.state(called: 65_535, status: "ABCDEFGH")
    lead.state.retries = OutcomeCounts(low: .max, high: 1 << 40)
    lead.state.stage = .converted
    lead.state.completed = true
    lead.state.archived = true
    lead.state.spentPhones = 31
    lead.state.phoneCursor = 255
    lead.state.priority = 15
    lead.state.retryAt = .distantFuture
    var details = Make.details(
      first: "Ana", last: "Ó \"Núñez\"", email: "", owner: "o", custom: ["a": 1, "b": ["c": [true, nil]]])
    details.source = "web"
    details.postalCode = "2000"
    details.updatedAt = .start + .seconds(1)
    let (loaded, again) = try afterRestart([.addLead(lead, vendorLeadCode: "ünï", details: details)])
    #expect(loaded.leads == [LeadID(7): lead])
    #expect(loaded.codes == [LeadID(7): "ünï"])
    let stored = try #require(try again.makeReader().lead(LeadID(7)))
    #expect(stored.record == lead)
    #expect(stored.details == details)
    #expect(stored.vendorLeadCode == "ünï")
  }

  @Test("an update changes all of a lead but its state")
  func update() throws {
    var changed = Make.lead(1, list: 2, phones: [9], rank: 4)
    changed.state = Make.state(called: 9)
    let (loaded, again) = try afterRestart(
      [
        .addLead(Make.lead(1, email: 5), vendorLeadCode: "a", details: Make.details(first: "A")),
        .setLeadStates([(LeadID(1), Make.state(called: 2))]),
      ], [.updateLead(changed, vendorLeadCode: nil, details: Make.details(first: "B"))])
    changed.state = Make.state(called: 2)
    #expect(loaded.leads[LeadID(1)] == changed)
    #expect(loaded.codes.isEmpty)
    #expect(try again.makeReader().lead(LeadID(1))?.details.firstName == "B")
  }

  @Test("deleted leads are gone with their callbacks; their attempts stay, marked, and are found by either id")
  func deletion() throws {
    try store.commit(Make.leads(1...3))
    try store.commit(
      Make.transaction(
        [.putCallback(Callback(leadID: LeadID(2), campaignID: CampaignID("spring"), at: .start))],
        [Make.event(1, .attemptStarted, attempt: Make.attempt(1, lead: 2), state: Make.state(called: 1))]))
    try store.commit(Make.transaction([.deleteLeads([LeadID(2)])]))
    let (loaded, again) = try afterRestart()
    #expect(loaded.order == [LeadID(1), LeadID(3)])
    #expect(loaded.image.callbacks.isEmpty)
    let reader = try again.makeReader()
    #expect(try reader.lead(LeadID(2)) == nil)
    #expect(try reader.deletedVendorLeadCode(LeadID(2)) == "crm-2")
    var filter = AttemptFilter()
    filter.vendorLeadCode = "crm-2"
    #expect(try reader.report(filter, limit: 10).attempts.map(\.leadDeleted) == [true])
    #expect(try reader.history(LeadID(2)).map(\.attempt.attemptID) == [AttemptID(1)])
  }

  @Test("states, owner, rank and list of many leads at once")
  func many() throws {
    let ids = [LeadID(1), LeadID(3)]
    let (loaded, again) = try afterRestart(
      [.addLead(Make.lead(1), vendorLeadCode: nil, details: Make.details())],
      [.addLead(Make.lead(2), vendorLeadCode: nil, details: Make.details())],
      [.addLead(Make.lead(3), vendorLeadCode: nil, details: Make.details())],
      [
        .setLeadStates(ids.map { ($0, Make.state(called: 4)) }), .setOwner(ids, "kim"), .setRank(ids, 8),
        .moveLeads(ids, to: ListID(5), entered: .start + .hours(1)),
      ])
    let reader = try again.makeReader()
    for id in ids {
      let lead = try #require(loaded.leads[id])
      #expect(lead.state == Make.state(called: 4))
      #expect(lead.rank == 8)
      #expect(lead.listID == ListID(5))
      #expect(lead.entered == .start + .hours(1))
      #expect(try reader.lead(id)?.details.owner == "kim")
    }
    #expect(loaded.leads[LeadID(2)] == Make.lead(2))
    #expect(try reader.leadIDs(listID: ListID(5)) == ids)
  }

  @Test("a state that a client sets is not undone by an older event that had not been projected")
  func stateAfterEvent() throws {
    try store.commit(Make.leads(1...1))
    let attempt = Make.attempt(1)
    let started = Make.event(1, .attemptStarted, attempt: attempt, state: Make.state(called: 1))
    try store.commit(Make.transaction([], [started]))
    let (loaded, _) = try afterRestart([.setLeadStates([(LeadID(1), LeadState())])])
    #expect(loaded.leads[LeadID(1)]?.state == LeadState())
  }

  @Test("campaigns, lists, strategies, calling hours, agents and callbacks are put, put again and deleted")
  func configuration() throws {
    var campaign = Campaign(
      campaignID: CampaignID("c"), name: "C", callingHours: CallingHoursID("always"), createdAt: .start)
    campaign.lists = [ListAssignment(listID: ListID(1), filter: .compare(.rank, .gt, [.integer(3)]))]
    campaign.attemptLimits = [AttemptLimit(count: 2, window: .hours(24))]
    var list = LeadList(listID: ListID(1), name: "L", createdAt: .start)
    list.expiresAt = .start + .hours(5)
    list.active = false
    let strategy = Strategy(strategyID: StrategyID("s"), name: "S", newEvery: 3)
    var hours = CallingHours.usFederal
    hours.callingHoursID = CallingHoursID("h")
    hours.dates = [SpecialDate(rule: .easter(days: -2), name: "Good Friday")]
    let agent = Agent(agentID: AgentID("a"), campaignIDs: [CampaignID("c")], extension: "12", since: .start)
    let callback = Callback(
      leadID: LeadID(1), campaignID: CampaignID("c"), at: .start, then: .missed, agentID: AgentID("a"))
    let put: [StoreChange] = [
      .putCampaign(campaign), .putList(list), .putStrategy(strategy), .putCallingHours(hours), .putAgent(agent),
      .putCallback(callback),
    ]
    let (loaded, again) = try afterRestart(put, put)
    #expect(loaded.image.campaigns == [campaign])
    #expect(loaded.image.lists == [list])
    #expect(loaded.image.strategies == [strategy, .standard])
    #expect(loaded.image.callingHours == [.always, hours, .usFederal])
    #expect(loaded.image.agents == [agent])
    #expect(loaded.image.callbacks == [callback])

    try again.commit(
      Make.transaction([
        .deleteCallback(LeadID(1), CampaignID("c")), .deleteAgent(AgentID("a")),
        .deleteCallingHours(CallingHoursID("h")),
        .deleteStrategy(StrategyID("s")), .deleteList(ListID(1)), .deleteCampaign(CampaignID("c")),
      ]))
    let image = try Fixture.load(again).image
    #expect(image.campaigns.isEmpty && image.lists.isEmpty && image.agents.isEmpty && image.callbacks.isEmpty)
    #expect(image.strategies == [.standard])
    #expect(image.callingHours == [.always, .usFederal])
  }

  @Test("do-not-call entries keep their scope, and adding one twice or removing a missing one changes nothing")
  func doNotCall() throws {
    let entries = [
      DoNotCallEntry(scope: .everyone, digits: 61, isPrefix: true),
      DoNotCallEntry(scope: .everyone, digits: 61_200_000_001, isPrefix: false),
      DoNotCallEntry(scope: .tenant(TenantID("t")), digits: 5, isPrefix: false),
      DoNotCallEntry(scope: .campaign(CampaignID("c")), digits: 6, isPrefix: false),
    ]
    let (loaded, _) = try afterRestart(
      [.addDoNotCall(entries, reason: "asked", at: .start)], [.addDoNotCall(entries, reason: nil, at: .start)],
      [.removeDoNotCall([entries[2], DoNotCallEntry(scope: .everyone, digits: 7, isPrefix: false)])])
    #expect(Set(loaded.doNotCall) == Set([entries[0], entries[1], entries[3]]))
    #expect(loaded.doNotCall.count == 3)
  }

  @Test("a batch of an import goes beside what is there, and all of it comes back sorted")
  func doNotCallBatches() throws {
    let all = Array(UInt64(1)...40_000)
    func batch(_ digits: [UInt64], isPrefix: Bool = false) -> StoreChange {
      .addDoNotCallBatch(
        DoNotCallBatch(scope: .everyone, isPrefix: isPrefix, digits: digits), reason: nil, at: .start)
    }
    let (loaded, _) = try afterRestart(
      [batch(all.filter { $0 % 3 == 0 })], [batch(all)], [batch([61, 6129], isPrefix: true)])
    #expect(loaded.doNotCall.filter { !$0.isPrefix }.map(\.digits) == all)
    #expect(loaded.doNotCall.filter(\.isPrefix).map(\.digits) == [61, 6129])
  }

  @Test("zones, places and shares")
  func names() throws {
    let (loaded, _) = try afterRestart([
      .addZone(0, name: "Etc/UTC"), .addZone(1, name: "Asia/Tokyo"), .addPlace(1, region: "US", state: "FL"),
      .addPlace(2, region: "JP", state: nil),
      .setShares(CampaignID("c"), [ListShare(listID: ListID(1), lag: -7), ListShare(listID: ListID(2), lag: .max)]),
    ])
    #expect(loaded.image.zones.map(\.name) == ["Etc/UTC", "Asia/Tokyo"])
    #expect(loaded.image.places.map(\.state) == ["FL", nil])
    #expect(loaded.image.shares.map(\.campaignID) == [CampaignID("c")])
    #expect(loaded.image.shares.first?.shares.map(\.lag) == [-7, .max])
  }

  @Test("of shares in events and shares set without one, the later win", arguments: [true, false])
  func shares(setLater: Bool) throws {
    let set = Make.transaction([.setShares(CampaignID("c"), [ListShare(listID: ListID(1), lag: 1)])])
    var event = Make.event(1)
    event.campaignID = CampaignID("c")
    event.shares = [ListShare(listID: ListID(1), lag: 2)]
    let evented = Make.transaction([], [event])
    for transaction in setLater ? [evented, set] : [set, evented] { try store.commit(transaction) }
    let (loaded, _) = try afterRestart()
    #expect(loaded.image.shares.first?.shares.map(\.lag) == [setLater ? 1 : 2])
  }

  @Test("answers are remembered for 24 hours")
  func answers() throws {
    func answer(_ id: String, _ at: Instant) -> RememberedAnswer {
      RememberedAnswer(userID: .max, requestID: id, fingerprint: .max, answer: Array("{}".utf8), at: at)
    }
    var transaction = StoreTransaction()
    transaction.answers = [answer("old", .start), answer("new", .start + .hours(1))]
    try store.commit(transaction)
    store.abandon()
    let again = try fixture.open()
    #expect(
      try Fixture.load(again, now: .start + .hours(24)).image.rememberedAnswers == [answer("new", .start + .hours(1))])
    #expect(try Fixture.load(again, now: .start + .hours(23)).image.rememberedAnswers.count == 2)
    transaction.answers = [answer("later", .start + .hours(24) + .seconds(1))]
    try again.commit(transaction)
    #expect(try Fixture.load(again, now: .start).image.rememberedAnswers.map(\.requestID) == ["new", "later"])
  }
}
