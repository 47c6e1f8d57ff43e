import Testing

@testable import LeadSelection

@Suite("Blocks of memory") struct BlockPoolTests {
  @Test("blocks do not overlap, also where large pieces begin", arguments: [64, 512, 32_768])
  func apart(blockBytes: Int) {
    var pool = BlockPool(blockBytes: blockBytes)
    let blocks = (0..<5000).map { _ in pool.take() }
    #expect(blocks.allSatisfy { Int(bitPattern: $0) % 64 == 0 })
    for (number, block) in blocks.enumerated() {
      block.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: number), count: blockBytes)
    }
    for (number, block) in blocks.enumerated() {
      let bytes = UnsafeRawBufferPointer(start: block, count: blockBytes)
      #expect(bytes.first == UInt8(truncatingIfNeeded: number) && bytes.last == UInt8(truncatingIfNeeded: number))
    }
    #expect(pool.bytes >= 5000 * blockBytes)
  }

  @Test("blocks that were given back are taken again, the last first") func reuse() {
    var pool = BlockPool(blockBytes: 64)
    let blocks = (0..<1000).map { _ in pool.take() }
    let bytes = pool.bytes
    for block in blocks { pool.give(block) }
    #expect((0..<1000).map { _ in pool.take() } == blocks.reversed())
    #expect(pool.bytes == bytes)
  }

  @Test("what was never taken is not counted") func untouched() {
    var pool = BlockPool(blockBytes: 64)
    #expect(pool.bytes == 0)
    _ = pool.take()
    #expect(pool.bytes < 1024)
  }
}
