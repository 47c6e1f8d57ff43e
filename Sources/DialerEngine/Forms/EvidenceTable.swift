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
    var text = withHeading ? CSVLine.text(columns) : ""
    for attempt in attempts { text += CSVLine.text(cells(attempt)) }
    return text
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

/// One line of CSV that a spreadsheet takes for text.
enum CSVLine {
  static func text(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

  /// A cell that a spreadsheet would take for a formula gets an apostrophe before it, which it does not show; a number is
  /// none, with or without its sign.
  static func cell(_ text: String) -> String {
    let guarded = isFormula(text) ? "'" + text : text
    let needsQuotes = guarded.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    return needsQuotes ? "\"" + guarded.replacing("\"", with: "\"\"") + "\"" : guarded
  }

  private static func isFormula(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return false }
    switch first {
    case UInt8(ascii: "="), UInt8(ascii: "@"), 0x09, 0x0D, 0x0A: return true
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      return text.utf8.count == 1 || !text.utf8.dropFirst().allSatisfy { (48...57).contains($0) || $0 == 0x2E }
    default: return false
    }
  }
}
