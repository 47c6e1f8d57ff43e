/// A set of numbers, made for tens of millions of them: sorted blocks of at most ``blockLimit``, and the first number of
/// each block beside them.
///
/// Room for a number is 8 bytes; blocks are given little more than they hold, so a number costs 8.3 to 9.5 bytes however
/// the set came about, where a hash table costs 12 to 24 as it grows. Nothing grows as a whole: a number that is added
/// moves at most one block and, once in some hundred times, the list of blocks. What is read from disk and what an import
/// brings is sorted already and is laid block by block.
public struct NumberSet: Sendable {
  /// 4 KiB: found in nine steps, moved in some 100 ns.
  static let blockLimit = 512
  /// What a block is given beyond what it holds, so that not every number that is added moves it elsewhere.
  private static let slack = 32
  /// How far blocks are filled that are laid next to each other from sorted numbers.
  private static let laidLimit = 480

  /// Ascending; the first number of each block.
  private var firsts: [UInt64] = []
  /// None empty.
  private var blocks: [[UInt64]] = []
  public private(set) var count = 0

  public init() {}

  public var isEmpty: Bool { count == 0 }

  /// What it takes of memory, without what the allocator adds.
  public var bytes: Int {
    let headers = 32 + MemoryLayout<[UInt64]>.stride
    return blocks.reduce(firsts.capacity * 8) { $0 + $1.capacity * 8 + headers }
  }

  public func contains(_ number: UInt64) -> Bool {
    guard let block = block(for: number) else { return false }
    return blocks[block].withUnsafeBufferPointer { block in
      let place = Self.place(of: number, in: block)
      return place < block.count && block[place] == number
    }
  }

  /// - Returns: whether it was not there yet.
  @discardableResult
  public mutating func insert(_ number: UInt64) -> Bool {
    guard !blocks.isEmpty else {
      firsts = [number]
      blocks = [[number]]
      count = 1
      return true
    }
    let block = block(for: number) ?? 0
    let place = Self.place(of: number, in: blocks[block])
    guard place == blocks[block].count || blocks[block][place] != number else { return false }
    if blocks[block].count == blocks[block].capacity {
      blocks[block].reserveCapacity(blocks[block].count + Self.slack)
    }
    blocks[block].insert(number, at: place)
    if place == 0 { firsts[block] = number }
    count += 1
    if blocks[block].count > Self.blockLimit { divide(block) }
    return true
  }

  /// - Returns: whether it was there.
  @discardableResult
  public mutating func remove(_ number: UInt64) -> Bool {
    guard let block = block(for: number) else { return false }
    let place = Self.place(of: number, in: blocks[block])
    guard place < blocks[block].count, blocks[block][place] == number else { return false }
    blocks[block].remove(at: place)
    count -= 1
    if blocks[block].isEmpty {
      blocks.remove(at: block)
      firsts.remove(at: block)
      return true
    }
    if place == 0 { firsts[block] = blocks[block][0] }
    joinNext(block)
    return true
  }

  /// Adds many at once.
  ///
  /// - Parameter numbers: ascending, none twice.
  /// - Returns: those that were not there yet, ascending.
  @discardableResult
  public mutating func insert(sorted numbers: [UInt64]) -> [UInt64] {
    var added: [UInt64] = []
    guard let first = numbers.first else { return added }
    let start = block(for: first) ?? 0
    var laid = Laid()
    var block = start
    var place = numbers.startIndex
    // Blocks that none of the numbers falls into go over as they are; a block ends where the next begins.
    while place < numbers.endIndex {
      let isLast = block + 1 >= blocks.count
      if !isLast, numbers[place] >= firsts[block + 1] {
        laid.keep(blocks[block])
        block += 1
        continue
      }
      let end = isLast ? numbers.endIndex : Self.end(of: numbers[place...], below: firsts[block + 1])
      laid.merge(block < blocks.count ? blocks[block] : [], numbers[place..<end], added: &added)
      place = end
      block += 1
    }
    blocks.replaceSubrange(start..<min(block, blocks.count), with: laid.blocks)
    firsts.replaceSubrange(start..<min(block, firsts.count), with: laid.blocks.map { $0[0] })
    count += added.count
    return added
  }

  /// Ascending; all of them in one array, so only for what is small.
  var elements: [UInt64] { blocks.flatMap { $0 } }

  // MARK: - Blocks

  /// The one that has the number if any has; nil when the number is below them all.
  private func block(for number: UInt64) -> Int? {
    var low = 0
    var high = firsts.count
    while low < high {
      let middle = (low + high) >> 1
      if firsts[middle] <= number { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }

  /// Of the first number that is not below this one.
  private static func place(of number: UInt64, in block: [UInt64]) -> Int {
    block.withUnsafeBufferPointer { place(of: number, in: $0) }
  }

  private static func place(of number: UInt64, in block: UnsafeBufferPointer<UInt64>) -> Int {
    var low = 0
    var high = block.count
    while low < high {
      let middle = (low + high) >> 1
      if block[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func end<Numbers: RandomAccessCollection<UInt64>>(
    of numbers: Numbers, below limit: UInt64
  ) -> Numbers.Index {
    var low = 0
    var high = numbers.count
    while low < high {
      let middle = (low + high) >> 1
      if numbers[numbers.index(numbers.startIndex, offsetBy: middle)] < limit {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return numbers.index(numbers.startIndex, offsetBy: low)
  }

  private mutating func divide(_ block: Int) {
    let half = blocks[block].count / 2
    let upper = Self.fitted(blocks[block][half...])
    blocks[block] = Self.fitted(blocks[block][..<half])
    blocks.insert(upper, at: block + 1)
    firsts.insert(upper[0], at: block + 1)
  }

  /// After a removal: what fits well into one block becomes one, and a block does not keep much more than it holds.
  private mutating func joinNext(_ block: Int) {
    if block + 1 < blocks.count, blocks[block].count + blocks[block + 1].count <= Self.blockLimit / 2 {
      blocks[block] += blocks[block + 1]
      blocks.remove(at: block + 1)
      firsts.remove(at: block + 1)
    }
    if blocks[block].capacity > blocks[block].count + 2 * Self.slack { blocks[block] = Self.fitted(blocks[block][...]) }
  }

  /// In memory of its own that is no larger than it has to be; a slice of a whole array would go on in the array's.
  private static func fitted(_ numbers: ArraySlice<UInt64>) -> [UInt64] {
    var block: [UInt64] = []
    block.reserveCapacity(numbers.count)
    block += numbers
    return block
  }

  /// Blocks as they come out of sorted numbers.
  private struct Laid {
    var blocks: [[UInt64]] = []

    mutating func keep(_ block: [UInt64]) { blocks.append(block) }

    mutating func merge(
      _ old: [UInt64], _ new: some RandomAccessCollection<UInt64>, added: inout [UInt64]
    ) {
      var merged: [UInt64] = []
      merged.reserveCapacity(old.count + new.count)
      var place = 0
      for number in new {
        while place < old.count, old[place] < number {
          merged.append(old[place])
          place += 1
        }
        if place < old.count, old[place] == number { continue }
        merged.append(number)
        added.append(number)
      }
      merged += old[place...]
      lay(merged)
    }

    /// In pieces of about the same size.
    private mutating func lay(_ numbers: [UInt64]) {
      let pieces =
        numbers.count <= NumberSet.blockLimit ? 1 : (numbers.count + NumberSet.laidLimit - 1) / NumberSet.laidLimit
      var start = 0
      for piece in 1...pieces {
        let end = numbers.count * piece / pieces
        blocks.append(NumberSet.fitted(numbers[start..<end]))
        start = end
      }
    }
  }
}
