import DialerModel

/// Which members of what is listed a table shows, and what it calls them.
///
/// A lead has thirty members and a line has room for ten: for each kind those that tell one from another and say how it
/// stands. `--json` has them all.
struct ColumnChoice {
  let key: String
  let title: String

  private init(_ key: String, _ title: String) {
    self.key = key
    self.title = title
  }

  /// - Parameter kind: the key that the array stands under.
  static func columns(of kind: String, _ rows: [JSONObject]) -> [ColumnChoice] {
    guard let chosen = chosen[kind] else { return found(in: rows) }
    let shown = chosen.filter { column in rows.contains { !($0[column.key]?.isNull ?? true) } }
    return shown.isEmpty ? found(in: rows) : shown
  }

  /// The members of a kind that is not known, in the order in which they first stand, but for those that no cell can hold.
  private static func found(in rows: [JSONObject]) -> [ColumnChoice] {
    var keys: [String] = []
    for row in rows {
      for member in row.members where member.value.objectValue == nil && !keys.contains(member.key) {
        keys.append(member.key)
      }
    }
    return keys.map { ColumnChoice($0, title(of: $0)) }
  }

  /// `dialableNow` becomes `DIALABLE NOW`, `leadID` `LEAD ID`.
  static func title(of key: String) -> String {
    var title = ""
    var wasCapital = true
    for character in key {
      if character.isUppercase, !wasCapital { title += " " }
      wasCapital = character.isUppercase
      title += character.uppercased()
    }
    return title
  }

  private static func choice(_ keys: String) -> [ColumnChoice] {
    keys.split(separator: " ").map { word in
      let parts = word.split(separator: ":").map(String.init)
      return ColumnChoice(
        parts[0], parts.count > 1 ? String(parts[1].map { $0 == "_" ? " " : $0 }) : title(of: parts[0]))
    }
  }

  private static let attempts = choice(
    "attemptID:ATTEMPT startedAt:STARTED leadID:LEAD vendorLeadCode:VENDOR_CODE campaignID:CAMPAIGN listID:LIST phone "
      + "trunk agentID:AGENT outcome status ringSeconds:RING talkSeconds:TALK callID:CALL")

  private static let chosen: [String: [ColumnChoice]] = [
    "leads": choice(
      "leadID:LEAD vendorLeadCode:VENDOR_CODE listID:LIST firstName:FIRST_NAME lastName:LAST_NAME phones status stage "
        + "completed:DONE calledCount:CALLED lastOutcome:LAST_OUTCOME lastAttemptAt:LAST_ATTEMPT callbackAt:CALLBACK"),
    "attempts": attempts,
    "calls": attempts,
    "campaigns": choice(
      "campaignID:CAMPAIGN name state dialMode:MODE timeZone callingHours listWeighting:WEIGHTING maximumLiveCalls:CALLS "
        + "callsPerSecond:PER_SECOND"),
    "lists": choice(
      "listID:LIST name tenant owner active expiresAt:EXPIRES toDial:TO_DIAL weight sharePercent:SHARE_% strategy total "
        + "leads dialable dialableNow:DIALABLE calls dialled"),
    "agents": choice("agentID:AGENT state since callID:CALL reason campaignIDs:CAMPAIGNS extension"),
    "strategies": choice("strategyID:STRATEGY name order newEvery:NEW_EVERY phonePolicy:PHONES calledCountLimit:LIMIT"),
    "callingHours": choice("callingHoursID:CALLING_HOURS name unknownRegion version source"),
    "trunks": choice(
      "name:TRUNK kind state liveCalls:LIVE maximumCalls:MAXIMUM callsPerSecond:PER_SECOND"),
    "gates": choice("gate passes until detail"),
    "phones": choice("phone listed by reason"),
  ]
}
