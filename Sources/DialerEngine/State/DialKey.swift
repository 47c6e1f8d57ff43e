import DialerModel

/// A key of a lead, a phone or a person in the tables of live calls and of past attempts.
struct DialKey: Hashable {
  let value: UInt64

  static func lead(_ lead: LeadID) -> DialKey { DialKey(tag: 1, 0, UInt64(lead.rawValue)) }
  static func phone(_ phone: PhoneNumber, tenant: UInt64) -> DialKey { DialKey(tag: 2, tenant, phone.digits) }
  /// Wherever it is dialled from: one telephone is not rung twice at once.
  static func line(_ phone: PhoneNumber) -> DialKey { DialKey(tag: 3, 0, phone.digits) }

  init(value: UInt64) { self.value = value }

  private init(tag: UInt64, _ first: UInt64, _ second: UInt64) {
    value = SeededGenerator.mix((tag &* 0x9E37_79B9_7F4A_7C15 ^ first) &* 0xD6E8_FEB8_6659_FD93 ^ second)
  }

  /// The keys under which two leads of a tenant are the same person: vendor lead code, email, name with each phone.
  static func forEachPerson(
    _ record: borrowing LeadRecord, codeKey: UInt64, tenant: UInt64, _ body: (DialKey) -> Void
  ) {
    if codeKey != 0 { body(DialKey(tag: 4, tenant, codeKey)) }
    if record.emailKey != 0 { body(DialKey(tag: 5, tenant, record.emailKey)) }
    guard record.nameKey != 0 else { return }
    for index in 0..<PhoneSet.capacity {
      guard let phone = record.phones[index] else { continue }
      body(DialKey(tag: 6, tenant ^ record.nameKey, phone.digits))
    }
  }
}
