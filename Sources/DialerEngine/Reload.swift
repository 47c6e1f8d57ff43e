import DialerModel
import DialingRules

extension Engine {
  /// The configuration in force from now on. Trunks that are gone take no new calls; zones are judged by the tz database
  /// as it is now.
  func reload(_ new: EngineSettings, for token: RequestToken?) {
    let old = settings
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
    let moved = takeZones(from: old)
    emit(.configReloaded) { $0.member("timeZoneData", new.timeZones.version) }
    writeLog(
      .notice, "config.reloaded",
      [
        ("timeZoneData", .text(new.timeZones.version)), ("timeZoneDataBefore", .text(old.timeZones.version)),
        ("zonesMoved", .number(Int64(moved.count))),
      ])
    guard let token else { return }
    finishReload(token, ["reloaded": true, "timeZoneData": .string(new.timeZones.version), "faults": .array([])])
  }

  /// Every campaign judges by the zones as they are now. One for whose leads nothing moved goes on as it was; the leads of
  /// the others are looked at anew, and those whose windows moved are counted, behind the turn.
  ///
  /// - Returns: the zones that leads are in and whose clock the new database has otherwise, within the time that hours are
  ///   worked out ahead, or has no more, or again.
  private func takeZones(from old: EngineSettings) -> [String] {
    var verdicts: [String: Bool] = [:]
    var affected: [CampaignRuntime] = []
    for runtime in campaignOrder {
      var moved = settings.prefixZones != old.prefixZones
      for profile in runtime.profiles where !moved || settings.prefixZones == old.prefixZones {
        for name in zoneNames(of: profile.key) {
          let hasMoved = verdicts[name] ?? hasMoved(name, since: old)
          verdicts[name] = hasMoved
          if hasMoved { moved = true }
        }
      }
      if moved {
        rebuild(runtime, forgettingProfiles: true)
        affected.append(runtime)
      } else {
        runtime.remakeProfiles { makeProfile($0, in: runtime) }
      }
    }
    let names = verdicts.keys.filter { verdicts[$0] == true }.sorted()
    if !names.isEmpty { jobs.append(CountMovedJob(zones: names, campaigns: affected)) }
    return names
  }

  private func hasMoved(_ name: String, since old: EngineSettings) -> Bool {
    switch (old.timeZones.zone(named: name), settings.timeZones.zone(named: name)) {
    case (nil, nil): return false
    case (let before?, let after?):
      // As far as hours are worked out ahead.
      let range = now.wall.unixSeconds..<now.wall.unixSeconds + 400 * 86_400
      return after.firstDifference(from: before, in: range) != nil
    default: return true
    }
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
