import ControlProtocol
import DialerModel

/// The record of each call that 16 CFR 310.5(a)(2) asks a telemarketer to keep, as CSV (RFC 4180).
///
/// What the campaign said stands in the evidence, as it was when the call was claimed; the course of the call in the
/// attempt.
public enum EvidenceTable {
  /// Attempts a piece: some hundred kilobytes.
  public static let attemptsAtOnce = 200

  private static let columns = [
    "attemptID", "callID", "leadID", "vendorLeadCode", "campaignID", "telemarketer", "seller", "goods", "callType",
    "outbound", "prerecorded", "callingNumber", "calledNumber", "date", "timeUTC", "calledLocalTime", "timeZone",
    "durationSeconds", "script", "callerIDNumber", "callerIDName", "callerIDProof", "disposition", "wrapCode",
    "transferredTo",
  ]

  /// - Parameter withHeading: for the first piece.
  public static func text(_ attempts: [Attempt], withHeading: Bool) -> String {
    var text = withHeading ? line(columns) : ""
    for attempt in attempts { text += line(cells(attempt)) }
    return text
  }

  private static func line(_ cells: [String]) -> String {
    SpreadsheetCell.line(cells.map { SpreadsheetCell.text(.string($0)) })
  }

  private static func cells(_ attempt: Attempt) -> [String] {
    let evidence = (try? JSON(parsing: attempt.evidence)) ?? .null
    func said(_ key: String) -> String { evidence["callDetail"]?[key]?.stringValue ?? "" }
    let prerecorded = evidence["callDetail"]?["prerecorded"]?.boolValue.map { $0 ? "yes" : "no" } ?? ""
    let started = attempt.startedAt.description
    return [
      "\(attempt.attemptID)", attempt.callID.rawValue, "\(attempt.leadID)", attempt.vendorLeadCode ?? "",
      attempt.campaignID.rawValue, said("telemarketer"), said("seller"), said("goods"), said("callType"), "yes",
      prerecorded, attempt.callerID ?? "", attempt.phone.e164, String(started.prefix(10)),
      String(started.dropFirst(11).prefix(8)), evidence["localTime"]?.stringValue ?? "",
      evidence["timeZone"]?.stringValue ?? "", duration(attempt), said("script"), attempt.callerID ?? "",
      said("callerIDName"), said("callerIDProof"), attempt.outcome?.word ?? "", attempt.wrapCode ?? "",
      attempt.connectedAt == nil ? "" : attempt.agentID?.rawValue ?? "",
    ]
  }

  /// From the answer to the end; 0 for a call that nobody answered, empty for one that has not ended.
  private static func duration(_ attempt: Attempt) -> String {
    guard let ended = attempt.endedAt else { return "" }
    return JSON(attempt.answeredAt.map { ended - $0 } ?? .zero).text
  }
}
