import DialerModel

/// A number for each list. Ids of lists are mostly given out one after the other, and such a one is found by its place: a
/// dictionary would hash an id for each of millions of leads at the start. A client may give any id: high ones stand in a
/// dictionary after all.
struct ListTable {
  /// Half a megabyte at the most.
  private static let nearLimit: UInt32 = 1 << 16
  private var near: ContiguousArray<Int> = []
  private var far: [ListID: Int] = [:]

  /// 0 where nothing was ever set.
  subscript(list: ListID) -> Int {
    get {
      let place = Int(list.rawValue)
      if place < near.count { return near[place] }
      return list.rawValue < Self.nearLimit ? 0 : far[list] ?? 0
    }
    set {
      guard list.rawValue < Self.nearLimit else {
        far[list] = newValue
        return
      }
      let place = Int(list.rawValue)
      while near.count <= place { near.append(0) }
      near[place] = newValue
    }
  }
}
