import DialerModel

/// The numbers and emails of leads that were added, until they are written: in their own order, which touches each page
/// of their tables once where the order of the leads would touch it again and again.
struct LeadKeys {
  private struct Key: Comparable {
    let value: Int64
    let leadID: UInt32
    static func < (first: Key, second: Key) -> Bool {
      first.value == second.value ? first.leadID < second.leadID : first.value < second.value
    }
  }

  private var phones: [Key] = []
  private var emails: [Key] = []

  mutating func add(_ lead: LeadRecord) {
    let id = lead.leadID.rawValue
    for place in 0..<PhoneSet.capacity {
      guard let phone = lead.phones[place] else { continue }
      phones.append(Key(value: Int64(bitPattern: phone.digits), leadID: id))
    }
    if lead.emailKey != 0 { emails.append(Key(value: Int64(bitPattern: lead.emailKey), leadID: id)) }
  }

  /// Leaves none behind. Must come before anything that changes or deletes a lead that was added.
  mutating func write(_ connection: Connection) throws(StoreError) {
    // A lead may have one number in two places.
    try Self.write(&phones, connection, "INSERT OR IGNORE INTO lead_of_phone VALUES (?, ?)")
    try Self.write(&emails, connection, "INSERT INTO lead_of_email VALUES (?, ?)")
  }

  private static func write(_ keys: inout [Key], _ connection: Connection, _ sql: String) throws(StoreError) {
    guard !keys.isEmpty else { return }
    keys.sort()
    let insert = try connection.cached(sql)
    for key in keys {
      insert.bind(1, key.value)
      insert.bind(2, Int64(key.leadID))
      try insert.run()
    }
    keys.removeAll()
  }
}
