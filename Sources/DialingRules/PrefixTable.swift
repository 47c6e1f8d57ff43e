import DialerModel

/// Numbers of the telephone plan by how they begin: the longest prefix counts.
///
/// Asked for every lead that is judged. Prefixes of a rule set are area codes, so few lengths occur: a number is cut to
/// each of them and looked for in a sorted row.
struct PrefixTable: Sendable {
  private struct Length: Sendable {
    /// The least number with more digits.
    var end: UInt64
    /// Ascending.
    var prefixes: ContiguousArray<UInt64> = []
    var values: ContiguousArray<Int> = []
  }

  /// The longest first.
  private var lengths: ContiguousArray<Length> = []

  /// A prefix that is there already takes the new value; zero is no prefix.
  mutating func insert(_ prefix: UInt64, _ value: Int) {
    // ITU-T E.164: no number has more than fifteen digits, so nothing begins with more.
    guard prefix > 0, prefix < 1_000_000_000_000_000 else { return }
    var end: UInt64 = 10
    while prefix >= end { end *= 10 }
    let place = lengths.firstIndex { $0.end <= end } ?? lengths.count
    if place == lengths.count || lengths[place].end != end { lengths.insert(Length(end: end), at: place) }
    let at = Self.place(of: prefix, in: lengths[place].prefixes)
    if at < lengths[place].prefixes.count, lengths[place].prefixes[at] == prefix {
      lengths[place].values[at] = value
    } else {
      lengths[place].prefixes.insert(prefix, at: at)
      lengths[place].values.insert(value, at: at)
    }
  }

  /// Nil when no prefix fits.
  func longestMatch(of number: PhoneNumber) -> Int? {
    var digits = number.digits
    for index in lengths.indices {
      while digits >= lengths[index].end { digits /= 10 }
      // A shorter number has no prefix of this length.
      guard digits >= lengths[index].end / 10 else { continue }
      let at = Self.place(of: digits, in: lengths[index].prefixes)
      if at < lengths[index].prefixes.count, lengths[index].prefixes[at] == digits { return lengths[index].values[at] }
    }
    return nil
  }

  /// Of the first that is not below.
  private static func place(of prefix: UInt64, in prefixes: ContiguousArray<UInt64>) -> Int {
    var low = 0
    var high = prefixes.count
    while low < high {
      let middle = (low + high) >> 1
      if prefixes[middle] < prefix { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
