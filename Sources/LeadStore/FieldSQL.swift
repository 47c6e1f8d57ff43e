import DialerModel

/// What a field of a lead is in SQL, over `lead` joined with `lead_detail`.
struct FieldSQL {
  /// Leads with a call now, for the field `live`: a JSON array of ids.
  let live: String

  /// An expression of the field's value, null when it has none.
  func expression(of field: FilterField) -> SQLText {
    var sql = SQLText()
    switch field {
    case .live:
      sql.append("(lead.leadID IN (SELECT value FROM json_each(", .text(live))
      sql.append(")))")
    case .custom(let name):
      sql = Self.custom("json_extract", "atom", name)
    default: sql.append(Self.fixed(field))
    }
    return sql
  }

  /// The JSON type of a custom field: `text`, `integer`, `real`, `true`, `false`, `null` …; null when it has none.
  static func customType(_ name: String) -> SQLText { custom("json_type", "type", name) }

  /// A path is faster; but in a path no name with a quotation mark can be written.
  private static func custom(_ function: String, _ column: String, _ name: String) -> SQLText {
    var sql = SQLText()
    if name.utf8.contains(UInt8(ascii: "\"")) {
      sql.append("(SELECT j.\(column) FROM json_each(lead_detail.custom) j WHERE j.key = ", .text(name))
    } else {
      sql.append("\(function)(lead_detail.custom, ", .text("$.\"\(name)\""))
    }
    sql.append(")")
    return sql
  }

  private static func fixed(_ field: FilterField) -> String {
    switch field {
    case .listName: "(SELECT l.name FROM list l WHERE l.listID = lead.listID)"
    case .phone: "lead.phone1"
    case .timeZone: "(SELECT z.name FROM zone z WHERE z.zone = lead.zone)"
    case .timeZoneSource: "lead.zoneSource"
    case .region, .state: "(SELECT p.\(field.name) FROM place p WHERE p.place = lead.place)"
    case .statusName: statusName
    case .lastAttemptAt: "nullif(lead.lastAttemptAt, 0)"
    case .callbackAt: "(SELECT min(c.at) FROM callback c WHERE c.leadID = lead.leadID)"
    case .source, .firstName, .lastName, .email, .postalCode, .owner, .createdAt, .updatedAt:
      "lead_detail.\(field.name)"
    default: "lead.\(field.name)"
    }
  }

  /// Our own words, without a quotation mark in them.
  private static let statusName =
    "(CASE lead.status " + StatusName.builtIn.map { "WHEN '\($0.code)' THEN '\($0.name)'" }.joined(separator: " ")
    + " END)"

  /// What stands for a value in the database.
  static func value(_ value: FilterValue, of field: FilterField) -> SQLText.Value {
    switch value {
    case .integer(let number): .integer(number)
    case .number(let number): .number(number)
    case .boolean(let flag): .integer(flag ? 1 : 0)
    case .instant(let instant): .integer(instant.milliseconds)
    case .phone(let phone): .integer(Int64(bitPattern: phone.digits))
    case .text(let text): word(text, of: field)
    }
  }

  /// Words are kept as numbers. One that is none equals nothing.
  private static func word(_ text: String, of field: FilterField) -> SQLText.Value {
    let number: UInt8?
    switch field {
    case .timeZoneSource: number = TimeZoneSource.allCases.first { $0.word == text }?.rawValue
    case .stage: number = LeadStage.allCases.first { $0.word == text }?.rawValue
    case .lastOutcome: number = Outcome(word: text)?.rawValue
    default: return .text(text)
    }
    return number.map { .integer(Int64($0)) } ?? .null
  }
}
