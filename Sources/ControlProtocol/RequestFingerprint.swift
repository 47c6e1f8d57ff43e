import DialerModel

extension Request {
  /// A hash of what is asked for: equal for the same method and parameters in whatever order, whoever computes it and
  /// when. The `requestID` itself and the id of the message are not part of it.
  ///
  /// FNV-1a of 64 bits, mixed once more. It tells a slip of a client's from a repeat; it is no defence, and needs none:
  /// a client can only collide with itself.
  public var fingerprint: UInt64 {
    var asked = params
    asked["requestID"] = nil
    var bytes = Array(method.utf8)
    bytes.append(0x0A)
    JSON.object(asked.canonical).write(to: &bytes)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return SeededGenerator.mix(hash)
  }
}
