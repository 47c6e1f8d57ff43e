import DialerModel

/// Those who were deleted while an import is being committed.
///
/// In several sets of a bounded size: one that grows to a million is moved as a whole now and then, and claims would wait
/// for it.
struct ErasedPeople {
  private static let keysInASet = 50_000

  private var sets: [(codeKeys: Set<UInt64>, phones: Set<UInt64>)] = []

  var isEmpty: Bool { sets.isEmpty }

  mutating func add(_ erasure: StagedErasure) {
    if sets.last.map({ $0.codeKeys.count + $0.phones.count > Self.keysInASet }) ?? true { sets.append(([], [])) }
    sets[sets.count - 1].codeKeys.formUnion(erasure.codeKeys)
    sets[sets.count - 1].phones.formUnion(erasure.phones)
  }

  /// - Parameter codeKey: 0 = none.
  func takes(codeKey: UInt64, phones: [UInt64]) -> Bool {
    sets.contains { set in
      (codeKey != 0 && set.codeKeys.contains(codeKey)) || phones.contains(where: set.phones.contains)
    }
  }
}
