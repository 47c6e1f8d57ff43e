import CSystem
import DialerModel

/// A lead that waits, in 8 bytes.
struct WaitingLead: BitwiseCopyable {
  static let noGroup = UInt32.max

  private let number: UInt32
  /// The group that it will likely come back to, so that this is fetched from memory ahead of time. `noGroup`: not known.
  let group: UInt32

  @inline(__always) init(lead: LeadID, group: UInt32) {
    number = lead.rawValue
    self.group = group
  }

  @inline(__always) var lead: LeadID { LeadID(number) }
}

/// Leads in no order, in blocks of one line of the processor's cache: a lead is added by one write to memory, and blocks
/// that are read are free at once.
///
/// A plain value over blocks of the one pool that each change is told; ``next(_:)`` gives back what it has read. Invariant:
/// `block` is nil, or it leads to a chain of blocks that are full but for the first, which has `filled` leads, one at
/// least.
struct WaitingBlocks: BitwiseCopyable {
  private static let leadsPerBlock = 7
  private static let linkBytes = MemoryLayout<UnsafeMutableRawPointer?>.stride
  static let blockBytes = linkBytes + leadsPerBlock * MemoryLayout<WaitingLead>.stride

  private var block: UnsafeMutableRawPointer?
  private var filled = 0

  @inline(__always) var isEmpty: Bool { block == nil }
  /// Whether the next lead is the first that is taken out of its block.
  @inline(__always) var isAtStart: Bool { filled == Self.leadsPerBlock }

  /// Calls `body` with every lead and takes none out.
  @inline(__always) func visit(_ body: (WaitingLead) -> Void) {
    var other = block
    var count = filled
    while let current = other {
      let leads = Self.leads(current)
      for place in 0..<count { body(leads[place]) }
      other = Self.link(current).pointee
      count = Self.leadsPerBlock
    }
  }

  /// Calls `body` with the leads of the second block; the third will soon be asked for.
  @inline(__always) func visitFollowing(_ body: (WaitingLead) -> Void) {
    guard let block, let following = Self.link(block).pointee else { return }
    let leads = Self.leads(following)
    for place in 0..<Self.leadsPerBlock { body(leads[place]) }
    if let third = Self.link(following).pointee { csystem_prefetch(third) }
  }

  @inline(__always) func prefetch() { if let block { csystem_prefetch(block) } }

  @inline(__always) func prefetchSecond() {
    if let block, let second = Self.link(block).pointee { csystem_prefetch(second) }
  }

  @inline(__always) mutating func append(_ lead: WaitingLead, _ pool: inout BlockPool) {
    if block == nil || filled == Self.leadsPerBlock { addBlock(&pool) }
    guard let block else { return }
    Self.leads(block)[filled] = lead
    filled &+= 1
  }

  @inline(__always) mutating func next(_ pool: inout BlockPool) -> WaitingLead? {
    guard let block else { return nil }
    filled &-= 1
    let lead = Self.leads(block)[filled]
    if filled == 0 { dropBlock(&pool) }
    return lead
  }

  @inline(never) private mutating func addBlock(_ pool: inout BlockPool) {
    let added = pool.take()
    added.initializeMemory(as: UnsafeMutableRawPointer?.self, to: block)
    let none = WaitingLead(lead: LeadID(0), group: WaitingLead.noGroup)
    (added + Self.linkBytes).initializeMemory(as: WaitingLead.self, repeating: none, count: Self.leadsPerBlock)
    block = added
    filled = 0
  }

  @inline(never) private mutating func dropBlock(_ pool: inout BlockPool) {
    guard let block else { return }
    self.block = Self.link(block).pointee
    filled = self.block == nil ? 0 : Self.leadsPerBlock
    pool.give(block)
  }

  @inline(__always)
  private static func link(_ block: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UnsafeMutableRawPointer?> {
    block.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
  }

  @inline(__always) private static func leads(_ block: UnsafeMutableRawPointer) -> UnsafeMutablePointer<WaitingLead> {
    (block + linkBytes).assumingMemoryBound(to: WaitingLead.self)
  }
}
