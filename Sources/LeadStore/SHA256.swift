/// SHA-256, for the chain over the evidence of attempts.
///
/// Source: FIPS 180-4, sections 4.1.2, 4.2.2, 5.1.1, 5.3.3 and 6.2. The toolchain brings none on Linux.
public struct SHA256: Sendable {
  public static let byteCount = 32

  private typealias Words = (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)
  /// The first 32 bits of the fractional parts of the square roots of the first eight primes (FIPS 180-4, 5.3.3).
  private static let initialState: Words = (
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19
  )
  private var state = Self.initialState
  /// The part of a block that waits for more.
  private var block = [UInt8](repeating: 0, count: 64)
  private var blockCount = 0
  private var total: UInt64 = 0
  private var schedule = [UInt32](repeating: 0, count: 64)

  public init() {}

  /// The hash of the bytes.
  public static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.finish()
  }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    total &+= UInt64(bytes.count)
    var position = 0
    while position < bytes.count {
      if blockCount == 0, bytes.count - position >= 64 {
        compress(UnsafeRawBufferPointer(rebasing: bytes[position..<position + 64]))
        position += 64
        continue
      }
      let taken = min(64 - blockCount, bytes.count - position)
      block.withUnsafeMutableBytes {
        UnsafeMutableRawBufferPointer(rebasing: $0[blockCount..<blockCount + taken])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<position + taken]))
      }
      blockCount += taken
      position += taken
      if blockCount == 64 { compressBlock() }
    }
  }

  /// The 32 bytes of the hash; the value is then ready for another message.
  public mutating func finish() -> [UInt8] {
    let bits = total &* 8
    block[blockCount] = 0x80
    blockCount += 1
    if blockCount > 56 {
      while blockCount < 64 { appendZero() }
      compressBlock()
    }
    while blockCount < 56 { appendZero() }
    for shift in stride(from: 56, through: 0, by: -8) {
      block[blockCount] = UInt8(truncatingIfNeeded: bits >> UInt64(shift))
      blockCount += 1
    }
    compressBlock()
    var result: [UInt8] = []
    result.reserveCapacity(Self.byteCount)
    let (a, b, c, d, e, f, g, h) = state
    for word in [a, b, c, d, e, f, g, h] {
      for shift in stride(from: 24, through: 0, by: -8) {
        result.append(UInt8(truncatingIfNeeded: word >> UInt32(shift)))
      }
    }
    state = Self.initialState
    blockCount = 0
    total = 0
    return result
  }

  private mutating func appendZero() {
    block[blockCount] = 0
    blockCount += 1
  }

  private mutating func compressBlock() {
    // Taken out for the moment, so that the block is read while the state is written without a copy.
    var filled: [UInt8] = []
    swap(&filled, &block)
    filled.withUnsafeBytes { compress($0) }
    swap(&filled, &block)
    blockCount = 0
  }

  /// One round of the compression function (FIPS 180-4, 6.2.2).
  private mutating func compress(_ bytes: UnsafeRawBufferPointer) {
    var (a, b, c, d, e, f, g, h) = state
    schedule.withUnsafeMutableBufferPointer { words in
      for index in 0..<16 {
        words[index] = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
      }
      for index in 16..<64 {
        let early = words[index - 15]
        let late = words[index - 2]
        let small0 = Self.rotate(early, 7) ^ Self.rotate(early, 18) ^ (early >> 3)
        let small1 = Self.rotate(late, 17) ^ Self.rotate(late, 19) ^ (late >> 10)
        words[index] = words[index - 16] &+ small0 &+ words[index - 7] &+ small1
      }
      Self.constants.withUnsafeBufferPointer { constants in
        for index in 0..<64 {
          let big1 = Self.rotate(e, 6) ^ Self.rotate(e, 11) ^ Self.rotate(e, 25)
          let choice = (e & f) ^ (~e & g)
          let first = h &+ big1 &+ choice &+ constants[index] &+ words[index]
          let big0 = Self.rotate(a, 2) ^ Self.rotate(a, 13) ^ Self.rotate(a, 22)
          let second = big0 &+ ((a & b) ^ (a & c) ^ (b & c))
          (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
        }
      }
    }
    state.0 &+= a
    state.1 &+= b
    state.2 &+= c
    state.3 &+= d
    state.4 &+= e
    state.5 &+= f
    state.6 &+= g
    state.7 &+= h
  }

  @inline(__always) private static func rotate(_ word: UInt32, _ by: UInt32) -> UInt32 {
    word >> by | word << (32 - by)
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2).
  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}
