import DialerModel

/// What the index knows of one lead, in 64 bits.
///
/// Bits 0–2 the state, bit 3 a mark used while a heap is cleaned. Ready: 24 bits group, 36 bits fingerprint of the
/// current key. Waiting: 16 bits list, 44 bits due (milliseconds since 2000). Claimed and parked: 16 bits list,
/// and of a lead that was picked 16 bits profile, one more of which is 0 if there is none.
struct LeadWord: Equatable, BitwiseCopyable, Sendable {
  var bits: UInt64

  static let absent = LeadWord(bits: 0)
  /// Larger dues count as this one (year 2557): "never".
  static let lastDue = epoch + (1 << 44) - 1
  /// Milliseconds from 1970 to 2000. A number here, so that no reading of it asks whether it is set.
  private static let epoch: Int64 = 946_684_800_000

  private static let profileIsKnown: UInt64 = 1 << 36

  @inline(__always) init(bits: UInt64) { self.bits = bits }

  @inline(__always) static func ready(group: Int, fingerprint: UInt64) -> LeadWord {
    LeadWord(bits: UInt64(LeadState.ready.rawValue) | UInt64(group) << 4 | fingerprint << 28)
  }

  /// - Parameter due: milliseconds since 1970.
  @inline(__always) static func waiting(list: Int, due: Int64) -> LeadWord {
    let since = max(0, min(due, lastDue) - epoch)
    return LeadWord(bits: UInt64(LeadState.waiting.rawValue) | UInt64(list) << 4 | UInt64(since) << 20)
  }

  @inline(__always) static func claimed(list: Int) -> LeadWord {
    LeadWord(bits: UInt64(LeadState.claimed.rawValue) | UInt64(list) << 4)
  }

  /// - Parameter profile: under which it was picked.
  @inline(__always) static func picked(list: Int, profile: UInt32) -> LeadWord {
    LeadWord(bits: claimed(list: list).bits | UInt64(profile) << 20 | profileIsKnown)
  }

  @inline(__always) static func parked(list: Int) -> LeadWord {
    LeadWord(bits: UInt64(LeadState.parked.rawValue) | UInt64(list) << 4)
  }

  @inline(__always) var state: LeadState { LeadState(rawValue: UInt8(bits & 7)) ?? .absent }
  @inline(__always) var isWaiting: Bool { bits & 7 == UInt64(LeadState.waiting.rawValue) }
  var isMarked: Bool {
    get { bits & 8 != 0 }
    set { bits = newValue ? bits | 8 : bits & ~8 }
  }
  /// Of a ready lead.
  @inline(__always) var group: Int { Int(bits >> 4 & 0xFF_FFFF) }
  /// Of a lead that is waiting, claimed or parked.
  @inline(__always) var list: Int { Int(bits >> 4 & 0xFFFF) }
  /// Of a lead that was picked; nil: of any other.
  @inline(__always) var pickedProfile: Int? {
    bits & (Self.profileIsKnown | 7) == Self.profileIsKnown | UInt64(LeadState.claimed.rawValue)
      ? Int(bits >> 20 & 0xFFFF) : nil
  }
  /// - Parameter due: milliseconds since 1970.
  @inline(__always) func waits(for due: Int64) -> Bool { isWaiting && self.due == due }
  /// Of a waiting lead, in milliseconds since 1970.
  @inline(__always) var due: Int64 { Int64(bits >> 20) + Self.epoch }
}

/// One word for each lead of the campaign, in pages, so that a small campaign does not pay for the ids of others.
struct LeadTable: ~Copyable {
  private static let pageBits = LeadWords.pageBits
  private static let pageSize = LeadWords.pageSize
  private typealias Page = UnsafeMutablePointer<LeadWord>
  /// Nil: no lead of the page is known. Pages never move, so that nothing is copied as the table grows.
  private var pages = Slab<Page?>()
  private var pool = BlockPool(blockBytes: pageSize * MemoryLayout<LeadWord>.stride)

  var bytes: Int { pages.bytes + pool.bytes }

  /// For reading, by those that have no table at hand. Good until the table next grows.
  @inline(__always) var words: LeadWords { LeadWords(pages: pages.start, count: pages.count) }

  @inline(__always) subscript(lead: LeadID) -> LeadWord { words[lead] }

  /// Where the lead's word is, for good.
  @inline(__always) mutating func at(_ lead: LeadID) -> UnsafeMutablePointer<LeadWord> {
    let page = Int(lead.rawValue) >> Self.pageBits
    let offset = Int(lead.rawValue) & (Self.pageSize - 1)
    if page < pages.count, let words = pages[page] { return words + offset }
    return addPage(page) + offset
  }

  /// Calls `change` with every word that is not `absent`, in the order of the ids.
  mutating func forEachWord(_ change: (inout LeadWord) -> Void) {
    for page in pages.indices {
      guard let words = pages[page] else { continue }
      for offset in 0..<Self.pageSize where words[offset] != .absent { change(&words[offset]) }
    }
  }

  @inline(never) private mutating func addPage(_ page: Int) -> Page {
    pages.fill(to: page + 1, with: nil)
    let words = pool.take().bindMemory(to: LeadWord.self, capacity: Self.pageSize)
    words.initialize(repeating: .absent, count: Self.pageSize)
    pages[page] = words
    return words
  }
}
