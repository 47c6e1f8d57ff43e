import DialerModel

/// First answers to requests with a `requestID`: the same request within 24 hours gets the same answer.
struct AnswerBook {
  static let kept = Interval.hours(24)
  /// How many are kept in memory at the most; the oldest go first, which a client sees as a request made anew.
  static let maximum = 1_000_000

  private struct Key: Hashable {
    var userID: UInt32
    var requestID: String
  }
  private var byKey: [Key: RememberedAnswer] = [:]
  /// Requests under way whose answer is not known yet.
  private var pending: Set<Key> = []
  private var oldestFirst: [Key] = []
  private var start = 0

  func answer(userID: UInt32, requestID: String) -> RememberedAnswer? {
    byKey[Key(userID: userID, requestID: requestID)]
  }

  /// - Returns: false when the same request is under way already.
  mutating func begin(userID: UInt32, requestID: String) -> Bool {
    pending.insert(Key(userID: userID, requestID: requestID)).inserted
  }

  mutating func finishPending(userID: UInt32, requestID: String) {
    pending.remove(Key(userID: userID, requestID: requestID))
  }

  mutating func remember(_ answer: RememberedAnswer) {
    let key = Key(userID: answer.userID, requestID: answer.requestID)
    byKey[key] = answer
    oldestFirst.append(key)
  }

  mutating func prune(at now: Instant) {
    while start < oldestFirst.count {
      let key = oldestFirst[start]
      guard let answer = byKey[key] else {
        start += 1
        continue
      }
      guard answer.at + Self.kept < now || byKey.count > Self.maximum else { break }
      byKey[key] = nil
      start += 1
    }
    if start > 4096, start * 2 > oldestFirst.count {
      oldestFirst.removeFirst(start)
      start = 0
    }
  }
}
