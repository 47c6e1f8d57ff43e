import DialerModel
import DialingRules
import Testing

@Suite("Explanations") struct ExplanationTests {
  private let now = Builders.at("2026-11-20T13:12:00Z")

  private func explain(
    _ lead: LeadFacts, _ rules: CampaignRules = Builders.rules(), history: ListedAttempts = ListedAttempts([]),
    override: GateSet = []
  ) throws -> Explanation {
    let set = Builders.hours(
      weekly: Builders.everyDay("08:00-21:00"),
      regions: ["US-AL": RegionRules(weekly: Builders.everyDay("08:00-20:00"), source: "s")])
    let compiled = CompiledHours(set)
    let profile = compiled.profile(zones: [try Builders.zone("America/Chicago")], country: "US", state: "AL")
    return Explanation(
      of: lead, under: rules, hours: ProfileHours(compiled, profile), history: history, at: now,
      names: .init(campaign: "spring", list: "list 4", callingHours: "us-federal"), override: override)
  }

  @Test("every gate is explained, in order, whether it passes or not")
  func allGates() throws {
    let explanation = try explain(LeadFacts(record: Builders.record()))
    #expect(explanation.gates.map(\.gate) == Gate.allCases)
    for gate in explanation.gates {
      #expect(!gate.detail.isEmpty, "\(gate.gate.word)")
      #expect(gate.passes == (gate.until == nil))
    }
    #expect(explanation.gates.filter { !$0.passes }.map(\.gate) == [.callingHours])
    #expect(explanation.nextEligibleAt == Builders.at("2026-11-20T14:00:00Z"))
  }

  @Test("the words name the values that were compared")
  func words() throws {
    var lead = LeadFacts(
      record: Builders.record(phones: ["+12125550101", "+12125550102"], status: "AB", calledCount: 3),
      doNotCallPhones: 1)
    lead.record.state.retryAt = Builders.at("2026-11-20T15:00:00Z")
    lead.record.state.lastOutcome = .busy
    let rules = Builders.rules(
      limits: [AttemptLimit(count: 3, window: .hours(24), scope: .person)], gap: .minutes(90), calledCountLimit: 5)
    let history = ListedAttempts(at: [now - .hours(1), now - .hours(25)])
    let explanation = try explain(lead, rules, history: history)
    let details = Dictionary(uniqueKeysWithValues: explanation.gates.map { ($0.gate, $0.detail) })
    #expect(details[.campaignRunning] == "spring is running")
    #expect(details[.listToDial] == "list 4 is active and marked to dial")
    #expect(details[.status] == "status AB (Busy)")
    #expect(details[.callablePhone] == "phone2 +12125550102 is next, phone1 on a do-not-call list")
    #expect(details[.calledCountLimit] == "called 3 of at most 5")
    #expect(
      details[.callingHours]
        == "local time 07:12 Friday in America/Chicago; opens 08:00 (us-federal)")
    #expect(details[.attemptLimits] == "1 of at most 3 attempts to the person in 24 h")
    #expect(
      details[.minimumGap] == "last attempt to this person 2026-11-20T12:12:00.000Z, at least 90 min ago is asked for")
    #expect(details[.retryTime] == "after busy: not before 2026-11-20T15:00:00.000Z")
    #expect(explanation.nextEligibleAt == Builders.at("2026-11-20T15:00:00Z"))
  }

  @Test("a gate that an override disregards says so")
  func override() throws {
    let lead = LeadFacts(record: Builders.record(calledCount: 5))
    let explanation = try explain(lead, Builders.rules(calledCountLimit: 5), override: GateSet(.calledCountLimit))
    let gate = explanation.gates[Int(Gate.calledCountLimit.rawValue)]
    #expect(!gate.passes && gate.overridden && gate.until == .never)
  }
}
