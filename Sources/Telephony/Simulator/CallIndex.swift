import DialerModel

/// Finds a call's slot by its id: chains through the slots, by a hash that is kept with each.
///
/// A `Dictionary` of texts hashes the neighbours of each key that is taken out again, and calls come and go all the time.
struct CallIndex: Sendable {
  private struct Link: Sendable {
    var callID: CallID
    var hash: UInt64
    /// −1 = the last of its chain.
    var next: Int32
  }

  /// By the low bits of the hash, the first slot of the chain; −1 = none. A power of two.
  private var heads = [Int32](repeating: -1, count: 1024)
  /// By slot.
  private var links: [Link] = []
  private(set) var count = 0

  /// Not keyed: the ids are our own, so nobody can aim at one chain.
  static func hash(_ callID: CallID) -> UInt64 {
    var text = callID.rawValue
    return SeededGenerator.mix(text.withUTF8 { stableHash($0[...]) })
  }

  /// FNV-1a, 64 bits: the same in each process, unlike `Hasher`.
  static func stableHash(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }

  func slot(of callID: CallID) -> Int? {
    let hash = Self.hash(callID)
    var slot = heads[bucket(hash)]
    while slot >= 0 {
      let index = Int(slot)
      if links[index].hash == hash, links[index].callID == callID { return index }
      slot = links[index].next
    }
    return nil
  }

  /// The id must not be there yet; the slot must be free, or the first that was never used.
  mutating func insert(_ callID: CallID, slot: Int) {
    if count >= heads.count { grow() }
    let hash = Self.hash(callID)
    let head = bucket(hash)
    let link = Link(callID: callID, hash: hash, next: heads[head])
    if slot == links.count { links.append(link) } else { links[slot] = link }
    heads[head] = Int32(slot)
    count += 1
  }

  /// The slot must be in use.
  mutating func remove(slot: Int) {
    let head = bucket(links[slot].hash)
    let next = links[slot].next
    count -= 1
    guard heads[head] != Int32(slot) else {
      heads[head] = next
      return
    }
    var before = Int(heads[head])
    while links[before].next != Int32(slot) { before = Int(links[before].next) }
    links[before].next = next
  }

  private func bucket(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (heads.count - 1) }

  private mutating func grow() {
    let old = heads
    heads = [Int32](repeating: -1, count: old.count * 2)
    for first in old {
      var slot = first
      while slot >= 0 {
        let next = links[Int(slot)].next
        let head = bucket(links[Int(slot)].hash)
        links[Int(slot)].next = heads[head]
        heads[head] = slot
        slot = next
      }
    }
  }
}
