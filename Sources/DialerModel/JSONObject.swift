/// The members of a JSON object in the order in which they were written.
///
/// Looking a key up walks the members: for the few keys of a message that is faster than a hash table. Equality minds
/// the order; compare ``canonical`` where it should not.
public struct JSONObject: Sendable, Hashable {
  public struct Member: Sendable, Hashable {
    public let key: String
    public var value: JSON
    public init(key: String, value: JSON) {
      self.key = key
      self.value = value
    }
  }

  public private(set) var members: [Member] = []

  public init() {}

  public var count: Int { members.count }
  public var isEmpty: Bool { members.isEmpty }
  public var keys: [String] { members.map(\.key) }

  /// The value of the key. Setting nil takes the member out; setting a key that is there keeps its place.
  public subscript(key: String) -> JSON? {
    get {
      for index in members.indices where members[index].key == key { return members[index].value }
      return nil
    }
    set {
      if let index = members.firstIndex(where: { $0.key == key }) {
        if let newValue { members[index].value = newValue } else { members.remove(at: index) }
      } else if let newValue {
        members.append(Member(key: key, value: newValue))
      }
    }
  }

  /// Adds a member behind the others without looking whether the key is there; the caller knows that it is not.
  public mutating func append(_ key: String, _ value: JSON) { members.append(Member(key: key, value: value)) }

  /// Adds the member only when there is a value: an optional field of a reply is left out, not null.
  public mutating func append(_ key: String, ifPresent value: JSON?) {
    if let value { members.append(Member(key: key, value: value)) }
  }

  mutating func reserve(_ count: Int) { members.reserveCapacity(count) }

  /// The same members in byte order of their keys, and so on inside.
  public var canonical: JSONObject {
    var sorted = JSONObject()
    sorted.members = members.map { Member(key: $0.key, value: $0.value.canonical) }
    sorted.members.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return sorted
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// A key that stands twice keeps its first place and its last value.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    for (key, value) in elements { self[key] = value }
  }
}
