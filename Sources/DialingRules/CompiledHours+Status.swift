import DialerModel
import TimeZones

extension CompiledHours {
  /// Whether all zones of the profile are open at a moment, and until exactly when that stays so.
  ///
  /// Judged by the wall clock of each zone at the moment; local times that are skipped or come twice are no special
  /// case.
  public func status(_ profile: HoursProfile, at now: Instant) -> HoursStatus {
    let stack = profile.stack
    let own = profile.zones[0]
    if profile.missingZone != nil {
      return HoursStatus(open: false, asOf: now, until: .distantFuture, localSeconds: own.localSeconds(at: now))
    }
    if let constant = stack.constant {
      return HoursStatus(
        open: constant, asOf: now, until: .distantFuture, localSeconds: own.localSeconds(at: now))
    }
    let start = now.unixSeconds
    let horizon = start + Self.horizonSeconds
    let first = state(stack, own, at: start, horizon: horizon)
    var status = HoursStatus(
      open: first.open, asOf: now, until: Self.instant(first.until, horizon), localSeconds: own.localSeconds(at: now))
    if profile.zones.count > 1 { judgeAll(profile.zones, stack, horizon, &status) }
    return status
  }

  /// Narrows a status of the first zone to that of all.
  private func judgeAll(_ zones: [ZoneRules], _ stack: HoursStack, _ horizon: Int64, _ status: inout HoursStatus) {
    var time = status.asOf.unixSeconds
    let all = stateOfAll(zones, stack, at: time, horizon: horizon)
    var until = all.until
    if let closed = all.firstClosed {
      status.open = false
      status.zoneIndex = closed
      status.localSeconds = zones[closed].localSeconds(at: status.asOf)
      // Each zone that is closed says how long; the first moment at which none is left is the opening.
      while until < horizon {
        time = until
        let next = stateOfAll(zones, stack, at: time, horizon: horizon)
        if next.firstClosed == nil { break }
        until = next.until
      }
    }
    status.until = Self.instant(until, horizon)
  }

  /// `until`: where all are open, the first moment at which one closes; else, that before which not all can be open.
  private func stateOfAll(
    _ zones: [ZoneRules], _ stack: HoursStack, at time: Int64, horizon: Int64
  ) -> (firstClosed: Int?, until: Int64) {
    var firstClosed: Int?
    var closes = Int64.max
    var opens = Int64.min
    for index in zones.indices {
      let one = state(stack, zones[index], at: time, horizon: horizon)
      if one.open {
        closes = min(closes, one.until)
      } else {
        opens = max(opens, one.until)
        if firstClosed == nil { firstClosed = index }
      }
    }
    return (firstClosed, firstClosed == nil ? closes : opens)
  }

  private static func instant(_ seconds: Int64, _ horizon: Int64) -> Instant {
    seconds >= horizon ? .distantFuture : Instant(seconds: seconds)
  }

  /// One zone at a Unix second, and the first second at which that changes (at the horizon or past it: not before).
  private func state(
    _ stack: HoursStack, _ zone: ZoneRules, at start: Int64, horizon: Int64
  ) -> (open: Bool, until: Int64) {
    var time = start
    var period = zone.period(at: time)
    var initial: Bool?
    while time < horizon {
      let local = time + Int64(period.offset)
      let day = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
      let second = local - day * 86_400
      let here = state(stack, day: day, second: second)
      if let initial, here.open != initial { break }
      initial = here.open
      time = min(time + here.next - second, period.until)
      if time >= period.until { period = zone.period(at: time) }
    }
    return (initial ?? false, time)
  }

  /// All layers at a second of a local day, and the second of that day, at most 86,400, up to which it surely stays so.
  private func state(_ stack: HoursStack, day: Int64, second: Int64) -> (open: Bool, next: Int64) {
    guard RuleSheet.days.contains(day) else { return (false, 86_400) }
    var closes: Int64 = 86_400
    var opens: Int64 = -1
    for index in stack.layers.indices {
      let one = state(stack.layers[index], day: day, second: second)
      if one.open { closes = min(closes, one.next) } else { opens = max(opens, one.next) }
    }
    return opens < 0 ? (true, closes) : (false, opens)
  }

  func state(_ layer: HoursLayer, day: Int64, second: Int64) -> (open: Bool, next: Int64) {
    let today = windows(of: layer, on: day)
    if today.isDateWithoutCalls { return (false, 86_400) }
    var next: Int64 = 86_400
    for index in today.spans.first..<today.spans.end {
      let span = spans[Int(index)]
      let start = Int64(span.start) * 60
      let end = Int64(min(span.end, MinuteSpan.day)) * 60
      if second < start {
        next = start
        break
      }
      if second < end { return (true, end) }
    }
    // What began yesterday and goes on over midnight.
    let yesterday = windows(of: layer, on: day - 1)
    guard !yesterday.spans.isEmpty else { return (false, next) }
    let tail = Int64(spans[Int(yesterday.spans.end - 1)].end - MinuteSpan.day) * 60
    return second < tail ? (true, min(tail, 86_400)) : (false, next)
  }
}

// MARK: - The windows of a date

extension CompiledHours {
  /// What a layer says about the windows that start on a date, and who says it.
  struct DateWindows {
    /// Empty: none.
    var spans: RuleSheet.Spans
    var sheet: Int
    /// Index of the special date's name in its sheet; nil on a day like others.
    var specialDate: Int?
    var isDateWithoutCalls: Bool { specialDate != nil && spans.isEmpty }
  }

  func windows(of layer: HoursLayer, on day: Int64) -> DateWindows {
    var found = DateWindows(spans: .init(first: 0, end: 0), sheet: 0, specialDate: nil)
    // 1970-01-01 was a Thursday.
    let weekday = Int(((day + 3) % 7 + 7) % 7)
    if let kept = sheets[0].keptDate(on: day) {
      found.spans = kept.spans
      found.specialDate = Int(kept.name)
    } else if sheets[0].weekly[weekday].isNamed {
      found.spans = sheets[0].weekly[weekday]
    }
    for index in layer.overlays.indices { overlay(layer.overlays[index], on: day, weekday, &found) }
    return found
  }

  private func overlay(_ overlay: HoursLayer.Overlay, on day: Int64, _ weekday: Int, _ found: inout DateWindows) {
    let index = Int(overlay.sheet)
    guard sheets[index].isEffective(on: day) else { return }
    if let kept = sheets[index].keptDate(on: day) {
      found = DateWindows(spans: kept.spans, sheet: index, specialDate: Int(kept.name))
    } else if sheets[index].weekly[weekday].isNamed, !overlay.yieldsToDates || found.specialDate == nil {
      found = DateWindows(spans: sheets[index].weekly[weekday], sheet: index, specialDate: nil)
    }
  }
}
