import ControlProtocol
import DialerModel
import DialingRules

/// How many leads of a campaign each gate stopped, whether or not another did so before it.
struct GateCounts {
  struct Row {
    private var buckets = GateBuckets()

    mutating func add(_ verdict: Verdict) {
      for gate in Gate.allCases where verdict.failing.contains(gate) {
        var until: Instant?
        if case .at(let moment) = verdict.until(gate) { until = moment }
        buckets.add(1, gate, nextAt: until)
      }
    }

    var json: JSON { buckets.json }
  }
  /// Where a lead counts.
  struct Place: Hashable {
    var list: ListID
    var zone: UInt16
  }

  /// The moment that every lead was judged at, as it stood when its turn came.
  let asOf: Instant
  var all = Row()
  var lists: [ListID: Row] = [:]
  /// Each lead once, under the first gate that stops it: with what calls to others of its person or number brought about,
  /// which the kept counts learn of when the lead is tried.
  private var first: [Place: GateBuckets] = [:]

  init(asOf: Instant) { self.asOf = asOf }

  mutating func add(_ verdict: Verdict, _ place: Place) {
    all.add(verdict)
    lists[place.list, default: Row()].add(verdict)
    let gate = verdict.failing.counted
    var nextAt: Instant?
    if let gate, case .at(let moment) = verdict.until(gate) { nextAt = moment }
    first[place, default: GateBuckets()].add(1, gate, nextAt: nextAt)
  }

  /// - Parameters:
  ///   - ids: the lists that are asked about.
  func buckets(of ids: [ListID]) -> FirstGates {
    var found = FirstGates()
    for id in ids { found.lists[id] = GateBuckets() }
    for (place, buckets) in first where found.lists[place.list] != nil {
      found.all.add(buckets)
      found.lists[place.list, default: GateBuckets()].add(buckets)
      found.zones[place.zone, default: GateBuckets()].add(buckets)
    }
    return found
  }
}

/// Every lead counted once: dialable, or under the first gate that stops it.
struct FirstGates {
  var all = GateBuckets()
  var lists: [ListID: GateBuckets] = [:]
  var zones: [UInt16: GateBuckets] = [:]
}

/// Every lead of a campaign judged by all gates as of one instant, so few in a turn that no claim waits for it.
final class GatePass: EngineJob {
  /// Leads judged in a turn: a few hundred microseconds, a thirtieth of what a turn full of claims takes.
  static let leadsAtOnce = 200
  /// Between two pieces that nobody waits for while calls are made: it has a tenth of a processor then, and ten million
  /// leads take two minutes.
  private static let rest = Interval(milliseconds: 2)
  /// Of so many leads in all each is judged for an answer.
  static let leadsForAnswer = 500

  let writes = false
  private(set) var restsUntil = MonotonicInstant(milliseconds: 0)
  private let campaign: CampaignRuntime
  private var walk = LeadWalk()
  private var counts: GateCounts
  private var finished: [(Engine) -> Void] = []

  init(campaign: CampaignRuntime, asOf: Instant) {
    self.campaign = campaign
    counts = GateCounts(asOf: asOf)
  }

  func whenFinished(_ body: @escaping (Engine) -> Void) { finished.append(body) }

  func step(_ engine: Engine) -> Bool {
    for lead in walk.piece(of: Self.leadsAtOnce, engine.leads, where: { campaign.assigned[$1] != nil }) {
      guard let record = engine.leads.record(lead), let list = campaign.assigned[record.listID] else { continue }
      let verdict = engine.judge(
        record, list, in: campaign, locks: engine.personKeys(record, in: campaign), at: counts.asOf)
      counts.add(verdict, GateCounts.Place(list: record.listID, zone: record.zone))
    }
    guard walk.isOver else {
      if finished.isEmpty, !engine.calls.isEmpty { restsUntil = engine.now.monotonic + Self.rest }
      return false
    }
    campaign.gateCounts = counts
    campaign.gatePass = nil
    for body in finished { body(engine) }
    return true
  }
}
