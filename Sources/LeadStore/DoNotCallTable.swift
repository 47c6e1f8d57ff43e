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
  func stream(_ body: (DoNotCallEntry) -> Void) throws(StoreError) {
    let scopes = try connection.prepare("SELECT scope, kind, id FROM dnc_scope ORDER BY scope")
    let rows = try connection.prepare("SELECT isPrefix, digits FROM dnc WHERE scope = ? ORDER BY isPrefix, digits")
    while try scopes.step() {
      let scope = Self.scope(kind: scopes.integer(1), id: scopes.text(2))
      rows.bind(1, scopes.integer(0))
      while try rows.step() {
        let digits = UInt64(bitPattern: rows.integer(1))
        body(DoNotCallEntry(scope: scope, digits: digits, isPrefix: rows.integer(0) != 0))
      }
      rows.reset()
    }
  }

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
