import DialerModel

/// Each row of the call log carries SHA-256 over the previous row's hash, its attempt id (8 bytes, big-endian) and its
/// evidence: a row that is changed, taken out or put in later breaks the chain from there on.
enum EvidenceChain {
  /// - Parameter hash: used again from row to row; empty before and after.
  static func hash(
    after previous: [UInt8], attemptID: Int64, evidence: UnsafeRawBufferPointer, with hash: inout SHA256
  ) -> [UInt8] {
    previous.withUnsafeBytes { hash.update($0) }
    withUnsafeBytes(of: attemptID.bigEndian) { hash.update($0) }
    hash.update(evidence)
    return hash.finish()
  }

  /// Walks the chain from its start.
  /// - Returns: the first attempt whose hash does not fit; the newest one's successor (`nextAttemptID`) when rows are
  ///   missing at the end; nil when all is well.
  static func verify(_ connection: Connection) throws(StoreError) -> AttemptID? {
    let rows = try connection.prepare("SELECT attemptID, hash, evidence FROM attempt ORDER BY attemptID")
    var previous = [UInt8](repeating: 0, count: SHA256.byteCount)
    var last: Int64 = 0
    var sha = SHA256()
    while try rows.step() {
      last = rows.integer(0)
      let text = rows.bytes(2) ?? UnsafeRawBufferPointer(start: nil, count: 0)
      previous = hash(after: previous, attemptID: last, evidence: text, with: &sha)
      guard rows.blob(1) == previous else { return AttemptID(last) }
    }
    let head = try connection.prepare("SELECT value FROM meta WHERE key = 'evidenceHead'")
    guard try head.step(), head.blob(0) == previous else { return AttemptID(last + 1) }
    return nil
  }
}
