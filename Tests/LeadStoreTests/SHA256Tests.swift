import Testing

@testable import LeadStore

@Suite("SHA-256")
struct SHA256Tests {
  /// NIST, Cryptographic Standards and Guidelines, example values and SHAVS short messages.
  @Test(
    "the published vectors come out",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
    ])
  func vectors(message: String, expected: String) {
    #expect(hex(SHA256.hash(Array(message.utf8))) == expected)
  }

  @Test("a million times the letter a")
  func million() {
    let bytes = [UInt8](repeating: 0x61, count: 1_000_000)
    #expect(hex(SHA256.hash(bytes)) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("a message in pieces has the hash of the whole, wherever it is cut, and the value can be used again")
  func pieces() {
    let bytes = (0..<200).map { UInt8($0) }
    let whole = SHA256.hash(bytes)
    var hash = SHA256()
    for cut in 0...bytes.count {
      bytes[..<cut].withUnsafeBytes { hash.update($0) }
      bytes[cut...].withUnsafeBytes { hash.update($0) }
      #expect(hash.finish() == whole)
    }
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
