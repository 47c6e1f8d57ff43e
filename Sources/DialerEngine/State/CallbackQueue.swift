import DialerModel

/// Callbacks of one campaign that may go to the same people, by moment and then by lead.
///
/// The earliest stands last, because it is the one that is taken out.
struct CallbackQueue {
  struct Entry: Comparable, BitwiseCopyable {
    var at: Instant
    var lead: LeadID
    static func < (left: Entry, right: Entry) -> Bool {
      left.at == right.at ? left.lead < right.lead : left.at < right.at
    }
  }
  private var entries: ContiguousArray<Entry> = []

  var isEmpty: Bool { entries.isEmpty }
  var first: Entry? { entries.last }

  mutating func insert(_ entry: Entry) {
    entries.insert(entry, at: entries.partitioningIndex { $0 < entry })
  }

  mutating func remove(_ entry: Entry) {
    let place = entries.partitioningIndex { $0 <= entry }
    if place < entries.count, entries[place] == entry { entries.remove(at: place) }
  }

  /// The first of those that are due, earliest first.
  func due(at now: Instant, limit: Int) -> [Entry] {
    Array(entries.suffix(limit).reversed().prefix { $0.at <= now })
  }
}

extension RandomAccessCollection where Index == Int {
  /// The first place whose element satisfies the condition, where all behind it do as well.
  func partitioningIndex(where belongsBehind: (Element) -> Bool) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = (low + high) / 2
      if belongsBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
