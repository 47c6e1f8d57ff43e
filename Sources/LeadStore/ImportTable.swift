import DialerModel

/// Imports, templates, and the leads of the one commit that is under way.
struct ImportTable {
  let connection: Connection

  func apply(_ change: StoreChange, _ state: inout WriterState) throws(StoreError) {
    switch change {
    case .hideLeads(let first, let count): try hide(first, count, &state)
    case .showLeads: try connection.cached("DELETE FROM hidden_leads").run()
    case .deleteHiddenLeads(let first, let count): try deleteHidden(first, count)
    case .putImport(let record):
      try DocumentTable(connection: connection).put("import", id: record.importID.rawValue, record)
    case .deleteImport(let id): try DocumentTable(connection: connection).delete("import", id: id.rawValue)
    case .putErasure(let erasure):
      try DocumentTable(connection: connection).put("staged_erasure", id: "\(erasure.number)", erasure)
    case .deleteErasure(let number): try DocumentTable(connection: connection).delete("staged_erasure", id: "\(number)")
    case .putTemplate(let template): try put(template)
    case .deleteTemplate(let name, let tenant): try delete(template: name, tenant)
    default: preconditionFailure("no change of an import")
    }
  }

  private func hide(_ first: LeadID, _ count: Int, _ state: inout WriterState) throws(StoreError) {
    let statement = try connection.cached("INSERT OR REPLACE INTO hidden_leads VALUES (1, ?, ?)")
    let last = Int64(first.rawValue) + Int64(count) - 1
    statement.bind(1, Int64(first.rawValue))
    statement.bind(2, last)
    try statement.run()
    // An id is never used twice, whatever becomes of the import.
    state.nextLeadID = max(state.nextLeadID, last + 1)
  }

  /// Nobody has seen them: there is no call, no callback and no event of theirs.
  private func deleteHidden(_ first: LeadID, _ count: Int) throws(StoreError) {
    for sql in [
      "DELETE FROM lead_detail WHERE leadID BETWEEN ? AND ?", "DELETE FROM lead WHERE leadID BETWEEN ? AND ?",
    ] {
      let statement = try connection.cached(sql)
      statement.bind(1, Int64(first.rawValue))
      statement.bind(2, Int64(first.rawValue) + Int64(count) - 1)
      try statement.run()
    }
  }

  private func put(_ template: ImportTemplate) throws(StoreError) {
    let statement = try connection.cached("INSERT OR REPLACE INTO import_template VALUES (?, ?, ?)")
    statement.bind(1, template.tenant.rawValue)
    statement.bind(2, template.name)
    statement.bind(3, try DocumentTable.text(template))
    try statement.run()
  }

  private func delete(template: String, _ tenant: TenantID) throws(StoreError) {
    let statement = try connection.cached("DELETE FROM import_template WHERE tenant = ? AND name = ?")
    statement.bind(1, tenant.rawValue)
    statement.bind(2, template)
    try statement.run()
  }
}
