import DialerModel
import DialingRules

/// Why a campaign makes no call now.
struct IdleReason {
  /// What was last said of a campaign in the log.
  struct Said {
    var word: String
    var at: MonotonicInstant
    /// It has made calls since.
    var hasDialled = false
  }
  /// A gate, or `exhausted`, or `capacity`.
  var word: String
  /// For a person.
  var text: String

  /// A campaign that dials now and then, as leads come back, does not say the same at each pause.
  static let repeatAfter = Interval.minutes(15)
}

extension Engine {
  /// Which it is, from a few counts a list: asked in each turn of an idle campaign.
  func idleWord(_ runtime: CampaignRuntime) -> String {
    guard runtime.isRunning else { return Gate.campaignRunning.word }
    if !isWritable { return "store-not-writable" }
    if isDraining { return "shutting-down" }
    var counts = (open: 0, closed: 0, waiting: 0)
    var isAnyToDial = false
    for (id, list) in runtime.assigned where list.assignment.toDial && isDialable(id) {
      isAnyToDial = true
      let found = runtime.index.counts(list.slot)
      counts.open += found.readyOpen
      counts.closed += found.readyClosed
      counts.waiting += found.waiting
    }
    if !isAnyToDial { return Gate.listToDial.word }
    if counts.open > 0 {
      if !hasAgentForLine(runtime) { return Gate.agentAvailable.word }
      return trunks(of: runtime).contains { $0.hasRoom(at: now.monotonic) } ? "capacity" : Gate.trunkCapacity.word
    }
    if counts.closed > 0 { return Gate.callingHours.word }
    return counts.waiting > 0 ? Gate.retryTime.word : "exhausted"
  }

  func idleReason(_ runtime: CampaignRuntime, _ known: CampaignTally? = nil) -> IdleReason {
    let word = idleWord(runtime)
    let tally = known ?? CampaignTally(of: runtime, engine: self)
    let text =
      switch word {
      case "campaign-running": "the campaign is \(runtime.campaign.state.rawValue)"
      case "store-not-writable": "the database cannot be written, so nothing is dialled until it can"
      case "shutting-down": "the daemon is shutting down"
      case "list-to-dial": "no list is marked to dial, active and not expired"
      case "agent-available": "no agent is free (\(Self.grouped(tally.all.dialable)) leads dialable)"
      case "trunk-capacity":
        (trunks(of: runtime).compactMap { $0.reasonForNoRoom(at: now.monotonic) }.first ?? "no trunk has room")
          + " (\(Self.grouped(tally.all.dialable)) leads dialable)"
      case "capacity": "\(Self.grouped(tally.all.dialable)) leads dialable"
      default: nothingToDial(tally)
      }
    return IdleReason(word: word, text: text)
  }

  /// A campaign, and why it makes no call if it should and does not.
  func campaignReport(_ runtime: CampaignRuntime) -> JSON {
    guard case .object(var form) = CampaignForm.json(runtime.campaign) else { return .null }
    let isIdle = runtime.isRunning && runtime.liveCalls == 0 && runtime.nextClaim == nil
    form.append("reason", JSON(isIdle ? idleReason(runtime).text : nil))
    return .object(form)
  }

  private func nothingToDial(_ tally: CampaignTally) -> String {
    let phrases: [(Gate, String)] = [
      (.callingHours, "outside calling hours"), (.retryTime, "waiting for their retry time"),
      (.attemptLimits, "at an attempt limit"), (.minimumGap, "within the minimum gap"), (.notLive, "in a call"),
      (.calledCountLimit, "called as often as they may be"), (.callablePhone, "without a number left to call"),
      (.listFilter, "left out by their list's filter"), (.status, "in a status that is not dialled"),
      (.listToDial, "in lists that are not dialled"),
    ]
    let parts = phrases.filter { tally.all[$0.0].leads > 0 }.map { "\(Self.grouped(tally.all[$0.0].leads)) \($0.1)" }
    var text = "nothing to dial: " + (parts.isEmpty ? "the lists are empty" : parts.joined(separator: ", "))
    if let opening = tally.opening { text += ", next opening \(words(of: opening))" }
    if let back = tally.nextReturn { text += ", next one back in \(Self.roughly(back - now.wall))" }
    if tally.opening == nil, tally.nextReturn == nil, !parts.isEmpty { text += "; no lead will come back by itself" }
    return text
  }

  /// `08:00 America/Chicago in 12 min (3,100 leads)`.
  private func words(of opening: CampaignTally.Opening) -> String {
    let zone = names.zoneName(opening.zone)
    let local = settings.timeZones.zone(named: zone).map { LocalTime(localSeconds: $0.localSeconds(at: opening.at)) }
    let clock = local.map { "\($0.clock) \(zone)" } ?? "\(opening.at)"
    return "\(clock) in \(Self.roughly(opening.at - now.wall)) (\(Self.grouped(opening.leads)) leads)"
  }

  /// `61,204`.
  static func grouped(_ number: Int) -> String {
    var digits = String(number.magnitude)
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
      place -= 3
    }
    return number < 0 ? "-\(digits)" : digits
  }

  /// `40 s`, `12 min`, `3 h 5 min`, `2 days`: rounded up, so that it is over when it is said to be.
  static func roughly(_ interval: Interval) -> String {
    let seconds = max(0, (interval.milliseconds + 999) / 1000)
    if seconds < 60 { return "\(seconds) s" }
    let minutes = (seconds + 59) / 60
    if minutes < 60 { return "\(minutes) min" }
    if minutes < 48 * 60 { return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min" }
    return "\((minutes + 1439) / 1440) days"
  }

  /// A running campaign that does not dial says why, and again when the reason changes.
  func announceIdleReasons() {
    for runtime in campaignOrder where runtime.isRunning && !runtime.campaign.dialMode.isAgentPaced {
      guard runtime.liveCalls == 0, runtime.nextClaim == nil else {
        runtime.idleReason?.hasDialled = true
        continue
      }
      let word = idleWord(runtime)
      if let said = runtime.idleReason, said.word == word {
        guard said.hasDialled, now.monotonic - said.at >= IdleReason.repeatAfter else { continue }
      }
      // A zone whose hours are not asked yet is closed until the next turn.
      if let next = runtime.index.nextEvent(), next <= now.wall { continue }
      runtime.idleReason = IdleReason.Said(word: word, at: now.monotonic)
      writeLog(
        .info, "campaign.idle",
        [("campaign", .text(runtime.id.rawValue)), ("reason", .text(idleReason(runtime).text))])
    }
  }
}
