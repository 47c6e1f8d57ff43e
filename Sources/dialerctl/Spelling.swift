/// Guesses what a mistyped word was meant to be.
enum Spelling {
  /// At most three of the names, the nearest first; none that has little in common with the word.
  static func nearest(to word: String, among names: [String]) -> [String] {
    // What is longer than any name of ours is compared by its beginning.
    let wanted = Array(FlagName.folded(word).unicodeScalars.prefix(48))
    return names.map { (name: $0, distance: distance(wanted, Array(FlagName.folded($0).unicodeScalars))) }
      .filter { $0.distance <= max(1, wanted.count / 3) }
      .enumerated()
      .sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
      .prefix(3).map(\.element.name)
  }

  /// How many letters must be put in, taken out or changed (Levenshtein's distance).
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      for column in right.indices {
        let change = last[column] + (letter == right[column] ? 0 : 1)
        current.append(min(change, last[column + 1] + 1, current[column] + 1))
      }
      last = current
    }
    return last[right.count]
  }
}
