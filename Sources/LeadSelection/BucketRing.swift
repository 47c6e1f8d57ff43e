/// Buckets of leads for the coming spans of time, used in a circle.
struct BucketRing: ~Copyable {
  /// A bucket spans 2^bits milliseconds: to divide by another number would cost as much as all the rest.
  let bits: Int64
  /// A power of two.
  let count: Int64
  /// Buckets up to this number, counted from 1970, have been taken.
  var poured: Int64 = 0
  /// Empty until the first entry comes.
  private var buckets = Slab<WaitingBlocks>()
  /// No bucket before this one has an entry, so that looking for the next need not begin at the start.
  private var firstUsed = Int64.max

  init(bits: Int64, count: Int64) {
    self.bits = bits
    self.count = count
  }

  /// Without the blocks, which are the pool's.
  var bytes: Int { buckets.bytes }

  @inline(__always) func number(_ milliseconds: Int64) -> Int64 { milliseconds &>> bits }

  @inline(__always) func holds(_ number: Int64) -> Bool { number > poured && number &- poured < count }

  @inline(__always) mutating func append(_ lead: WaitingLead, to number: Int64, _ pool: inout BlockPool) {
    if buckets.isEmpty { buckets.fill(to: Int(count), with: WaitingBlocks()) }
    buckets.at(Int(number & (count - 1))).pointee.append(lead, &pool)
    if number < firstUsed { firstUsed = number }
  }

  /// Takes out a bucket, which is to be read to its end.
  mutating func take(_ number: Int64) -> WaitingBlocks {
    guard !buckets.isEmpty else { return WaitingBlocks() }
    let bucket = buckets.at(Int(number & (count - 1)))
    defer { bucket.pointee = WaitingBlocks() }
    return bucket.pointee
  }

  /// Calls `body` with the leads of a bucket.
  @inline(__always) func visit(_ number: Int64, _ body: (WaitingLead) -> Void) {
    if !buckets.isEmpty { buckets[Int(number & (count - 1))].visit(body) }
  }

  /// The leads of this bucket, and then of the one behind it, will soon be asked for. Where a block is stands in the one
  /// before it: a bucket later it is there.
  @inline(__always) func prefetch(_ number: Int64) {
    guard !buckets.isEmpty else { return }
    buckets[Int(number & (count - 1))].prefetchSecond()
    buckets[Int((number + 1) & (count - 1))].prefetch()
  }

  /// Calls `body` with the leads of each bucket that has some, in the order of the buckets, until it returns false.
  func visit(_ body: (_ number: Int64, _ leads: borrowing WaitingBlocks) -> Bool) {
    guard !buckets.isEmpty, firstUsed != .max else { return }
    for number in max(firstUsed, poured + 1)..<max(firstUsed, poured + count) {
      let bucket = buckets[Int(number & (count - 1))]
      if !bucket.isEmpty, !body(number, bucket) { return }
    }
  }

  /// Milliseconds since 1970 at which the first bucket with an entry begins.
  mutating func nextStart() -> Int64? {
    while firstUsed != .max {
      if firstUsed > poured, !buckets[Int(firstUsed & (count - 1))].isEmpty { return firstUsed << bits }
      firstUsed = max(firstUsed, poured) + 1
      if firstUsed >= poured + count { firstUsed = .max }
    }
    return nil
  }
}
