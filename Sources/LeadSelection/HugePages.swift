import CSystem

/// Memory in pieces, large ones in pages of 2 MiB where the system has such.
public enum HugePages {
  static let size = 1 << 21

  /// A multiple of a huge page if it is at least one, else the number itself.
  static func rounded(_ bytes: Int) -> Int { bytes < size ? bytes : (bytes + size - 1) & ~(size - 1) }

  /// Memory that begins with a line of the processor's cache. To be freed by `deallocate()`.
  public static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    guard bytes >= size else { return .allocate(byteCount: bytes, alignment: 64) }
    let piece = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: size)
    csystem_advise_huge_pages(piece, bytes)
    return piece
  }

  /// Zeros: as much as is asked for costs nothing until it is written to, so a table may double without a pause. To be
  /// given back by ``free(_:bytes:)``.
  public static func zeroed(_ bytes: Int) -> UnsafeMutableRawPointer {
    guard bytes >= size else {
      let piece = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      piece.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
      return piece
    }
    guard let piece = csystem_zeroed_memory(bytes, size) else { preconditionFailure("there is no memory left") }
    csystem_advise_huge_pages(piece, bytes)
    return piece
  }

  /// - Parameter bytes: as many as were asked for.
  public static func free(_ zeroed: UnsafeMutableRawPointer, bytes: Int) {
    if bytes < size { zeroed.deallocate() } else { csystem_return_memory(zeroed, bytes) }
  }

  /// Tells the processor that what is at an address will soon be read. No address is wrong.
  public static func expect(_ address: UnsafeRawPointer) { csystem_prefetch(address) }
}
