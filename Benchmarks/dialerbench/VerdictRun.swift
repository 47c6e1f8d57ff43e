import DialerEngine
import DialerModel
import DialingRules
import Foundation
import LeadStore
import TimeZones

/// An engine without a store, with leads in the United States and every kind of rule on: the calling hours of all states,
/// strict zones, limits of the campaign and of states, a minimum gap, a called-count limit, a filter, do-not-call numbers
/// and a past of attempts.
struct VerdictRun {
  /// A Friday, 16:00 UTC: most of the country is open.
  static let now = Instant(seconds: 1_795_190_400)
  private static let campaignID = CampaignID("verdict")
  private static let areaCodes: [UInt64] = [212, 305, 312, 310, 602, 404, 206, 850, 617, 713]
  private static let states = ["NY", "FL", "IL", "CA", "AZ", "GA", "WA", "FL", "MA", "TX"]
  private static let zones = [
    "America/New_York", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Phoenix",
    "America/New_York", "America/Los_Angeles", "America/Chicago", "America/New_York", "America/Chicago",
  ]

  private let engine: Engine
  private let leads: [LeadRecord]
  private let rules: [ZoneRules]

  init(leads count: Int, settings: EngineSettings) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Config/calling-hours/us-states.json5")
    let hours = try CallingHoursFile(Array(try Data(contentsOf: file))).hours
    rules = try Self.zones.map { name in
      guard let zone = settings.timeZones.zone(named: name) else { throw BenchmarkError("no zone \(name)") }
      return zone
    }
    leads = (1...count).map { Self.lead($0) }
    let now = Now(wall: Self.now, monotonic: MonotonicInstant(milliseconds: 1_000_000))
    engine = Engine(settings: settings, now: now)
    var loader = LeadLoader(engine)
    loader.begin(maximumLeads: count, highestLeadID: LeadID(UInt32(count)))
    for lead in leads {
      let code = Array("CRM-\(lead.leadID.rawValue)".utf8)
      code.withUnsafeBytes { loader.lead(lead, vendorLeadCode: $0) }
    }
    loader.doNotCall(
      DoNotCallBatch(
        scope: .everyone, isPrefix: false, digits: (0..<UInt64(count / 50)).map { 12_122_000_000 + $0 * 50 }.sorted()))
    engine.begin(Self.image(hours, count))
    answer(engine.turn(at: now, committedTurn: 0, inputs: []), at: now)
  }

  private static func lead(_ number: Int) -> LeadRecord {
    let hash = SeededGenerator.mix(UInt64(number))
    let place = Int(hash % UInt64(areaCodes.count))
    // Exchanges from 200 on: what is no number of the plan lies in every zone of it.
    let phone = 10_000_000_000 + areaCodes[place] * 10_000_000 + 2_000_000 + UInt64(number) % 7_000_000
    var lead = LeadRecord(
      leadID: LeadID(UInt32(number)), listID: ListID(1), phones: PhoneSet([PhoneNumber(digits: phone)]),
      zone: UInt16(place), entered: now - .hours(48))
    lead.place = UInt32(place) + 1
    lead.nameKey = SeededGenerator.mix(hash &+ 1)
    lead.emailKey = SeededGenerator.mix(hash &+ 2)
    return lead
  }

  private static func image(_ hours: CallingHours, _ count: Int) -> StoreImage {
    var campaign = Campaign(
      campaignID: campaignID, name: "Verdict", callingHours: hours.callingHoursID, strictZones: true,
      createdAt: now - .hours(48))
    campaign.dialMode = .progressive
    campaign.state = .running
    campaign.calledCountLimit = 20
    campaign.minimumGap = .hours(1)
    campaign.attemptLimits = [
      AttemptLimit(count: 7, window: .hours(7 * 24), scope: .person),
      AttemptLimit(count: 1, window: .hours(7 * 24), scope: .person, counts: .answers),
      AttemptLimit(count: 3, window: .hours(24), scope: .phone),
    ]
    var assignment = ListAssignment(listID: ListID(1), weight: 100)
    assignment.filter = .compare(.calledCount, .lt, [.integer(50)])
    campaign.lists = [assignment]
    var image = StoreImage()
    image.campaigns = [campaign]
    image.callingHours = [hours]
    image.strategies = [.standard]
    image.lists = [LeadList(listID: ListID(1), name: "List", createdAt: now - .hours(48))]
    image.zones = zones.indices.map { (UInt16($0), zones[$0]) }
    image.places = states.indices.map { (UInt32($0) + 1, "US", states[$0]) }
    image.nextLeadID = LeadID(UInt32(count) + 1)
    image.nextListID = ListID(2)
    image.leadCount = count
    return image
  }

  /// Every fourth lead was called two hours ago and every fortieth answered.
  private func answer(_ output: TurnOutput, at now: Now) {
    let effects = output.immediate + output.afterCommit
    for case .query(let query) in effects {
      guard case .attemptHistory = query.question else { continue }
      let rows = leads.filter { $0.leadID.rawValue % 4 == 0 }.map { lead in
        AttemptTrace(
          attemptID: AttemptID(Int64(lead.leadID.rawValue)), leadID: lead.leadID, tenant: .standard,
          phone: lead.phones[0] ?? PhoneNumber(digits: 0), startedAt: Self.now - .hours(2), counted: true,
          outcome: lead.leadID.rawValue % 40 == 0 ? .connected : .noAnswer,
          answeredAt: lead.leadID.rawValue % 40 == 0 ? Self.now - .hours(2) : nil, endedAt: Self.now - .hours(2))
      }
      _ = engine.turn(at: now, committedTurn: output.turn, inputs: [.answer(query.id, .history(rows))])
    }
  }

  /// Nanoseconds of this thread a lead.
  func verdicts() throws -> Double {
    var found = (judged: 0, passing: 0)
    let spent = Stopwatch.processorNanoseconds { found = engine.judgeEveryLead(of: Self.campaignID) }
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
        let second = rules[Int(lead.zone)].localSeconds(at: Self.now) % 86_400
        if second >= 8 * 3600, second < 21 * 3600 { open += 1 }
      }
    }
    precondition(open > 0, "it is day somewhere")
    return spent / Double(leads.count)
  }
}
