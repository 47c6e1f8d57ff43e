/// The accepted names that look most like one that is not accepted.
public enum NearestNames {
  /// Longer names are compared by their beginning: a name from outside may be as long as a line.
  private static let comparedBytes = 48

  /// - Returns: at most `count` names, the nearest first, equally near ones in the order given; none that differs from the
  ///   name in more than a third of its letters.
  public static func nearest(to name: String, among names: [String], count: Int = 3) -> [String] {
    let wanted = folded(name)
    let tolerated = max(1, wanted.count / 3)
    var near: [(distance: Int, place: Int)] = []
    for place in names.indices {
      let candidate = folded(names[place])
      // No fewer edits than the lengths differ by.
      if abs(candidate.count - wanted.count) > tolerated { continue }
      let distance = distance(wanted, candidate)
      if distance <= tolerated { near.append((distance, place)) }
    }
    return near.sorted { $0 < $1 }.prefix(count).map { names[$0.place] }
  }

  /// Letters of either case count as the same, and hyphens and underscores not at all: `time-zone` is `timeZone`.
  private static func folded(_ name: String) -> [UInt8] {
    name.utf8.prefix(comparedBytes).compactMap { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      case UInt8(ascii: "-"), UInt8(ascii: "_"): nil
      default: byte
      }
    }
  }

  /// How many letters must be put in, taken out, changed or swapped with their neighbour (Damerau's distance, each
  /// place touched once).
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    let width = right.count + 1
    var beforeLast = [Int](repeating: 0, count: width)
    var last = Array(0..<width)
    var current = beforeLast
    for row in left.indices {
      current[0] = row + 1
      for column in right.indices {
        let change = last[column] + (left[row] == right[column] ? 0 : 1)
        var best = min(change, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current[column + 1] = best
      }
      swap(&beforeLast, &last)
      swap(&last, &current)
    }
    return last[right.count]
  }
}
