import DialerModel
import DialingRules

/// What the rules said when an attempt was claimed, kept with the attempt as proof.
extension Engine {
  /// What most evidence fits into.
  private static let evidenceRoom = 640

  func evidence(
    _ phone: PhoneNumber, _ callerID: String?, _ trunk: TrunkName, _ record: LeadRecord, _ list: AssignedList,
    in campaign: CampaignRuntime, _ verdict: Verdict, keys: DialKeys, override: Override?
  ) -> [UInt8] {
    let profile = profile(of: record, phone: verdict.judgedPhoneIndex, in: campaign)
    let proof = campaign.proof(profile: profile, at: now.wall) { names.zoneName($0) }
    var writer = JSONWriter()
    writer.bytes.reserveCapacity(Self.evidenceRoom)
    writer.beginObject()
    writer.member(raw: proof.place)
    writer.key("timeZoneSource")
    writer.value(record.zoneSource.word)
    writer.member(raw: proof.hours)
    let rules = list.keptRules
    writer.key("calledCount")
    writer.beginObject()
    writer.member("count", Int64(record.state.calledCount))
    if rules.value.calledCountLimit != .max { writer.member("limit", Int64(rules.value.calledCountLimit)) }
    writer.endObject()
    writeHistory(phone, record, rules, in: campaign, campaign.profiles[Int(profile)], verdict, keys, to: &writer)
    writer.member("doNotCall", verdict.failing.contains(.doNotCall) ? "listed" : "clear")
    writer.member("phone", phone)
    if let callerID { writer.member("callerID", callerID) }
    writer.member("trunk", trunk.rawValue)
    if let detail = campaign.campaign.callDetail {
      writer.key("callDetail")
      detail.write(to: &writer)
    }
    if let override {
      writer.member("override", JSON(override.gates.map(\.word)))
      writer.member("overriddenBy", Int64(override.userID))
    }
    writer.endObject()
    return writer.take()
  }

  /// The gap, the limits and the holds, and what stands against them.
  private func writeHistory(
    _ phone: PhoneNumber, _ record: LeadRecord, _ rules: Kept<CampaignRules>, in campaign: CampaignRuntime,
    _ profile: CampaignProfile, _ verdict: Verdict, _ keys: DialKeys, to writer: inout JSONWriter
  ) {
    if rules.value.minimumGap > .zero { writer.member("minimumGapSeconds", rules.value.minimumGap) }
    let hasLimits = !rules.value.attemptLimits.isEmpty || profile.hours.limits.contains { $0.holds(at: now.wall) }
    guard hasLimits || !profile.hours.holds.isEmpty else { return }
    let history = history(record, in: campaign, keys: keys)
    if hasLimits {
      writer.key("attemptLimits")
      writer.beginArray()
      for limit in rules.value.attemptLimits { write(limit, of: nil, phone, history, to: &writer) }
      for timed in profile.hours.limits where timed.holds(at: now.wall) {
        write(timed.limit, of: timed.region, phone, history, to: &writer)
      }
      writer.endArray()
    }
    writeHolds(phone, profile, history, verdict, to: &writer)
  }

  /// - Parameter region: that the limit comes from; nil = the campaign.
  private func write(
    _ limit: AttemptLimit, of region: String?, _ phone: PhoneNumber, _ history: LeadHistory, to writer: inout JSONWriter
  ) {
    writer.beginObject()
    if let region, !region.isEmpty { writer.member("region", region) }
    writer.member("scope", limit.scope.rawValue)
    writer.member("counts", limit.counts.rawValue)
    writer.member("windowSeconds", limit.window)
    writer.member("limit", Int64(limit.count))
    writer.member("count", Int64(history.count(limit, phone: phone, at: now.wall)))
    writer.endObject()
  }

  /// What an earlier abandoned call asked for, where the rule set says so, and why this call was made all the same.
  private func writeHolds(
    _ phone: PhoneNumber, _ profile: CampaignProfile, _ history: LeadHistory, _ verdict: Verdict,
    to writer: inout JSONWriter
  ) {
    var longest: TimedHold?
    for hold in profile.hours.holds where hold.holds(at: now.wall) {
      if longest.map({ $0.hold < hold.hold }) ?? true { longest = hold }
    }
    guard let longest else { return }
    writer.key("abandonHold")
    writer.beginObject()
    writer.member("region", longest.region)
    writer.member("holdSeconds", longest.hold)
    if let abandoned = history.lastAbandoned(phone: phone) { writer.member("abandonedAt", abandoned) }
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

/// What the hours of a profile rest on at a time when they are open, in the words of the evidence: JSON text made once
/// for all claims of a profile and second.
final class HoursProof {
  /// `rules`, `rulesVersion` and `timeZone`.
  let place: [UInt8]
  /// From `localTime` on: calendar and clock there, the window, the rule, a special date, and what was not known of the
  /// lead's place with the policy that chose the rules then.
  let hours: [UInt8]
  let holdsFrom: Instant
  /// Not included.
  let holdsUntil: Instant

  init(_ rules: CompiledHours, _ evidence: HoursEvidence, zone: String, from: Instant, until: Instant) {
    var writer = JSONWriter()
    writer.member("rules", rules.callingHoursID.rawValue)
    writer.member("rulesVersion", Int64(rules.version))
    writer.member("timeZone", zone)
    place = writer.take()
    writer.member("localTime", evidence.localTime.description)
    if let window = evidence.window { writer.member("window", window.text) }
    if let region = evidence.region { writer.member("ruleRegion", region) }
    if let source = evidence.source { writer.member("ruleSource", source) }
    if let date = evidence.specialDate { writer.member("ruleDate", date) }
    if let unknown = evidence.unknown { writer.member("unknownPlace", unknown.words) }
    hours = writer.take()
    holdsFrom = from
    holdsUntil = until
  }
}

extension CampaignRuntime {
  /// Worked out once for each profile and second.
  func proof(profile: UInt32, at now: Instant, zoneName: (UInt16) -> String) -> HoursProof {
    let place = Int(profile)
    if place < proofs.count, let known = proofs[place], now < known.holdsUntil, now >= known.holdsFrom { return known }
    let status = status(profile: profile, at: now)
    let proof = HoursProof(
      hours, hours.evidence(profiles[place].hours, at: now), zone: zoneName(zone(ofProfile: profile)), from: now,
      until: min(status.until, Instant(seconds: now.unixSeconds + 1)))
    while proofs.count <= place { proofs.append(nil) }
    proofs[place] = proof
    return proof
  }
}
