import DialerEngine
import DialerModel
import DialingRules
import LeadStore
import TimeZones

/// An engine without a store, with leads under every kind of rule.
struct VerdictRun {
  private let engine: Engine
  private let leads: [LeadRecord]
  private let rules: [ZoneRules]

  init(leads count: Int, settings: EngineSettings) throws {
    let ruled = RuledLeads(count: count, dialMode: .progressive)
    let hours = try ruled.callingHours()
    rules = try RuledLeads.zones.map { name in
      guard let zone = settings.timeZones.zone(named: name) else { throw BenchmarkError("no zone \(name)") }
      return zone
    }
    leads = (1...count).map { ruled.lead($0) }
    let now = Now(wall: RuledLeads.now, monotonic: MonotonicInstant(milliseconds: 1_000_000))
    engine = Engine(settings: settings, now: now)
    var loader = LeadLoader(engine)
    loader.begin(maximumLeads: count, highestLeadID: LeadID(UInt32(count)))
    for lead in leads {
      let code = Array(ruled.vendorLeadCode(Int(lead.leadID.rawValue)).utf8)
      code.withUnsafeBytes { loader.lead(lead, vendorLeadCode: $0) }
    }
    loader.doNotCall(ruled.doNotCall)
    engine.begin(Self.image(ruled, hours))
    answer(engine.turn(at: now, committedTurn: 0, inputs: []), ruled.past, at: now)
  }

  private static func image(_ ruled: RuledLeads, _ hours: CallingHours) -> StoreImage {
    var image = StoreImage()
    image.campaigns = [ruled.campaign(under: hours)]
    image.callingHours = [hours]
    image.strategies = [.standard]
    image.lists = [ruled.list]
    image.zones = ruled.zoneRows
    image.places = ruled.placeRows
    image.nextLeadID = LeadID(UInt32(ruled.count) + 1)
    image.nextListID = ListID(2)
    image.leadCount = ruled.count
    return image
  }

  private func answer(_ output: TurnOutput, _ past: [AttemptTrace], at now: Now) {
    for case .query(let query) in output.immediate + output.afterCommit {
      guard case .attemptHistory = query.question else { continue }
      _ = engine.turn(at: now, committedTurn: output.turn, inputs: [.answer(query.id, .history(past))])
    }
  }

  /// Nanoseconds of this thread a lead.
  func verdicts() throws -> Double {
    var found = (judged: 0, passing: 0)
    let spent = Stopwatch.processorNanoseconds { found = engine.judgeEveryLead(of: RuledLeads.campaignID) }
    guard found.judged == leads.count, found.passing > leads.count / 3, found.passing < leads.count else {
      throw BenchmarkError("of \(found.judged) leads judged \(found.passing) pass, which cannot be")
    }
    return spent / Double(found.judged)
  }

  /// The reference: what a dialler that looks at the clock alone would do. Nanoseconds of this thread a lead.
  func clockOnly() -> Double {
    var open = 0
    let spent = Stopwatch.processorNanoseconds {
      for lead in leads {
        let second = rules[Int(lead.zone)].localSeconds(at: RuledLeads.now) % 86_400
        if second >= 8 * 3600, second < 21 * 3600 { open += 1 }
      }
    }
    precondition(open > 0, "it is day somewhere")
    return spent / Double(leads.count)
  }
}
