import DialerModel

/// The keys of one lead: its own first, then those of its person, and for a call the line that is dialled.
///
/// Made for every lead that is judged, so they stand in place: an array would ask for memory and give it back.
struct DialKeys: RandomAccessCollection, ExpressibleByArrayLiteral {
  /// The lead, vendor lead code, email, name with each of five phones, a line.
  static let capacity = 9

  private var values = InlineArray<9, UInt64>(repeating: 0)
  private(set) var count = 0

  init() {}

  init(_ key: DialKey) { append(key) }

  init(arrayLiteral keys: DialKey...) { for key in keys { append(key) } }

  var startIndex: Int { 0 }
  var endIndex: Int { count }

  @inline(__always) subscript(place: Int) -> DialKey { DialKey(value: values[place]) }

  @inline(__always) mutating func append(_ key: DialKey) {
    values[count] = key.value
    count += 1
  }

  func with(_ key: DialKey) -> DialKeys {
    var keys = self
    keys.append(key)
    return keys
  }
}
