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
    finishReload(token, ["reloaded": true, "timeZoneData": .string(new.timeZones.version), "faults": .array([])])
  }

  /// `daemon.reload`: the host reads the files, and the answer is given when it says what came of it.
  func readConfiguration(_ command: Command) -> Answer {
    reloads[command.token] = command
    output.immediate.append(.readConfiguration(command.token, isDryRun: command.isDryRun))
    return .later
  }

  /// A token that is not known was asked of an engine that is gone: it was answered when that went.
  func finishReload(_ token: RequestToken, _ answer: JSON) {
    if let command = reloads.removeValue(forKey: token) { finish(command, .success(answer)) }
  }
}
