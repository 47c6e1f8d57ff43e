import DialerModel
import Foundation

/// The time zones a number may be in, by its longest known prefix. Prefixes stand in one flat table of ten words a node;
/// each distinct list of zones is kept once and known by its index.
public struct PrefixZones: Sendable, Equatable {
  /// Index of a list of zones in `zoneSets`. Zero is the empty list: nothing is known.
  public typealias ZoneSetIndex = UInt16

  /// The lists, each ascending by name; names of the tz database. The first is empty.
  public var zoneSets: [[String]] { tree.zoneSets }

  private let tree: Tree

  /// One object, so that whoever asks for a number's zones follows one reference.
  private final class Tree: Sendable, Equatable {
    let zoneSets: [[String]]
    /// Next node by digit, ten words a node; zero is none.
    let children: [UInt32]
    /// By node: the list of the prefix that ends there; zero when none does.
    let sets: [ZoneSetIndex]

    init(_ zoneSets: [[String]], children: [UInt32], sets: [ZoneSetIndex]) {
      self.zoneSets = zoneSets
      self.children = children
      self.sets = sets
    }

    static func == (left: Tree, right: Tree) -> Bool {
      left === right
        || left.zoneSets == right.zoneSets && left.children == right.children && left.sets == right.sets
    }
  }

  private struct FileContents: Decodable {
    var prefixes: [String: [String]]
  }

  /// Reads the table from the bytes of `phone-timezones.json`.
  /// - Throws: what is wrong with the data; nothing of it is used then.
  public init(json: Data) throws(NumberingPlanError) {
    let contents: FileContents
    do { contents = try JSONDecoder().decode(FileContents.self, from: json) } catch {
      throw .malformed(NumberingPlan.place(of: error))
    }
    var zoneSets: [[String]] = [[]]
    var known: [[String]: ZoneSetIndex] = [[]: 0]
    var children = [UInt32](repeating: 0, count: 10)
    var sets: [ZoneSetIndex] = [0]
    for (prefix, zones) in contents.prefixes.sorted(by: { $0.key < $1.key }) {
      guard prefix.utf8.count <= NumberingPlan.digitLimit, !prefix.isEmpty, let digits = DigitString(ascii: prefix)
      else {
        throw .prefix(String(prefix.prefix(16)))
      }
      let list = zones.sorted()
      if known[list] == nil {
        guard let index = ZoneSetIndex(exactly: zoneSets.count) else { throw .tooLarge }
        known[list] = index
        zoneSets.append(list)
      }
      var node = 0
      for position in 0..<digits.count {
        let slot = 10 * node + digits[position]
        if children[slot] == 0 {
          children[slot] = UInt32(sets.count)
          children.append(contentsOf: repeatElement(0, count: 10))
          sets.append(0)
        }
        node = Int(children[slot])
      }
      sets[node] = known[list] ?? 0
    }
    tree = Tree(zoneSets, children: children, sets: sets)
  }

  /// The zones a number may be in. A number that belongs to no place (toll-free, most mobiles) may be anywhere in its
  /// country, whatever its digits resemble, so it takes the zones of its country code; the plan tells which those are.
  public func zoneSet(of number: PhoneNumber, plan: NumberingPlan) -> ZoneSetIndex {
    let digits = DigitString(number)
    return longestMatch(digits, within: plan.placeDigits(of: digits))
  }

  /// The zones of the longest known prefix, whatever kind of number it is.
  public func zoneSet(ofPrefixOf number: PhoneNumber) -> ZoneSetIndex {
    longestMatch(DigitString(number), within: DigitString.capacity)
  }

  /// The list of names for `zoneSet(of:plan:)`.
  public func zones(of number: PhoneNumber, plan: NumberingPlan) -> [String] {
    zoneSets[Int(zoneSet(of: number, plan: plan))]
  }

  private func longestMatch(_ digits: DigitString, within limit: Int) -> ZoneSetIndex {
    let tree = tree
    var found: ZoneSetIndex = 0
    var node = 0
    var rest = digits.bits
    for _ in 0..<min(digits.count, limit) {
      node = Int(tree.children[10 * node + Int(truncatingIfNeeded: rest &>> 124)])
      if node == 0 { break }
      if tree.sets[node] != 0 { found = tree.sets[node] }
      rest = rest &<< 4
    }
    return found
  }
}
