import DialerModel

/// The lists of a campaign by id. Each call asks for its list several times, so those with ids that were given out one
/// after the other are found by their place; a dictionary would hash the id each time.
struct AssignedLists: Sequence {
  /// Half a megabyte at the most.
  private static let nearLimit: UInt32 = 1 << 16

  private var byID: [ListID: AssignedList] = [:]
  /// Of ``byID`` those with ids below the limit.
  private var near: ContiguousArray<AssignedList?> = []

  var count: Int { byID.count }
  /// In no order.
  var keys: some Collection<ListID> { byID.keys }
  var values: some Collection<AssignedList> { byID.values }

  subscript(list: ListID) -> AssignedList? {
    get {
      let place = Int(list.rawValue)
      if place < near.count { return near[place] }
      return list.rawValue < Self.nearLimit ? nil : byID[list]
    }
    set {
      byID[list] = newValue
      guard list.rawValue < Self.nearLimit else { return }
      let place = Int(list.rawValue)
      while near.count <= place { near.append(nil) }
      near[place] = newValue
    }
  }

  /// In no order.
  func makeIterator() -> [ListID: AssignedList].Iterator { byID.makeIterator() }

  @discardableResult
  mutating func removeValue(forKey list: ListID) -> AssignedList? {
    defer { self[list] = nil }
    return self[list]
  }
}
