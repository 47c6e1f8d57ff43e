import DialerModel
import TimeZones

/// One local date of a place under a set of calling hours: when it is open, when not, and the rule behind each.
public struct HoursDay: Sendable {
  /// A stretch of the date in which hours stay open or closed under one rule.
  public struct Stretch: Sendable {
    public var from: Instant
    /// Not included.
    public var until: Instant
    /// Of several rules that are open, the one that closes first; of several that are closed, the one that opens last.
    public var rule: HoursEvidence
    public var open: Bool { rule.open }
  }

  public let hours: CompiledHours
  public let zone: ZoneRules
  public let date: CivilDate
  /// From the date's first instant to its last, without a gap.
  public let stretches: [Stretch]
  /// What holds on that date besides the windows.
  public let limits: [TimedLimit]
  public let holds: [TimedHold]

  /// - Parameters:
  ///   - country: ISO 3166-1 alpha-2; nil = what the state says (`US-FL`), else not known.
  ///   - state: `FL` with a country, or `US-FL`; nil = not known.
  public init(_ hours: CompiledHours, zone: ZoneRules, country: String?, state: String?, date: CivilDate) {
    self.hours = hours
    self.zone = zone
    self.date = date
    let named = state.flatMap { $0.contains("-") ? String($0.prefix { $0 != "-" }) : nil }
    let profile = hours.profile(zones: [zone], country: country ?? named, state: state)
    let next = CivilDate(daysSinceEpoch: date.daysSinceEpoch + 1)
    let start = zone.firstInstant(atOrAfterLocal: date, secondsOfDay: 0)
    let end = zone.firstInstant(atOrAfterLocal: next, secondsOfDay: 0)
    var time = start
    var stretches: [Stretch] = []
    while time < end {
      let until = min(hours.status(profile, at: time).until, end)
      stretches.append(Stretch(from: time, until: until, rule: hours.evidence(profile, at: time)))
      time = until
    }
    self.stretches = stretches
    limits = profile.limits.filter { $0.from < end && start < $0.until }
    holds = profile.holds.filter { $0.from < end && start < $0.until }
  }

  /// What `callingHours.show` answers.
  public var json: JSON {
    var form: JSONObject = [
      "callingHoursID": .string(hours.callingHoursID.rawValue), "version": JSON(hours.version),
      "timeZone": .string(zone.name), "date": .string(date.description),
      "weekday": .string(CallingHoursCodec.weekdays[date.weekday - 1]),
    ]
    form.append("unknownPlace", ifPresent: stretches.first?.rule.unknown.map { .string($0.words) })
    form.append("windows", .array(stretches.filter(\.open).map(json)))
    form.append("closed", .array(stretches.filter { !$0.open }.map(json)))
    form.append(
      "attemptLimits",
      .array(
        limits.map { timed in
          var limit = AttemptLimitCodec.json([timed.limit])[0]?.objectValue ?? [:]
          limit.append("region", .string(timed.region))
          return .object(limit)
        }))
    form.append("abandonHoldSeconds", ifPresent: holds.map(\.hold).max().map { JSON($0) })
    return .object(form)
  }

  private func json(_ stretch: Stretch) -> JSON {
    var form: JSONObject = [
      "from": .string(clock(stretch.from, isEnd: false)), "until": .string(clock(stretch.until, isEnd: true)),
      "opensAt": JSON(stretch.from), "closesAt": JSON(stretch.until),
    ]
    if !stretch.open { form = ["from": form["from"] ?? .null, "until": form["until"] ?? .null] }
    form.append("region", ifPresent: stretch.rule.region.map { .string($0) })
    form.append("rule", .string(rule(stretch.rule)))
    form.append("source", ifPresent: stretch.rule.source.map { .string($0) })
    return .object(form)
  }

  /// The weekday, or the date's name, and the window that is open.
  private func rule(_ rule: HoursEvidence) -> String {
    let name = rule.specialDate.map { $0.isEmpty ? "special date" : $0 } ?? CallingHoursCodec.weekdays[date.weekday - 1]
    return rule.window.map { "\(name) \($0.text)" } ?? name
  }

  /// The local clock; the end of the date is `24:00`.
  private func clock(_ instant: Instant, isEnd: Bool) -> String {
    let local = LocalTime(localSeconds: zone.localSeconds(at: instant))
    return isEnd && local.date > date ? "24:00" : local.clock
  }
}
