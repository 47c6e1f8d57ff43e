import DialerModel

/// How many leads each list has. Ids of lists are given out one after the other, so a number is found by its place: a
/// dictionary would hash an id for each of millions of leads at the start.
struct ListCounters {
  private var counts: ContiguousArray<Int> = []

  /// Nil: no lead of the list was ever counted.
  subscript(list: ListID) -> Int? {
    let place = Int(list.rawValue)
    return place < counts.count ? counts[place] : nil
  }

  mutating func add(_ change: Int, to list: ListID) {
    let place = Int(list.rawValue)
    while counts.count <= place { counts.append(0) }
    counts[place] += change
  }
}
