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
}
