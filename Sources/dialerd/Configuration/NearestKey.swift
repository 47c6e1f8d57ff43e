/// The known key that an unknown one was most likely meant to be.
enum NearestKey {
  /// No key of the configuration has more; a longer one is compared by its beginning.
  private static let comparedBytes = 32

  /// - Returns: the first of the nearest; nil when none has at least half of its letters in common.
  static func nearest(to key: String, among known: [String]) -> String? {
    let wanted = folded(key)
    var best: (key: String, distance: Int)?
    for candidate in known {
      let distance = distance(wanted, folded(candidate))
      let tolerated = max(1, min(wanted.count, candidate.utf8.count) / 2)
      if distance <= tolerated, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.key
  }

  /// Upper and lower case, `-` and `_` count as the same.
  private static func folded(_ key: String) -> [UInt8] {
    key.utf8.prefix(comparedBytes).compactMap { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      case UInt8(ascii: "-"), UInt8(ascii: "_"): nil
      default: byte
      }
    }
  }

  /// Levenshtein's: letters to put in, take out or change.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (index, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in right.indices {
        let change = diagonal + (letter == right[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(change, diagonal + 1, row[column] + 1)
      }
    }
    return row[right.count]
  }
}
