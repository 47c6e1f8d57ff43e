/// Bytes in one block that is used again and again: what is bound to a statement without a copy lies in it.
///
/// Offsets stay right while it grows; addresses do not.
final class ByteArena {
  private(set) var base: UnsafeMutableRawPointer
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 4096) {
    self.capacity = max(capacity, 16)
    base = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { base.deallocate() }

  @inline(__always) func clear() { count = 0 }

  /// Lets a block go that one large burst had made grow.
  func shrink(to limit: Int) {
    guard capacity > limit else { return }
    base.deallocate()
    capacity = limit
    base = .allocate(byteCount: limit, alignment: 16)
    count = 0
  }

  @inline(__always) private func reserve(_ more: Int) {
    if count + more > capacity { grow(more) }
  }

  @inline(never) private func grow(_ more: Int) {
    let larger = max(capacity * 2, count + more)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    moved.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = moved
    capacity = larger
  }

  @inline(__always) func append<Value: FixedWidthInteger>(_ value: Value) {
    reserve(MemoryLayout<Value>.size)
    base.storeBytes(of: value.littleEndian, toByteOffset: count, as: Value.self)
    count += MemoryLayout<Value>.size
  }

  @inline(__always) func append(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
    reserve(bytes.count)
    (base + count).copyMemory(from: start, byteCount: bytes.count)
    count += bytes.count
  }

  @inline(__always) func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

  /// The text's UTF-8. Returns where it lies.
  @inline(__always) func append(_ text: String) -> Range<Int> {
    let start = count
    if text.utf8.withContiguousStorageIfAvailable({ append(UnsafeRawBufferPointer($0)) }) == nil {
      for byte in text.utf8 { append(byte) }
    }
    return start..<count
  }

  /// A length and the text's UTF-8.
  @inline(__always) func append(counted text: String) {
    append(UInt32(truncatingIfNeeded: text.utf8.count))
    _ = append(text)
  }

  /// A length, which no text has where there is none, and the bytes: no two rows of fields come to the same.
  @inline(__always) func append(optional bytes: UnsafeRawBufferPointer?) {
    guard let bytes else { return append(UInt32.max) }
    append(UInt32(truncatingIfNeeded: bytes.count))
    append(bytes)
  }

  @inline(__always) func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }
}
