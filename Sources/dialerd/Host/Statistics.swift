import DialerModel
import LeadStore

/// The counts of a campaign as `campaign.stats` shows them.
enum Statistics {
  static func json(_ counts: [CallCount]) -> JSON {
    let calls = counts.reduce(0) { $0 + $1.counted }
    let contacts = contacts(counts)
    let abandoned = abandoned(counts)
    let percent = contacts > 0 ? Double(abandoned) * 100 / Double(contacts) : 0
    return [
      "calls": JSON(calls), "attempts": JSON(counts.reduce(0) { $0 + $1.calls }), "contacts": JSON(contacts),
      "abandoned": JSON(abandoned), "abandonPercent": JSON((percent * 100).rounded() / 100),
      "talkSeconds": JSON(counts.reduce(Interval.zero) { $0 + $1.talkTime }), "outcomes": .object(outcomes(counts)),
      "lists": .array(lists(counts, calls)),
    ]
  }

  /// Calls that a person answered.
  static func contacts(_ counts: [CallCount]) -> Int {
    counts.reduce(0) { $0 + ($1.outcome?.isContact == true ? $1.calls : 0) }
  }

  static func abandoned(_ counts: [CallCount]) -> Int {
    counts.reduce(0) { $0 + ($1.outcome == .dropped ? $1.calls : 0) }
  }

  private static func outcomes(_ counts: [CallCount]) -> JSONObject {
    var form = JSONObject()
    for outcome in Outcome.allCases {
      let count = counts.reduce(0) { $0 + ($1.outcome == outcome ? $1.calls : 0) }
      if count > 0 { form.append(outcome.word, JSON(count)) }
    }
    return form
  }

  private static func lists(_ counts: [CallCount], _ calls: Int) -> [JSON] {
    Set(counts.map(\.listID)).sorted().map { id in
      let dialled = counts.reduce(0) { $0 + ($1.listID == id ? $1.counted : 0) }
      return [
        "listID": JSON(id.rawValue), "calls": JSON(dialled),
        "callsPercent": JSON(calls > 0 ? Double(dialled) * 100 / Double(calls) : 0),
      ]
    }
  }
}
