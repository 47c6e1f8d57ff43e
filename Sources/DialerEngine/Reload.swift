import DialerModel
import DialingRules

extension Engine {
  /// The configuration in force from now on. Trunks that are gone take no new calls; zones are judged by the tz database
  /// as it is now.
  func reload(_ new: EngineSettings, for token: RequestToken?) {
    let oldZones = settings.timeZones.version
    settings = new
    var kept: [TrunkRuntime] = []
    for trunk in new.trunks {
      if let known = trunks.first(where: { $0.settings.name == trunk.name }) {
        known.apply(trunk)
        kept.append(known)
      } else {
        kept.append(TrunkRuntime(settings: trunk))
        timers.set(.trunk(trunk.name), at: now.monotonic + Self.liveCallsInterval)
      }
    }
    trunks = kept
    // Profiles hold the old zones, and every lead's hours may have moved.
    for runtime in campaignOrder { rebuild(runtime, forgettingProfiles: true) }
    emit(.configReloaded) { $0.member("timeZoneData", new.timeZones.version) }
    writeLog(
      .notice, "config.reloaded",
      [("timeZoneData", .text(new.timeZones.version)), ("timeZoneDataBefore", .text(oldZones))])
    guard let token else { return }
    reply(
      token,
      .success(["reloaded": true, "timeZoneData": .string(new.timeZones.version), "faults": .array([])]))
  }
}
