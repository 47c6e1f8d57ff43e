import DialerModel

/// One column of an export: a field of a lead.
struct ExportColumn: Sendable, Hashable {
  let name: String

  /// Every field that `lead.get` shows but objects, and `phones`, which are all numbers in one cell.
  static let names: [String] = FilterField.all.map(\.name).filter { $0 != "phone" && $0 != "live" } + ["phones"]

  /// What tells one lead from another, who it is, and how it stands. An import takes them as they are.
  static let standard: [ExportColumn] = [
    "leadID", "vendorLeadCode", "listID", "listName", "firstName", "lastName", "phone1", "phone2", "phone3", "phone4",
    "phone5", "email", "source", "state", "postalCode", "region", "timeZone", "rank", "owner", "status", "statusName",
    "stage", "completed", "calledCount", "lastAttemptAt", "lastOutcome", "wrapCode", "callbackAt", "createdAt",
  ].map { ExportColumn(known: $0) }

  private init(known name: String) { self.name = name }

  /// Nil for a name that is no field. Names are taken as the flags are, in any case and with hyphens; those of custom
  /// fields as they stand.
  init?(_ text: String) {
    if case .custom? = FilterField(name: text) {
      name = text
    } else if let found = Self.names.first(where: { FlagName.folded($0) == FlagName.folded(text) }) {
      name = found
    } else {
      return nil
    }
  }

  func value(of lead: JSON) -> JSON {
    if case .custom(let field)? = FilterField(name: name) { return lead["custom"]?[field] ?? .null }
    let value = lead[name] ?? .null
    guard name == "phones" else { return value }
    return .string((value.arrayValue ?? []).compactMap(\.stringValue).joined(separator: " "))
  }
}
