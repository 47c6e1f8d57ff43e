import CSystem
import Glibc

/// The kernel's random bytes: for what nobody may guess, and for the first seed. From any thread.
public enum SystemRandom {
  /// Waits only right after the machine's start, until the kernel has gathered enough.
  public static func bytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        let got = getrandom(buffer.baseAddress! + initialized, count - initialized, 0)
        precondition(got > 0 || errno == EINTR, "getrandom fails only when interrupted")
        initialized += max(got, 0)
      }
    }
  }

  /// A seed for the seeded generator.
  public static func seed() -> UInt64 { bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
