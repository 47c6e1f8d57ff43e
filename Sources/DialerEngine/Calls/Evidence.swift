import DialerModel
import DialingRules

/// What the rules said when an attempt was claimed, kept with the attempt as proof.
extension Engine {
  func evidence(
    _ phone: PhoneNumber, _ callerID: String?, _ trunk: TrunkName, _ record: LeadRecord, _ list: AssignedList,
    in campaign: CampaignRuntime, _ verdict: Verdict, keys: DialKeys, override: Override?
  ) -> [UInt8] {
    let profile = profile(of: record, phone: verdict.judgedPhoneIndex, in: campaign)
    let proof = campaign.proof(profile: profile, at: now.wall) { names.zoneName($0) }
    var writer = JSONWriter()
    writer.bytes.reserveCapacity(campaign.evidenceRoom)
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
    proof.limits(for: rules.value, campaign.profiles[Int(profile)].hours, at: now.wall).write(
      history(record, in: campaign, keys: keys), phone, agentInHand: verdict.agentInHand, at: now.wall, to: &writer)
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
    campaign.evidenceRoom = max(campaign.evidenceRoom, writer.bytes.count)
    return writer.take()
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
  private var limits: LimitsProof?

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

  /// Lists whose strategies differ share the campaign's gap and limits.
  func limits(for rules: CampaignRules, _ hours: HoursProfile, at now: Instant) -> LimitsProof {
    if let limits, limits.isFor(rules) { return limits }
    let made = LimitsProof(rules, hours, at: now)
    limits = made
    return made
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
