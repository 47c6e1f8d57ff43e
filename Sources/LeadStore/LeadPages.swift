import DialerModel

/// Leads page by page, in an order that no index has.
///
/// Such a page takes a pass over all leads. Who asks for a second one will mostly ask for the rest: so many pages are
/// read ahead in that pass, as ids in the order that they had then. A lead that is gone meanwhile, or that the filter
/// takes no longer, is left out when its page is asked for. A cursor whose page is no longer kept is as good as ever: it
/// costs another pass.
///
/// For one thread at a time, as its reader.
public final class LeadPages {
  /// Leads in one pass: a megabyte of ids; more would keep a pass, and others who wait for one, only a little shorter.
  static let leadsAhead = 200_000
  /// The text of cursors may be long, where the leads are sorted by long texts.
  static let cursorBytesAhead = 4 << 20
  /// Orders in which somebody pages at once.
  static let maximumKept = 4
  /// Leads that come are missing from what was read ahead for no longer than this.
  static let life = Interval.seconds(300)

  /// What makes two questions go over the same pages.
  private struct Order: Hashable {
    var filter: FilterExpression
    var segments: [String: FilterExpression]
    var lists: [ListID]?
    var sort: [LeadSort]
    var limit: Int
  }

  private struct Ahead {
    var order: Order
    var readAt: MonotonicInstant
    /// By the cursor that asks for it.
    var pages: [String: StoreReader.PageOfIDs]
  }

  private let reader: StoreReader
  private var kept: [Ahead] = []
  /// How often leads were read ahead.
  private(set) var passes = 0

  public init(_ reader: StoreReader) { self.reader = reader }

  /// As ``StoreReader/find(_:)``; a page may have fewer leads than the limit though there are more behind it.
  public func find(
    _ query: LeadQuery, at now: MonotonicInstant
  ) throws(StoreError) -> (leads: [StoredLead], next: String?) {
    guard var cursor = query.cursor, !query.sort.isEmpty else { return try reader.find(query) }
    let pages = try pages(for: query, cursor, now)
    while let page = pages[cursor] {
      let leads = try reader.leads(page.ids, fitting: query)
      guard leads.isEmpty, let next = page.next else { return (leads, page.next) }
      cursor = next
    }
    var rest = query
    rest.cursor = cursor
    return try reader.find(rest)
  }

  private func pages(
    for query: LeadQuery, _ cursor: String, _ now: MonotonicInstant
  ) throws(StoreError) -> [String: StoreReader.PageOfIDs] {
    let order = Order(
      filter: query.filter, segments: query.segments, lists: query.lists, sort: query.sort, limit: query.limit)
    kept.removeAll { now - $0.readAt > Self.life }
    if let known = kept.first(where: { $0.order == order && $0.pages[cursor] != nil }) { return known.pages }
    kept.removeAll { $0.order == order }
    let pages = try reader.pagesOfIDs(query, leads: Self.leadsAhead, cursorBytes: Self.cursorBytesAhead)
    passes += 1
    kept = kept.suffix(Self.maximumKept - 1) + [Ahead(order: order, readAt: now, pages: pages)]
    return pages
  }
}

extension StoreReader {
  struct PageOfIDs {
    var ids: [LeadID]
    /// The cursor of the page behind it; nil = that was all.
    var next: String?
  }

  /// The page that the query asks for and those behind it, by the cursors that ask for them.
  ///
  /// - Parameters:
  ///   - count: leads at most, but one page in any case.
  ///   - cursorBytes: the cursors' text at most, but for one.
  func pagesOfIDs(
    _ query: LeadQuery, leads count: Int, cursorBytes: Int
  ) throws(StoreError) -> [String: PageOfIDs] {
    var all = query
    all.limit = max(1, count / query.limit) * query.limit
    let rows = try select(all, columns: "leadID", columnCount: 1).prepare(on: connection)
    defer { rows.reset() }
    var pages: [String: PageOfIDs] = [:]
    var start = query.cursor ?? ""
    var ids: [LeadID] = []
    var bytes = 0
    var left = all.limit
    var last: LeadCursor?
    while try rows.step() {
      if ids.count == query.limit, let next = last?.text {
        pages[start] = PageOfIDs(ids: ids, next: next)
        bytes += next.utf8.count
        guard left > 0, bytes < cursorBytes else { return pages }
        (start, ids) = (next, [])
      }
      ids.append(LeadID(UInt32(truncatingIfNeeded: rows.integer(0))))
      left -= 1
      guard ids.count == query.limit else { continue }
      let values = query.sort.indices.map { LeadCursor.value(rows, 1 + Int32($0)) }
      last = LeadCursor(sort: query.sort, values: values, leadID: rows.integer(0))
    }
    pages[start] = PageOfIDs(ids: ids, next: nil)
    return pages
  }

  /// Those of the leads that the query's filter takes now, in the order given.
  func leads(_ ids: [LeadID], fitting query: LeadQuery) throws(StoreError) -> [StoredLead] {
    var sql = SQLText()
    sql.append("SELECT \(Self.leadColumns) FROM \(Self.leadTables) WHERE ")
    sql.append(try Self.scope(query, FilterSQL(query)))
    sql.append(" AND leadID IN (SELECT value FROM json_each(", .text("\(ids.map(\.rawValue))"))
    sql.append("))")
    let rows = try sql.prepare(on: connection)
    defer { rows.reset() }
    var found: [LeadID: StoredLead] = [:]
    while try rows.step() {
      let lead = try Self.read(rows)
      found[lead.record.leadID] = lead
    }
    return ids.compactMap { found[$0] }
  }
}
