import CSQLite
import DialerModel
import Foundation

/// One key of an order. Leads without a value come last, whatever the direction.
public struct LeadSort: Sendable, Hashable {
  public var field: FilterField
  public var descending: Bool
  public init(_ field: FilterField, descending: Bool = false) {
    self.field = field
    self.descending = descending
  }
}

/// Which leads are asked for, in which order, and where to go on.
public struct LeadQuery: Sendable {
  public var filter = FilterExpression.everything
  /// The named filters that `filter` may refer to.
  public var segments: [String: FilterExpression] = [:]
  /// Only leads of these lists (a tenant's, a campaign's); nil = of all.
  public var lists: [ListID]?
  /// Leads with a call now, for the field `live`.
  public var live: [LeadID] = []
  /// Leads whose status is another now than the one that they rest in, by that status.
  public var liveStatuses: [String: [LeadID]] = [:]
  /// Names of statuses beside the built-in ones; of several that fit the first holds.
  public var statusNames: [StatusNaming] = []
  /// Ties go by lead id, upwards.
  public var sort: [LeadSort] = []
  public var limit = 100
  /// What an earlier answer with the same sort gave as its `next`.
  public var cursor: String?
  public init() {}

  /// Whether it asks for what calls change: then the projection has to be brought up first.
  public var dependsOnCalls: Bool {
    Self.changedByCalls.contains { field in
      filter.mentions(field) { segments[$0] } || sort.contains { $0.field == field }
    }
  }

  private static let changedByCalls: [FilterField] = [
    .status, .statusName, .stage, .completed, .calledCount, .lastAttemptAt, .lastContactedAt, .lastOutcome,
    .lastAgentID, .wrapCode,
  ]
}

/// What a status is called in some lists: the wrap code of a campaign.
public struct StatusNaming: Sendable, Hashable {
  public var status: String
  public var name: String
  public var lists: [ListID]
  public init(status: String, name: String, lists: [ListID]) {
    self.status = status
    self.name = name
    self.lists = lists
  }
}

extension StoreReader {
  /// The leads that fit, in order.
  /// - Returns: up to `limit` leads, and the cursor to go on with; nil = that was all.
  /// - Throws: `other` named `cursor` or `segment` for a query that cannot be.
  public func find(_ query: LeadQuery) throws(StoreError) -> (leads: [StoredLead], next: String?) {
    var leads: [StoredLead] = []
    let next = try run(query, columns: Self.leadColumns, columnCount: Self.leadColumnCount) {
      (rows) throws(StoreError) in leads.append(try Self.read(rows))
    }
    return (leads, next)
  }

  /// The same, ids only: for what is done to many at once.
  public func findIDs(_ query: LeadQuery) throws(StoreError) -> (leadIDs: [LeadID], next: String?) {
    var ids: [LeadID] = []
    let next = try run(query, columns: "leadID", columnCount: 1) { (rows) throws(StoreError) in
      ids.append(LeadID(UInt32(truncatingIfNeeded: rows.integer(0))))
    }
    return (ids, next)
  }

  /// How many leads fit.
  public func count(_ query: LeadQuery) throws(StoreError) -> Int {
    var sql = SQLText()
    sql.append("SELECT count(*) FROM \(Self.leadTables) WHERE ")
    sql.append(try Self.scope(query, FilterSQL(query)))
    let rows = try sql.prepare(on: connection)
    defer { rows.reset() }
    return try rows.step() ? Int(rows.integer(0)) : 0
  }

  /// Evaluates conditions on leads: bit n is set when the lead meets condition n.
  ///
  /// For the filters of lists, whose parts that do not change with dialling are worked out once.
  /// - Parameters:
  ///   - conditions: at most 62.
  ///   - leads: only these; nil = all.
  public func evaluate(
    _ conditions: [FilterExpression], leads: [LeadID]? = nil, lists: [ListID]? = nil,
    segments: [String: FilterExpression] = [:], _ body: (LeadID, UInt64) -> Void
  ) throws(StoreError) {
    precondition(conditions.count <= 62, "the bits of an evaluation fit in one integer")
    let filter = FilterSQL(live: [], segments: segments)
    var query = LeadQuery()
    query.lists = lists
    var sql = SQLText()
    sql.append("SELECT leadID, 0")
    for (bit, condition) in conditions.enumerated() {
      // `|` and `<<` bind alike in SQLite.
      sql.append(" | ((")
      sql.append(try filter.condition(condition))
      sql.append(" IS TRUE) << \(bit))")
    }
    sql.append(" FROM \(Self.leadTables) WHERE ")
    sql.append(try Self.scope(query, filter))
    if let leads {
      sql.append(" AND leadID IN (SELECT value FROM json_each(", .text("\(leads.map(\.rawValue))"))
      sql.append("))")
    }
    let rows = try sql.prepare(on: connection)
    defer { rows.reset() }
    while try rows.step() {
      body(LeadID(UInt32(truncatingIfNeeded: rows.integer(0))), UInt64(bitPattern: rows.integer(1)))
    }
  }

  static func scope(_ query: LeadQuery, _ filter: FilterSQL) throws(StoreError) -> SQLText {
    var sql = SQLText()
    sql.append("\(LeadScan.visible) AND ")
    sql.append(try filter.condition(query.filter))
    if let lists = query.lists {
      // A plus sign keeps the index of lists out: what the filter asks for narrows the leads down further than a
      // tenant's lists do, and without it the leads are read in the order of their ids.
      sql.append(" AND +lead.listID IN (SELECT value FROM json_each(", .text("\(lists.map(\.rawValue))"))
      sql.append("))")
    }
    return sql
  }

  /// The query in SQL: first the columns asked for, then the keys of the order.
  func select(_ query: LeadQuery, columns: String, columnCount: Int32) throws(StoreError) -> SQLText {
    let filter = FilterSQL(query)
    let keys = query.sort.map { (sql: filter.expression(of: $0.field), descending: $0.descending) }
    var sql = SQLText()
    sql.append("SELECT \(columns)")
    for key in keys {
      sql.append(", ")
      sql.append(key.sql)
    }
    sql.append(" FROM \(Self.leadTables) WHERE ")
    sql.append(try Self.scope(query, filter))
    if let text = query.cursor {
      let cursor = try LeadCursor(text, sort: query.sort)
      sql.append(" AND ")
      sql.append(cursor.condition(keys))
    }
    sql.append(" ORDER BY ")
    for (index, key) in keys.enumerated() {
      // By column number: the expression's values are not bound a second time.
      let column = Int(columnCount) + index + 1
      sql.append("\(column) \(key.descending ? "DESC" : "ASC") NULLS LAST, ")
    }
    sql.append("leadID LIMIT ", .integer(Int64(query.limit) + 1))
    return sql
  }

  /// Whether it may take a pass over the leads, or over a good part of them, to answer: no index says which leads these
  /// are, or only within bounds.
  public func takesPass(_ query: LeadQuery) throws(StoreError) -> Bool {
    var explained = SQLText()
    explained.append("EXPLAIN QUERY PLAN ")
    explained.append(try select(query, columns: "leadID", columnCount: 1))
    let steps = try explained.prepare(on: connection)
    defer { steps.reset() }
    while try steps.step() {
      let step = steps.text(3)
      if ["SCAN lead", "lead_list", ">?", "<?"].contains(where: step.contains) { return true }
    }
    return false
  }

  private func run(
    _ query: LeadQuery, columns: String, columnCount: Int32, _ body: (Statement) throws(StoreError) -> Void
  ) throws(StoreError) -> String? {
    let rows = try select(query, columns: columns, columnCount: columnCount).prepare(on: connection)
    defer { rows.reset() }
    var count = 0
    var cursor: LeadCursor?
    while try rows.step() {
      if count == query.limit { return cursor?.text }
      count += 1
      try body(rows)
      if count == query.limit {
        let values = query.sort.indices.map { LeadCursor.value(rows, columnCount + Int32($0)) }
        cursor = LeadCursor(sort: query.sort, values: values, leadID: rows.integer(0))
      }
    }
    return nil
  }
}

/// The place of one lead in an order, as text that a client gives back.
struct LeadCursor {
  let sort: [LeadSort]
  let values: [JSON]
  let leadID: Int64

  init(sort: [LeadSort], values: [JSON], leadID: Int64) {
    self.sort = sort
    self.values = values
    self.leadID = leadID
  }

  private static func words(_ sort: [LeadSort]) -> JSON {
    .array(sort.map { .string(($0.descending ? "-" : "") + $0.field.name) })
  }

  var text: String {
    Data(JSON.array([Self.words(sort), .array(values), .integer(leadID)]).text.utf8).base64EncodedString()
  }

  /// - Throws: `other` named `cursor` for a text that is no cursor of this sort.
  init(_ text: String, sort: [LeadSort]) throws(StoreError) {
    guard let data = Data(base64Encoded: text), let json = try? JSON(parsing: [UInt8](data)),
      json[0] == Self.words(sort), let values = json[1]?.arrayValue, values.count == sort.count,
      let leadID = json[2]?.integerValue
    else {
      throw StoreError(
        operation: "find", kind: .other, name: StoreError.badCursor, message: "the cursor does not belong to this query"
      )
    }
    self.sort = sort
    self.values = values
    self.leadID = leadID
  }

  static func value(_ rows: Statement, _ column: Int32) -> JSON {
    switch sqlite3_column_type(rows.handle, column) {
    case SQLITE_INTEGER: .integer(rows.integer(column))
    case SQLITE_FLOAT: .number(rows.double(column))
    case SQLITE_NULL: .null
    default: .string(rows.text(column))
    }
  }

  /// What comes after this place: after by the first key, or equal there and after by the next, …
  func condition(_ keys: [(sql: SQLText, descending: Bool)]) -> SQLText {
    var sql = SQLText()
    sql.append("(")
    for depth in keys.indices {
      if values[depth].isNull { continue }
      appendEqual(keys.prefix(depth), to: &sql)
      // Those without a value come after all that have one.
      sql.append("(")
      sql.append(keys[depth].sql)
      sql.append(keys[depth].descending ? " < " : " > ", bound(depth))
      sql.append(" OR ")
      sql.append(keys[depth].sql)
      sql.append(" IS NULL) OR ")
    }
    appendEqual(keys[...], to: &sql)
    sql.append("leadID > ", .integer(leadID))
    sql.append(")")
    return sql
  }

  private func appendEqual(_ keys: ArraySlice<(sql: SQLText, descending: Bool)>, to sql: inout SQLText) {
    for index in keys.indices {
      sql.append(keys[index].sql)
      sql.append(" IS ", bound(index))
      sql.append(" AND ")
    }
  }

  private func bound(_ index: Int) -> SQLText.Value {
    switch values[index] {
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .string(let value): .text(value)
    default: .null
    }
  }
}
