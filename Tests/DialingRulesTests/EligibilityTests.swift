import DialerModel
import DialingRules
import Testing

@Suite("Gates") struct EligibilityTests {
  private let now = Builders.at("2026-11-20T14:00:00.000Z")
  private let millisecond = Interval(milliseconds: 1)

  private func verdict(
    _ lead: LeadFacts, _ rules: CampaignRules = Builders.rules(), history: ListedAttempts = ListedAttempts([]),
    limits: [TimedLimit] = [], at moment: Instant? = nil, override: GateSet = []
  ) -> Verdict {
    let moment = moment ?? now
    let status = HoursStatus(open: true, asOf: moment, until: .distantFuture)
    return Eligibility.verdict(
      of: lead, under: rules, hours: KnownHours(status, limits: limits), history: history, at: moment,
      override: override)
  }

  @Test("a new lead in a running campaign passes every gate and its first phone is dialled")
  func passes() {
    let verdict = verdict(LeadFacts(record: Builders.record()))
    #expect(verdict.passes && verdict.failing.isEmpty && !verdict.exhausted)
    #expect(verdict.phoneIndex == 0 && verdict.phone?.e164 == "+12125550101")
    for gate in Gate.allCases { #expect(verdict.until(gate) == nil) }
  }

  @Test("every gate that fails is named, not the first alone")
  func allAtOnce() {
    var lead = LeadFacts(record: Builders.record(status: "DNC", calledCount: 5))
    lead.list = ListFacts(toDial: false)
    lead.live = [.person]
    lead.doNotCallPhones = 1
    lead.filterTakes = false
    lead.record.state.retryAt = now + millisecond
    lead.capacity = CapacityFacts(trunk: false, agent: false)
    let rules = Builders.rules(
      state: .paused, limits: [AttemptLimit(count: 1, window: .hours(1))], gap: .hours(1), calledCountLimit: 5)
    let closed = KnownHours(HoursStatus(open: false, asOf: now, until: now + .hours(1)))
    let verdict = Eligibility.verdict(
      of: lead, under: rules, hours: closed, history: ListedAttempts(at: [now - .minutes(10)]), at: now)
    for gate in Gate.allCases { #expect(verdict.failing.contains(gate), "\(gate.word)") }
    #expect(verdict.failing.first == .campaignRunning && verdict.exhausted && !verdict.passes)
    #expect(verdict.until(.campaignRunning) == .onChange)
    #expect(verdict.until(.status) == .never)
    #expect(verdict.until(.callingHours) == .at(now + .hours(1)))
    #expect(verdict.until(.attemptLimits) == .at(now + .minutes(50)))
    #expect(verdict.until(.minimumGap) == .at(now + .minutes(50)))
    #expect(verdict.until(.retryTime) == .at(now + millisecond))
    #expect(verdict.until(.trunkCapacity) == .onChange)
  }

  @Test(
    "a campaign that is paused or stopped stops its leads until somebody starts it", arguments: CampaignState.allCases)
  func campaignState(state: CampaignState) {
    let verdict = verdict(LeadFacts(record: Builders.record()), Builders.rules(state: state))
    #expect(verdict.failing.contains(.campaignRunning) == (state != .running))
    #expect(!verdict.exhausted)
  }

  @Test(
    "a list that is inactive, not assigned, not to dial or expired is not dialled",
    arguments: [
      (ListFacts(), true), (ListFacts(active: false), false), (ListFacts(assigned: false), false),
      (ListFacts(toDial: false), false),
      (ListFacts(expiresAt: Builders.at("2026-11-20T14:00:00.001Z")), true),
      (ListFacts(expiresAt: Builders.at("2026-11-20T14:00:00.000Z")), false),
    ])
  func list(facts: ListFacts, passes: Bool) {
    let verdict = verdict(LeadFacts(record: Builders.record(), list: facts))
    #expect(verdict.failing == (passes ? [] : GateSet(.listToDial)))
  }

  @Test(
    "the status gate",
    arguments: [
      ("NEW", true, false), ("NA", true, false), ("DNC", false, true), ("DNCL", false, true), ("DUP", false, true),
      ("QUEUE", false, false), ("RING", false, false), ("INCALL", false, false), ("CALLBK", true, false),
    ])
  func status(code: String, passes: Bool, forGood: Bool) {
    let verdict = verdict(LeadFacts(record: Builders.record(status: code)))
    #expect(verdict.failing == (passes ? [] : GateSet(.status)))
    #expect(verdict.exhausted == forGood)
  }

  @Test("completed and archived leads are exhausted, and the strategy's dialable statuses narrow the gate")
  func completedAndDialable() {
    var completed = LeadFacts(record: Builders.record())
    completed.record.state.completed = true
    var archived = LeadFacts(record: Builders.record())
    archived.record.state.archived = true
    for lead in [completed, archived] { #expect(verdict(lead).until(.status) == .never) }
    var strategy = Strategy.standard
    strategy.dialable = ["NA", "AB"]
    let rules = Builders.rules(strategy: strategy)
    #expect(verdict(LeadFacts(record: Builders.record(status: "NA")), rules).passes)
    #expect(verdict(LeadFacts(record: Builders.record(status: "NEW")), rules).failing == GateSet(.status))
  }

  @Test("a call of the lead, its person or the number that would be dialled stops it; one of another phone does not")
  func live() {
    let record = Builders.record(phones: ["+12125550101", "+12125550102"])
    for flags in [LiveFlags.lead, .reserved, .person] {
      #expect(verdict(LeadFacts(record: record, live: flags)).until(.notLive) == .onChange)
    }
    #expect(verdict(LeadFacts(record: record, livePhones: 1)).failing == GateSet(.notLive))
    #expect(verdict(LeadFacts(record: record, livePhones: 2)).passes)
  }

  @Test(
    "the first phone of the order, from the cursor on, that is valid, not spent and not listed is dialled",
    arguments: [
      (0, 0, 0, 0, 0), (1, 0, 0, 0, 2), (2, 0, 0, 0, 2), (3, 0, 0, 0, 0), (0, 1, 0, 0, 2), (0, 0, 1, 0, 2),
      (0, 0, 0, 1, 2), (0, 1, 4, 0, -1), (1, 4, 0, 0, 0), (7, 0, 0, 0, 2),
    ])
  func phoneChoice(cursor: Int, spent: Int, invalid: Int, listed: Int, expected: Int) {
    // phone1 and phone3 are there; five places in the order.
    var record = Builders.record(phones: ["+12125550101", nil, "+12125550103"])
    record.state.phoneCursor = UInt8(cursor)
    record.state.spentPhones = UInt8(spent)
    // A cursor past the end goes around.
    let lead = LeadFacts(record: record, doNotCallPhones: UInt8(listed), invalidPhones: UInt8(invalid))
    var strategy = Strategy.standard
    strategy.phoneOrder = cursor == 7 ? [0, 3, 2] : [0, 1, 2]
    let verdict = verdict(lead, Builders.rules(strategy: strategy))
    #expect(verdict.phoneIndex == expected)
    #expect(verdict.failing == (expected < 0 ? GateSet(.callablePhone) : []))
  }

  @Test("only when every phone that is left is on a do-not-call list do both phone gates fail")
  func doNotCall() {
    let record = Builders.record(phones: ["+12125550101", "+12125550102"])
    #expect(verdict(LeadFacts(record: record, doNotCallPhones: 1)).phoneIndex == 1)
    let listed = verdict(LeadFacts(record: record, doNotCallPhones: 3))
    #expect(listed.failing == [GateSet(.callablePhone), GateSet(.doNotCall)] && listed.exhausted)
    #expect(listed.phone == nil && listed.judgedPhoneIndex == 0)
    var spent = record
    spent.state.spentPhones = 2
    #expect(
      verdict(LeadFacts(record: spent, doNotCallPhones: 1)).failing == [GateSet(.callablePhone), GateSet(.doNotCall)])
    #expect(verdict(LeadFacts(record: Builders.record(phones: []))).failing == GateSet(.callablePhone))
  }

  @Test("a phone that is asked for is the only one that counts")
  func requestedPhone() {
    let record = Builders.record(phones: ["+12125550101", "+12125550102"])
    #expect(verdict(LeadFacts(record: record, requestedPhone: 1)).phoneIndex == 1)
    #expect(verdict(LeadFacts(record: record, requestedPhone: 3)).failing == GateSet(.callablePhone))
    let listed = verdict(LeadFacts(record: record, doNotCallPhones: 2, requestedPhone: 1))
    #expect(listed.failing == [GateSet(.callablePhone), GateSet(.doNotCall)])
  }

  @Test("an override lets gates pass, and they are reported all the same")
  func override() {
    let lead = LeadFacts(record: Builders.record(calledCount: 3), doNotCallPhones: 1)
    let rules = Builders.rules(calledCountLimit: 3)
    let some = verdict(lead, rules, override: GateSet(.calledCountLimit))
    #expect(!some.passes && some.overridden == GateSet(.calledCountLimit))
    let all = verdict(lead, rules, override: [GateSet(.calledCountLimit), GateSet(.doNotCall)])
    #expect(all.passes && all.phoneIndex == 0 && !all.exhausted)
    #expect(all.failing == [GateSet(.callablePhone), GateSet(.doNotCall), GateSet(.calledCountLimit)])
    #expect(all.overridden == all.failing)
  }

  @Test("the lower of the campaign's and the strategy's called-count limit holds")
  func calledCount() {
    var strategy = Strategy.standard
    strategy.calledCountLimit = 4
    for (count, campaign, passes) in [(4, 5, false), (3, 5, true), (2, 2, false), (1, 2, true)] {
      let rules = Builders.rules(calledCountLimit: campaign, strategy: strategy)
      let verdict = verdict(LeadFacts(record: Builders.record(calledCount: UInt16(count))), rules)
      #expect(verdict.passes == passes && verdict.exhausted == !passes)
    }
    #expect(verdict(LeadFacts(record: Builders.record(calledCount: .max))).passes)
  }

  @Test("an attempt limit passes at the millisecond at which the oldest counted attempt leaves the window")
  func attemptLimit() {
    let first = now - .hours(24)
    let history = ListedAttempts(at: [first, now - .hours(1), now - .hours(2)])
    let rules = Builders.rules(limits: [AttemptLimit(count: 3, window: .hours(24))])
    let lead = LeadFacts(record: Builders.record())
    #expect(verdict(lead, rules, history: history).passes)
    let before = verdict(lead, rules, history: history, at: now - millisecond)
    #expect(before.failing == GateSet(.attemptLimits) && before.until(.attemptLimits) == .at(now) && !before.exhausted)
  }

  @Test("limits count attempts or answers, to the phone, the lead or the person")
  func limitScopes() {
    var entries = [ListedAttempts.Entry(at: now - .hours(1))]
    entries.append(.init(at: now - .hours(2), phone: 12_125_550_199, answered: true, byThisLead: false))
    let lead = LeadFacts(record: Builders.record())
    let history = ListedAttempts(entries)
    func passes(_ count: Int, _ scope: AttemptLimit.Scope, _ counts: AttemptLimit.Counted) -> Bool {
      let limit = AttemptLimit(count: count, window: .hours(24), scope: scope, counts: counts)
      return verdict(lead, Builders.rules(limits: [limit]), history: history).passes
    }
    #expect(!passes(2, .person, .attempts) && passes(3, .person, .attempts))
    #expect(!passes(1, .lead, .attempts) && passes(2, .lead, .attempts))
    #expect(!passes(1, .phone, .attempts) && passes(2, .phone, .attempts))
    #expect(!passes(1, .person, .answers) && passes(1, .lead, .answers) && passes(1, .phone, .answers))
  }

  @Test("a region's limit counts while its dates hold, and no longer stops a dial when they end")
  func regionalLimit() {
    let limit = AttemptLimit(count: 1, window: .hours(24))
    let lead = LeadFacts(record: Builders.record())
    let history = ListedAttempts(at: [now - .hours(1)])
    func verdict(from: Instant, until: Instant) -> Verdict {
      let timed = TimedLimit(limit: limit, from: from, until: until)
      return self.verdict(lead, history: history, limits: [timed])
    }
    #expect(verdict(from: now + millisecond, until: .distantFuture).passes)
    #expect(verdict(from: now, until: .distantFuture).until(.attemptLimits) == .at(now + .hours(23)))
    #expect(verdict(from: now, until: now + .hours(2)).until(.attemptLimits) == .at(now + .hours(2)))
    #expect(verdict(from: .distantPast, until: now).passes)
  }

  @Test("the minimum gap passes when it is exactly over")
  func minimumGap() {
    let rules = Builders.rules(gap: .minutes(30))
    let lead = LeadFacts(record: Builders.record())
    #expect(verdict(lead, rules, history: ListedAttempts(at: [now - .minutes(30)])).passes)
    let early = verdict(lead, rules, history: ListedAttempts(at: [now - .minutes(30) + millisecond]))
    #expect(early.failing == GateSet(.minimumGap) && early.until(.minimumGap) == .at(now + millisecond))
  }

  @Test("the retry time passes when it has come, and never once the retries have ended")
  func retryTime() {
    var lead = LeadFacts(record: Builders.record())
    lead.record.state.retryAt = now
    #expect(verdict(lead).passes)
    lead.record.state.retryAt = now + millisecond
    #expect(verdict(lead).until(.retryTime) == .at(now + millisecond))
    lead.record.state.retryAt = .distantFuture
    #expect(verdict(lead).until(.retryTime) == .never && verdict(lead).exhausted)
  }

  @Test("a callback goes before the retry rule, and waits for its agent until the agreed end")
  func callbacks() {
    var lead = LeadFacts(record: Builders.record(status: "CALLBK"))
    lead.record.state.retryAt = .distantFuture
    lead.callback = CallbackFacts(at: now)
    #expect(verdict(lead).passes)
    lead.callback = CallbackFacts(at: now + millisecond)
    #expect(verdict(lead).until(.retryTime) == .at(now + millisecond))
    lead.callback = CallbackFacts(at: now - .hours(1), until: now + millisecond, waitsForAgent: true)
    #expect(verdict(lead).until(.retryTime) == .at(now + millisecond))
    lead.callback = CallbackFacts(at: now - .hours(1), until: now, waitsForAgent: true)
    #expect(verdict(lead).passes)
    lead.callback = CallbackFacts(at: now - .hours(1), waitsForAgent: true)
    #expect(verdict(lead).until(.retryTime) == .onChange && !verdict(lead).exhausted)
    lead.callback = CallbackFacts(at: now - .hours(1), until: now, waitsForAgent: true, then: .missed)
    #expect(verdict(lead).until(.retryTime) == .never)
  }

  @Test("want of a trunk or an agent pauses the campaign and disqualifies no lead")
  func capacity() {
    let lead = LeadFacts(
      record: Builders.record(), capacity: CapacityFacts(trunk: false, trunkUntil: now + .seconds(1), agent: false))
    let verdict = verdict(lead)
    #expect(verdict.failing == .capacity && !verdict.passes && verdict.passes(ignoring: .capacity))
    #expect(verdict.until(.trunkCapacity) == .at(now + .seconds(1)) && verdict.until(.agentAvailable) == .onChange)
  }
}
