import DialerModel

/// Values that are to be unique, and that leads which are there get once the new leads of an import are seen.
///
/// The rows behind were judged as if they had them: what such a lead gave up may have gone to a new lead. So nobody else
/// gets one of these values before they are written.
struct PlannedValues {
  /// In several sets of a bounded size: one that grows to a million is moved as a whole now and then, and claims would
  /// wait for it.
  private static let keysInASet = 50_000
  private var sets: [Set<UInt64>] = []
  /// Every value may be one of them: a crash came between, and the rows are not gone over for it.
  var isUnknown = false

  mutating func add(_ keys: [UInt64]) {
    guard !keys.isEmpty else { return }
    if sets.last.map({ $0.count > Self.keysInASet }) ?? true { sets.append([]) }
    sets[sets.count - 1].formUnion(keys)
  }

  func contains(oneOf values: [UniqueValue]) -> Bool {
    values.contains { value in isUnknown || sets.contains { $0.contains(value.key) } }
  }
}

extension Engine {
  /// The import that is about to give a lead one of the values.
  func importPlanning(_ values: [UniqueValue], _ tenant: TenantID) -> ImportCommit? {
    guard let commit = imports.commit, commit.phase == .adding || commit.phase == .applying,
      commit.record.tenant == tenant, commit.planned.contains(oneOf: values)
    else { return nil }
    return commit
  }

  /// Every change is made, or none will be.
  func goOnAfterChanges(_ commit: ImportCommit) {
    commit.planned = PlannedValues()
    let waiting = commit.waitingForChanges
    commit.waitingForChanges = []
    for go in waiting { go() }
  }
}
