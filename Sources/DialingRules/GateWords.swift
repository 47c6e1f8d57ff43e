import DialerModel

/// The line behind each gate: the values that were compared, whether it passes or not.
struct GateWords {
  let lead: LeadFacts
  let rules: CampaignRules
  let verdict: Verdict
  let evidence: HoursEvidence
  /// What the clock of the deciding zone shows when the hours change.
  let change: LocalTime
  let names: Explanation.Names
  let now: Instant

  private var state: LeadState { lead.record.state }

  func detail(of gate: Gate) -> String {
    switch gate {
    case .campaignRunning: "\(names.campaign) is \(rules.state.rawValue)"
    case .listToDial: list
    case .status: status
    case .notLive: live
    case .callablePhone: phone
    case .doNotCall: doNotCall
    case .callingHours: hours
    case .calledCountLimit: calledCount
    case .retryTime: retry
    case .listFilter:
      lead.filterTakes ? "no filter leaves the lead out" : "the filter of \(names.list) leaves the lead out"
    case .trunkCapacity: lead.capacity.trunk ? "a trunk has room" : names.trunk ?? "no trunk has room"
    case .agentAvailable:
      lead.capacity.agent ? "an agent is available or none is needed" : names.agent ?? "no agent is ready"
    case .attemptLimits, .minimumGap: ""
    }
  }

  private var list: String {
    var faults: [String] = []
    if !lead.list.assigned { faults.append("is not assigned to \(names.campaign)") }
    if !lead.list.toDial { faults.append("is not marked to dial") }
    if !lead.list.active { faults.append("is not active") }
    if now >= lead.list.expiresAt { faults.append("expired at \(lead.list.expiresAt)") }
    if faults.isEmpty { faults.append("is active and marked to dial") }
    return "\(names.list) \(faults.joined(separator: ", "))"
  }

  private var status: String {
    var parts = ["status \(state.status)"]
    if let name = StatusName.name(of: state.status.description) { parts[0] += " (\(name))" }
    if state.completed { parts.append("completed") }
    if state.archived { parts.append("archived") }
    if state.status.forbidsDialing { parts.append("a lead in this status is not dialled") }
    if state.status.isLive { parts.append("a call is going on") }
    if !rules.dialable.isEmpty {
      parts.append("the strategy dials \(rules.dialable.map(\.description).joined(separator: ", "))")
    }
    return parts.joined(separator: ", ")
  }

  private var live: String {
    var faults: [String] = []
    if lead.live.contains(.lead) { faults.append("the lead has a call") }
    if lead.live.contains(.reserved) { faults.append("the lead is reserved") }
    if lead.live.contains(.person) { faults.append("another lead of this person has a call or a reservation") }
    if isLive(verdict.judgedPhoneIndex) { faults.append("\(number(verdict.judgedPhoneIndex)) has a call") }
    guard !faults.isEmpty else { return "neither the lead nor the number nor the person has a call" }
    return faults.joined(separator: ", ") + (names.live.map { " (\($0))" } ?? "")
  }

  private func isLive(_ index: Int) -> Bool { index >= 0 && lead.livePhones & (1 << UInt8(index)) != 0 }

  private func number(_ index: Int) -> String {
    guard (0..<PhoneSet.capacity).contains(index), let phone = lead.record.phones[index] else { return "no number" }
    return "phone\(index + 1) \(phone.e164)"
  }

  /// What is the matter with each phone that is passed over.
  private var phone: String {
    var passedOver: [String] = []
    for index in 0..<PhoneSet.capacity where lead.record.phones[index] != nil && index != verdict.phoneIndex {
      let bit = UInt8(1) << UInt8(index)
      var faults: [String] = []
      if lead.invalidPhones & bit != 0 { faults.append("not valid") }
      if state.spentPhones & bit != 0 { faults.append("spent") }
      if lead.doNotCallPhones & bit != 0 { faults.append("on a do-not-call list") }
      if rules.phoneOrder.place(of: index) == nil { faults.append("not in the phone order") }
      if !faults.isEmpty { passedOver.append("phone\(index + 1) \(faults.joined(separator: " and "))") }
    }
    let chosen =
      verdict.phoneIndex >= 0
      ? "\(number(verdict.phoneIndex)) is next"
      : lead.record.phones.all.isEmpty ? "the lead has no phone" : "no phone is left"
    return ([chosen] + passedOver).joined(separator: ", ")
  }

  private var doNotCall: String {
    guard verdict.failing.contains(.doNotCall) else {
      return verdict.phoneIndex >= 0
        ? "\(number(verdict.phoneIndex)) is on no do-not-call list" : "no number to look up"
    }
    let listed = (0..<PhoneSet.capacity).filter {
      lead.record.phones[$0] != nil && lead.doNotCallPhones & (1 << UInt8($0)) != 0
    }
    return "on a do-not-call list: \(listed.map { number($0) }.joined(separator: ", "))"
  }

  private var hours: String {
    if evidence.zoneIsMissing {
      return "the tz database has no time zone \(evidence.zone); closed until it has, or the lead gets another"
    }
    let time = "local time \(evidence.localTime.clock) \(evidence.localTime.weekdayName) in \(evidence.zone)"
    var rule = names.callingHours
    if let region = evidence.region { rule += " \(region)" }
    if let date = evidence.specialDate { rule += date.isEmpty ? ", special date" : ", \(date)" }
    if let window = evidence.window { rule += " \(window.text)" }
    if let unknown = evidence.unknown { rule += ", \(unknown.words)" }
    guard verdict.hours.until != .distantFuture else {
      return "\(time); \(verdict.hours.open ? "always open" : "no opening within 400 days") (\(rule))"
    }
    let days = change.date.daysSinceEpoch - evidence.localTime.date.daysSinceEpoch
    let day = days == 0 ? "" : days < 7 ? "\(change.weekdayName) " : "\(change.date) "
    return "\(time); \(verdict.hours.open ? "closes" : "opens") \(day)\(change.clock) (\(rule))"
  }

  private var calledCount: String {
    rules.calledCountLimit == .max
      ? "called \(state.calledCount), no limit" : "called \(state.calledCount) of at most \(rules.calledCountLimit)"
  }

  private var retry: String {
    if let callback = lead.callback {
      var text = "callback agreed for \(callback.at)"
      if callback.waitsForAgent {
        text += callback.until == .distantFuture ? ", with its agent" : ", with its agent until \(callback.until)"
      }
      return text
    }
    let outcome = state.lastOutcome.map { "after \($0.word)" } ?? "never called"
    if state.retryAt == .distantFuture { return "\(outcome): its retries have ended" }
    if state.retryAt > now { return "\(outcome): not before \(state.retryAt)" }
    return state.retryAt.milliseconds == 0 ? "\(outcome): no wait" : "\(outcome): the wait ended \(state.retryAt)"
  }
}

// MARK: - History

extension GateWords {
  func limits(_ regional: [TimedLimit], _ history: some AttemptHistory) -> String {
    var parts = rules.attemptLimits.map { words($0, history) }
    for timed in regional where timed.holds(at: now) { parts.append("\(timed.region): \(words(timed.limit, history))") }
    return parts.isEmpty ? "no limits" : parts.joined(separator: "; ")
  }

  private func words(_ limit: AttemptLimit, _ history: some AttemptHistory) -> String {
    let phone =
      (verdict.judgedPhoneIndex >= 0 ? lead.record.phones[verdict.judgedPhoneIndex] : nil) ?? PhoneNumber(digits: 0)
    var used = 0
    while used < limit.count, !(limit.scope == .phone && phone.digits == 0),
      let attempt = history.nth(used + 1, newest: limit.scope, counts: limit.counts, phone: phone),
      attempt + limit.window > now
    {
      used += 1
    }
    let window = Self.words(limit.window)
    return "\(used) of at most \(limit.count) \(limit.counts.rawValue) to the \(limit.scope.rawValue) in \(window)"
  }

  /// The campaign's gap, and what an abandoned call asks for.
  func gap(_ holds: [TimedHold], _ history: some AttemptHistory) -> String {
    let phone =
      (verdict.judgedPhoneIndex >= 0 ? lead.record.phones[verdict.judgedPhoneIndex] : nil) ?? PhoneNumber(digits: 0)
    var parts: [String] = []
    let abandoned = history.lastAbandoned(phone: phone)
    for hold in holds where hold.holds(at: now) {
      guard let abandoned, abandoned + hold.hold > now else { continue }
      let agent =
        lead.agentInHand ? "an agent is in hand" : "no call without an agent in hand until \(abandoned + hold.hold)"
      parts.append("\(hold.region): call abandoned \(abandoned), \(agent)")
    }
    return ([gap(last: history.lastToPerson)] + parts).joined(separator: "; ")
  }

  private func gap(last: Instant?) -> String {
    guard rules.minimumGap.milliseconds > 0 else { return "no minimum gap" }
    let gap = Self.words(rules.minimumGap)
    return last.map { "last attempt to this person \($0), at least \(gap) ago is asked for" }
      ?? "no attempt to this person yet, gap \(gap)"
  }

  /// `24 h`, `90 min`, `1.5 s`: the largest unit without a remainder.
  static func words(_ interval: Interval) -> String {
    let milliseconds = interval.milliseconds
    if milliseconds == 0 { return "0 s" }
    if milliseconds % 86_400_000 == 0, milliseconds > 86_400_000 { return "\(milliseconds / 86_400_000) days" }
    if milliseconds % 3_600_000 == 0 { return "\(milliseconds / 3_600_000) h" }
    if milliseconds % 60_000 == 0 { return "\(milliseconds / 60_000) min" }
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(interval.seconds) s"
  }
}
