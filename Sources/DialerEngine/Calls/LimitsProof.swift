import DialerModel
import DialingRules

/// What the gap, the limits and the holds of a profile ask for at a time, in the words of the evidence: JSON text made
/// once for all claims of a profile and second, in which only what stands against each of them is left to be written.
/// Most claims are of leads that nobody has called: for them all of it is there.
final class LimitsProof {
  private struct Part {
    var limit: AttemptLimit
    /// An object that is not closed yet.
    var text: [UInt8]
  }

  /// The campaign's, for which it was made.
  private let limits: [AttemptLimit]
  private let minimumGap: Interval
  /// Empty: there is no gap.
  private var gap: [UInt8] = []
  private var parts: [Part] = []
  /// The longest that holds, in an object that is not closed yet; empty = none does.
  private var hold: [UInt8] = []
  /// All of it for somebody whom nobody has called, up to the end of ``hold``.
  private var blank: [UInt8] = []

  init(_ rules: CampaignRules, _ hours: HoursProfile, at now: Instant) {
    limits = rules.attemptLimits
    minimumGap = rules.minimumGap
    var writer = JSONWriter()
    if minimumGap > .zero {
      writer.member("minimumGapSeconds", minimumGap)
      gap = writer.take()
    }
    parts = limits.map { Part(limit: $0, text: Self.text(of: $0, region: nil)) }
    for timed in hours.limits where timed.holds(at: now) {
      parts.append(Part(limit: timed.limit, text: Self.text(of: timed.limit, region: timed.region)))
    }
    if let longest = Self.longest(of: hours.holds, at: now) {
      writer.key("abandonHold")
      writer.beginObject()
      writer.member("region", longest.region)
      writer.member("holdSeconds", longest.hold)
      hold = writer.take()
    }
    write(to: &writer, count: { _ in 0 })
    blank = writer.take()
  }

  func isFor(_ rules: CampaignRules) -> Bool { minimumGap == rules.minimumGap && limits == rules.attemptLimits }

  /// - Parameter phone: the number that is dialled.
  func write(
    _ history: LeadHistory, _ phone: PhoneNumber, agentInHand: Bool, at now: Instant, to writer: inout JSONWriter
  ) {
    if history.isBlank(phone: phone) {
      if !blank.isEmpty { writer.member(raw: blank) }
    } else {
      write(to: &writer) { history.count($0, phone: phone, at: now) }
      // What an earlier abandoned call asked for, and why this call was made all the same.
      if !hold.isEmpty, let abandoned = history.lastAbandoned(phone: phone) {
        writer.member("abandonedAt", abandoned)
      }
    }
    guard !hold.isEmpty else { return }
    writer.member("agentInHand", agentInHand)
    writer.endObject()
  }

  private func write(to writer: inout JSONWriter, count: (AttemptLimit) -> Int) {
    if !gap.isEmpty { writer.member(raw: gap) }
    if !parts.isEmpty {
      writer.key("attemptLimits")
      writer.beginArray()
      for part in parts {
        writer.value(raw: part.text)
        writer.member("count", Int64(count(part.limit)))
        writer.endObject()
      }
      writer.endArray()
    }
    if !hold.isEmpty { writer.member(raw: hold) }
  }

  /// - Parameter region: that the limit comes from; nil = the campaign.
  private static func text(of limit: AttemptLimit, region: String?) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    if let region, !region.isEmpty { writer.member("region", region) }
    writer.member("scope", limit.scope.rawValue)
    writer.member("counts", limit.counts.rawValue)
    writer.member("windowSeconds", limit.window)
    writer.member("limit", Int64(limit.count))
    return writer.take()
  }

  private static func longest(of holds: [TimedHold], at now: Instant) -> TimedHold? {
    var longest: TimedHold?
    for hold in holds where hold.holds(at: now) {
      if longest.map({ $0.hold < hold.hold }) ?? true { longest = hold }
    }
    return longest
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
