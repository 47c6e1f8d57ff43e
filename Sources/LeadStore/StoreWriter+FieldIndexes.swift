import DialerModel

/// Values of unique fields are gathered, and taken out again, in pieces while no commit waits.
extension StoreWriter {
  /// Those that are under way are gone on with. Where the rule never came, because a crash was between, they go.
  func resumeIndexes() throws(StoreError) {
    let index = FieldIndex(connection: connection)
    let rules = try DocumentTable(connection: connection).all("field_rule", FieldRule.self)
    let unwanted = try index.all().filter { field in !rules.contains { $0.unique && $0.field == field.name } }
    guard !unwanted.isEmpty else { return lookForIndexes() }
    try transaction("index") { () throws(StoreError) in for field in unwanted { try index.end(field) } }
    lookForIndexes()
  }

  static func changesIndexes(_ work: WriterWork) -> Bool {
    guard case .transaction(let transaction, _) = work else { return false }
    return transaction.changes.contains { change in
      switch change {
      case .indexField, .putFieldRule, .deleteFieldRule: true
      default: false
      }
    }
  }

  func lookForIndexes() {
    // What cannot be read now is looked for again when the next rule comes, and at the next start.
    indexing = (try? FieldIndex(connection: connection).underWay()) ?? []
    tellIndexed()
  }

  func stepIndex() {
    guard let field = indexing.first else { return }
    do throws(StoreError) {
      try transaction("index") { () throws(StoreError) in
        try connection.execute("PRAGMA secure_delete = ON")
        defer { try? connection.execute("PRAGMA secure_delete = FAST") }
        try FieldIndex(connection: connection).step(field)
      }
      lookForIndexes()
    } catch {
      // A disk that is full: whoever waits hears of it, and the rest is done after the next rule or start.
      indexing = []
      for waiter in indexWaiters { waiter.completion(.failure(error)) }
      indexWaiters = []
    }
  }

  func whenIndexed(_ field: FilterField, _ completion: @escaping @Sendable (Result<Void, StoreError>) -> Void) {
    indexWaiters.append((field, completion))
    tellIndexed()
  }

  private func tellIndexed() {
    let ready = indexWaiters.filter { !indexing.contains($0.field) }
    indexWaiters.removeAll { !indexing.contains($0.field) }
    for waiter in ready { waiter.completion(.success(())) }
  }
}
