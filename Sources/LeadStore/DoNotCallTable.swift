import DialerModel

/// Do-not-call numbers and prefixes: tens of millions of rows, so a scope is a small number in them.
final class DoNotCallTable {
  private let connection: Connection

  init(connection: Connection) { self.connection = connection }

  func add(_ entries: [DoNotCallEntry], reason: String?, at: Instant) throws(StoreError) {
    let insert = try connection.prepare(
      "INSERT OR IGNORE INTO dnc (scope, isPrefix, digits, reason, at) VALUES (?, ?, ?, ?, ?)")
    insert.bind(4, reason)
    insert.bind(5, at.milliseconds)
    var last: (scope: DoNotCallScope, number: Int64)?
    for entry in entries {
      if last?.scope != entry.scope { last = (entry.scope, try number(of: entry.scope)) }
      insert.bind(1, last?.number)
      insert.bind(2, entry.isPrefix ? 1 : 0)
      insert.bind(3, Int64(bitPattern: entry.digits))
      try insert.run()
    }
  }

  /// In the order of the table's key, so that each page is written once.
  func add(_ batch: DoNotCallBatch, reason: String?, at: Instant) throws(StoreError) {
    let insert = try connection.cached(
      "INSERT OR IGNORE INTO dnc (scope, isPrefix, digits, reason, at) VALUES (?, ?, ?, ?, ?)")
    insert.bind(1, try number(of: batch.scope))
    insert.bind(2, batch.isPrefix ? 1 : 0)
    insert.bind(4, reason)
    insert.bind(5, at.milliseconds)
    for digits in batch.digits {
      insert.bind(3, Int64(bitPattern: digits))
      try insert.run()
    }
  }

  func remove(_ entries: [DoNotCallEntry]) throws(StoreError) {
    let delete = try connection.prepare("DELETE FROM dnc WHERE scope = ? AND isPrefix = ? AND digits = ?")
    for entry in entries {
      delete.bind(1, try number(of: entry.scope))
      delete.bind(2, entry.isPrefix ? 1 : 0)
      delete.bind(3, Int64(bitPattern: entry.digits))
      try delete.run()
    }
  }

  /// Streams every entry, in the order of scope, kind and digits.
  func stream(_ body: (DoNotCallBatch) -> Void) throws(StoreError) {
    let scopes = try connection.prepare("SELECT scope, kind, id FROM dnc_scope ORDER BY scope")
    let rows = try connection.prepare("SELECT digits FROM dnc WHERE scope = ? AND isPrefix = ? ORDER BY digits")
    while try scopes.step() {
      for isPrefix in [false, true] {
        var batch = DoNotCallBatch(
          scope: Self.scope(kind: scopes.integer(1), id: scopes.text(2)), isPrefix: isPrefix, digits: [])
        batch.digits.reserveCapacity(Self.batchSize)
        rows.bind(1, scopes.integer(0))
        rows.bind(2, isPrefix ? 1 : 0)
        while try rows.step() {
          batch.digits.append(UInt64(bitPattern: rows.integer(0)))
          guard batch.digits.count == Self.batchSize else { continue }
          body(batch)
          batch.digits.removeAll(keepingCapacity: true)
        }
        rows.reset()
        if !batch.digits.isEmpty { body(batch) }
      }
    }
  }

  /// A few blocks of the index that they go into; they stay in the cache on their way.
  private static let batchSize = 16_384

  /// The number of the scope, given out when it is seen for the first time.
  private func number(of scope: DoNotCallScope) throws(StoreError) -> Int64 {
    let (kind, id): (Int64, String) =
      switch scope {
      case .everyone: (0, "")
      case .tenant(let tenant): (1, tenant.rawValue)
      case .campaign(let campaign): (2, campaign.rawValue)
      }
    let insert = try connection.cached("INSERT OR IGNORE INTO dnc_scope (kind, id) VALUES (?, ?)")
    insert.bind(1, kind)
    insert.bind(2, id)
    try insert.run()
    let found = try connection.number("SELECT scope FROM dnc_scope WHERE kind = ? AND id = ?") {
      $0.bind(1, kind)
      $0.bind(2, id)
    }
    return found ?? 0
  }

  private static func scope(kind: Int64, id: String) -> DoNotCallScope {
    switch kind {
    case 1: .tenant(TenantID(id))
    case 2: .campaign(CampaignID(id))
    default: .everyone
    }
  }
}
