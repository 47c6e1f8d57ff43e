import DialerModel

/// Who is in a call or a reservation now: leads, lines and persons; and which leads wait for one of them to be free.
struct LockTable: ~Copyable {
  private var holders = KeyTable<Int32>(empty: 0)
  private var waiting: [DialKey: [LeadID]] = [:]
  /// What each of those waits for: in campaigns that dial another of its numbers first, and when it has changed since, it
  /// waits for more than one.
  private var awaited: [LeadID: [DialKey]] = [:]

  var isEmpty: Bool { holders.count == 0 }

  /// Says that these keys, and this line, will be asked for: their places lie all over a table that no cache holds.
  func expect(_ keys: DialKeys, line phone: PhoneNumber?) {
    for key in keys { holders.expect(key.value) }
    if let phone { holders.expect(DialKey.line(phone).value) }
  }

  func isHeld(_ key: DialKey) -> Bool { holders[key.value] != 0 }

  mutating func acquire(_ keys: some Sequence<DialKey>) {
    for key in keys { holders.change(key.value) { $0 += 1 } }
  }

  /// - Returns: the leads that waited for one of these keys, in the order in which they came.
  mutating func release(_ keys: some Sequence<DialKey>) -> [LeadID] {
    var woken: [LeadID] = []
    for key in keys {
      var left: Int32 = 0
      holders.change(key.value) { count in
        count = max(0, count - 1)
        left = count
      }
      guard left == 0, !waiting.isEmpty, let leads = waiting.removeValue(forKey: key) else { continue }
      for lead in leads {
        awaited[lead]?.removeAll { $0 == key }
        if awaited[lead]?.isEmpty == true { awaited[lead] = nil }
      }
      woken += leads
    }
    return woken
  }

  /// The lead is looked at anew when the key is free.
  mutating func wait(_ lead: LeadID, for key: DialKey) {
    guard awaited[lead]?.contains(key) != true else { return }
    awaited[lead, default: []].append(key)
    waiting[key, default: []].append(lead)
  }
}
