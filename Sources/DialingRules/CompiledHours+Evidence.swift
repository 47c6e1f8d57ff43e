import DialerModel
import TimeZones

extension CompiledHours {
  /// Which rule decides at a moment, for the evidence of an attempt and for explanations.
  ///
  /// Of several that are open, the one that closes first; of several that are closed, the one that opens last.
  public func evidence(_ profile: HoursProfile, at now: Instant) -> HoursEvidence {
    let status = status(profile, at: now)
    let zone = profile.zones[status.zoneIndex]
    var evidence = HoursEvidence(
      callingHoursID: callingHoursID, version: version, open: status.open, zone: profile.missingZone ?? zone.name,
      localTime: status.localTime, unknown: profile.unknown)
    if profile.missingZone != nil {
      evidence.zoneIsMissing = true
      return evidence
    }
    let day = status.localTime.date.daysSinceEpoch
    let second = Int64(status.localTime.secondOfDay)
    var decidingUntil: Int64?
    for layer in profile.stack.layers {
      let one = state(layer, day: day, second: second)
      guard one.open == status.open else { continue }
      if let decidingUntil, one.open ? one.next >= decidingUntil : one.next <= decidingUntil { continue }
      decidingUntil = one.next
      describe(layer, day: day, second: second, &evidence)
    }
    return evidence
  }

  /// The stretches of a local date in which a profile is open, in order.
  public func openings(_ profile: HoursProfile, on date: CivilDate) -> [Range<Instant>] {
    let next = CivilDate(daysSinceEpoch: date.daysSinceEpoch + 1)
    var time = profile.zones[0].firstInstant(atOrAfterLocal: date, secondsOfDay: 0)
    let end = profile.zones[0].firstInstant(atOrAfterLocal: next, secondsOfDay: 0)
    var openings: [Range<Instant>] = []
    while time < end {
      let status = status(profile, at: time)
      let until = min(status.until, end)
      if status.open { openings.append(time..<until) }
      time = until
    }
    return openings
  }

  private func describe(_ layer: HoursLayer, day: Int64, second: Int64, _ evidence: inout HoursEvidence) {
    var windows = windows(of: layer, on: day)
    evidence.window = nil
    if evidence.open {
      var minute = Int32(second / 60)
      if span(in: windows, at: minute) == nil {
        windows = self.windows(of: layer, on: day - 1)
        minute += MinuteSpan.day
      }
      evidence.window = span(in: windows, at: minute)?.window
    }
    let sheet = sheets[windows.sheet]
    evidence.region = sheet.region
    evidence.source = sheet.source
    evidence.specialDate = windows.specialDate.map { sheet.dateNames[$0] ?? "" }
  }

  private func span(in windows: DateWindows, at minute: Int32) -> MinuteSpan? {
    spans[Int(windows.spans.first)..<Int(windows.spans.end)].first { $0.start <= minute && minute < $0.end }
  }
}
