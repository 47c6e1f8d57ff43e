import DialerModel

/// What a field of a lead is in SQL, over `lead` joined with `lead_detail`.
struct FieldSQL {
  /// Leads with a call now, for the field `live`: a JSON array of ids.
  private let live: String
  /// The same of the leads that are in such a status now.
  private let statuses: [(status: String, leads: String)]
  /// With the lists that they hold in, as a JSON array.
  private let names: [(status: String, name: String, lists: String)]

  init(live: [LeadID], statuses: [String: [LeadID]] = [:], names: [StatusNaming] = []) {
    self.live = "\(live.map(\.rawValue))"
    self.statuses = statuses.keys.sorted().map { ($0, "\(statuses[$0, default: []].map(\.rawValue))") }
    self.names = names.map { ($0.status, $0.name, "\($0.lists.map(\.rawValue))") }
  }

  /// An expression of the field's value, null when it has none.
  func expression(of field: FilterField) -> SQLText {
    var sql = SQLText()
    switch field {
    case .live:
      sql.append("(lead.leadID IN (SELECT value FROM json_each(", .text(live))
      sql.append(")))")
    case .custom(let name):
      sql = Self.custom("json_extract", "atom", name)
    case .status: sql = status
    case .statusName: sql = statusName
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
    case .enteredAt: "lead.entered"
    case .lastAttemptAt: "nullif(lead.lastAttemptAt, 0)"
    case .callbackAt: "(SELECT min(c.at) FROM callback c WHERE c.leadID = lead.leadID)"
    case .source, .firstName, .lastName, .email, .postalCode, .owner, .createdAt, .updatedAt:
      "lead_detail.\(field.name)"
    default: "lead.\(field.name)"
    }
  }

  /// As `lead.get` shows it: a lead in a call, or reserved, is not in the status that it rests in.
  private var status: SQLText {
    var sql = SQLText()
    guard !statuses.isEmpty else {
      sql.append("lead.status")
      return sql
    }
    sql.append("(CASE")
    for (status, leads) in statuses {
      sql.append(" WHEN lead.leadID IN (SELECT value FROM json_each(", .text(leads))
      sql.append(")) THEN ", .text(status))
    }
    sql.append(" ELSE lead.status END)")
    return sql
  }

  /// A built-in status has its name everywhere, a wrap code in the lists of its campaign.
  private var statusName: SQLText {
    var sql = SQLText()
    sql.append("coalesce((CASE ")
    sql.append(status)
    // Our own words, without a quotation mark in them.
    for known in StatusName.builtIn { sql.append(" WHEN '\(known.code)' THEN '\(known.name)'") }
    sql.append(" END), ")
    sql.append(names.isEmpty ? "NULL" : "CASE")
    for (status, name, lists) in names {
      sql.append(" WHEN lead.status = ", .text(status))
      sql.append(" AND lead.listID IN (SELECT value FROM json_each(", .text(lists))
      sql.append(")) THEN ", .text(name))
    }
    sql.append(names.isEmpty ? ")" : " END)")
    return sql
  }

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
