import DialerModel
import DialingRules

/// What the rules said when an attempt was claimed, kept with the attempt as proof.
extension Engine {
  func evidence(
    for attempt: Attempt, _ record: LeadRecord, _ list: AssignedList, in campaign: CampaignRuntime,
    _ verdict: Verdict, override: Override?
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(384)
    var writer = JSONWriter(appendingTo: bytes)
    writer.beginObject()
    writer.member("rules", campaign.hours.callingHoursID.rawValue)
    writer.member("rulesVersion", Int64(campaign.hours.version))
    writer.member("timeZone", names.zoneName(record.zone))
    writer.key("timeZoneSource")
    writer.value(record.zoneSource.word)
    writeHours(verdict, record, in: campaign, to: &writer)
    writer.key("calledCount")
    writer.beginObject()
    writer.member("count", Int64(record.state.calledCount))
    if list.rules.calledCountLimit != .max { writer.member("limit", Int64(list.rules.calledCountLimit)) }
    writer.endObject()
    writeLimits(list, attempt, record, in: campaign, verdict, to: &writer)
    writeHolds(attempt, record, in: campaign, verdict, to: &writer)
    writer.member("doNotCall", verdict.failing.contains(.doNotCall) ? "listed" : "clear")
    writer.member("phone", attempt.phone.e164)
    if let callerID = attempt.callerID { writer.member("callerID", callerID) }
    writer.member("trunk", attempt.trunk.rawValue)
    if let detail = campaign.campaign.callDetail {
      writer.key("callDetail")
      detail.write(to: &writer)
    }
    if let override {
      writer.member("override", JSON(override.gates.map(\.word)))
      writer.member("overriddenBy", Int64(override.userID))
    }
    writer.endObject()
    bytes = writer.take()
    return bytes
  }

  private func writeHours(
    _ verdict: Verdict, _ record: LeadRecord, in campaign: CampaignRuntime, to writer: inout JSONWriter
  ) {
    let profile = profile(of: record, phone: verdict.judgedPhoneIndex, in: campaign)
    let proof = campaign.proof(profile: profile, at: now.wall)
    writer.member("localTime", proof.localTime)
    if let window = proof.window { writer.member("window", window) }
    if let region = proof.region { writer.member("ruleRegion", region) }
    if let source = proof.source { writer.member("ruleSource", source) }
    if let date = proof.specialDate { writer.member("ruleDate", date) }
    if let unknown = proof.unknown { writer.member("unknownPlace", unknown) }
  }

  private func writeLimits(
    _ list: AssignedList, _ attempt: Attempt, _ record: LeadRecord, in campaign: CampaignRuntime, _ verdict: Verdict,
    to writer: inout JSONWriter
  ) {
    if list.rules.minimumGap > .zero { writer.member("minimumGapSeconds", list.rules.minimumGap) }
    let profile = profile(of: record, phone: verdict.judgedPhoneIndex, in: campaign)
    let regional = campaign.profiles[Int(profile)].hours.limits.filter { $0.holds(at: now.wall) }
    let limits = list.rules.attemptLimits.map { TimedLimit(limit: $0) } + regional
    guard !limits.isEmpty else { return }
    let history = history(record, in: campaign)
    writer.key("attemptLimits")
    writer.beginArray()
    for timed in limits {
      let limit = timed.limit
      writer.beginObject()
      if !timed.region.isEmpty { writer.member("region", timed.region) }
      writer.member("scope", limit.scope.rawValue)
      writer.member("counts", limit.counts.rawValue)
      writer.member("windowSeconds", limit.window)
      writer.member("limit", Int64(limit.count))
      writer.member("count", Int64(history.count(limit, phone: attempt.phone, at: now.wall)))
      writer.endObject()
    }
    writer.endArray()
  }
}

extension Engine {
  /// What an earlier abandoned call asked for, where the rule set says so, and why this call was made all the same.
  private func writeHolds(
    _ attempt: Attempt, _ record: LeadRecord, in campaign: CampaignRuntime, _ verdict: Verdict,
    to writer: inout JSONWriter
  ) {
    let profile = profile(of: record, phone: verdict.judgedPhoneIndex, in: campaign)
    let holds = campaign.profiles[Int(profile)].hours.holds.filter { $0.holds(at: now.wall) }
    guard let longest = holds.max(by: { $0.hold < $1.hold }) else { return }
    writer.key("abandonHold")
    writer.beginObject()
    writer.member("region", longest.region)
    writer.member("holdSeconds", longest.hold)
    if let abandoned = history(record, in: campaign).lastAbandoned(phone: attempt.phone) {
      writer.member("abandonedAt", abandoned)
    }
    writer.member("agentInHand", verdict.agentInHand)
    writer.endObject()
  }
}

extension LeadHistory {
  /// How many attempts stand against a limit now.
  func count(_ limit: AttemptLimit, phone: PhoneNumber, at now: Instant) -> Int {
    var count = 0
    while count < limit.count, let at = nth(count + 1, newest: limit.scope, counts: limit.counts, phone: phone),
      at + limit.window > now
    {
      count += 1
    }
    return count
  }
}

/// What the hours of a profile rest on at a time when they are open, in the words of the evidence.
struct HoursProof {
  /// Calendar and clock there: `2026-11-20T09:03:11`.
  var localTime = ""
  var window: String?
  var region: String?
  var source: String?
  /// The name of a special date with windows of its own; empty when it has none.
  var specialDate: String?
  /// What was not known of the lead's place, and the policy that chose the rules then.
  var unknown: String?
}

extension CampaignRuntime {
  /// Worked out once for each profile and second.
  func proof(profile: UInt32, at now: Instant) -> HoursProof {
    if let known = proofs[profile], now < known.holdsUntil, now >= known.holdsFrom { return known.proof }
    let status = status(profile: profile, at: now)
    let evidence = hours.evidence(profiles[Int(profile)].hours, at: now)
    let proof = HoursProof(
      localTime: evidence.localTime.description, window: evidence.window?.text, region: evidence.region,
      source: evidence.source, specialDate: evidence.specialDate, unknown: evidence.unknown?.words)
    proofs[profile] = (proof, now, min(status.until, Instant(seconds: now.unixSeconds + 1)))
    return proof
  }
}
