import DialerModel

import struct LeadSelection.BlockPool

/// Every lead's part that selection needs, in memory, found by either id.
///
/// Ten million leads have to fit in 2 GiB together with the index, so a lead is one packed record in a page of its own
/// id's range (a lead's id is dense and never used twice: no table from id to place is needed), phones beyond the first
/// and vendor lead codes stand in arenas, and codes, emails and numbers are found through tables of ids without keys.
final class LeadTable {
  private static let pageShift: UInt32 = 12
  private static let pageSize = 1 << Int(pageShift)

  typealias Page = UnsafeMutablePointer<PackedLead>
  /// Nil: no lead of the page was ever there. Pages stay where they are.
  private var pages: ContiguousArray<Page?> = []
  private var pool = BlockPool(blockBytes: pageSize * MemoryLayout<PackedLead>.stride)
  /// Phones 2 to 5 of the leads that have them, four places each; index 0 stands for none.
  private var extraPhones = PagedArray<UInt64>()
  private var codeTexts = TextArena()
  var codes = LeadsByKey()
  var emails = LeadsByKey()
  var numbers = LeadsByKey()
  /// How often codes, emails or numbers of leads changed, or hidden leads were shown.
  private(set) var keyEdition = 0
  private(set) var count = 0
  private(set) var countByList = ListTable()

  /// What the lead's vendor lead code costs beside the record: it must fit in one length byte.
  static let maximumCodeBytes = 128

  /// Leads of an import that is being committed: they are kept, and not there for anybody.
  private var hidden: Range<UInt32> = 0..<0
  private var hiddenByList: [ListID: Int] = [:]

  private var isLoading = false

  init() { for _ in 0..<4 { extraPhones.append(0) } }

  func contains(_ lead: LeadID) -> Bool { place(lead) != nil }

  func record(_ lead: LeadID) -> LeadRecord? { place(lead).map { unpack(lead, $0) } }

  @inline(__always) private func unpack(_ lead: LeadID, _ place: Page) -> LeadRecord {
    var record = place.pointee.unpacked(lead)
    if place.pointee.extraPhones != 0 { record.phones = phones(place) }
    return record
  }

  func phones(_ place: Page) -> PhoneSet {
    var phones = PhoneSet()
    phones.numbers.0 = place.pointee.phone1
    let extra = Int(place.pointee.extraPhones) * 4
    guard extra != 0 else { return phones }
    phones.numbers.1 = extraPhones[extra]
    phones.numbers.2 = extraPhones[extra + 1]
    phones.numbers.3 = extraPhones[extra + 2]
    phones.numbers.4 = extraPhones[extra + 3]
    return phones
  }

  /// From now on leads that are put with these ids are hidden.
  func hide(from first: LeadID, count: Int) { hidden = first.rawValue..<first.rawValue + UInt32(count) }

  /// Every hidden lead is there at once.
  func show() {
    for (list, hiddenCount) in hiddenByList {
      countByList[list] += hiddenCount
      count += hiddenCount
    }
    hiddenByList = [:]
    hidden = 0..<0
    keyEdition += 1
  }

  func isHidden(_ lead: LeadID) -> Bool { hidden.contains(lead.rawValue) && kept(lead) != nil }

  func hiddenRecord(_ lead: LeadID) -> LeadRecord? {
    isHidden(lead) ? kept(lead).map { unpack(lead, $0) } : nil
  }

  func hidesLead(withCode code: String) -> Bool {
    guard !hidden.isEmpty else { return false }
    let bytes = Array(code.utf8)
    var isFound = false
    codes.visit(TextKey.hash(bytes), CodeKeys(table: self)) { id in
      guard hidden.contains(id), let packed = kept(LeadID(id))?.pointee else { return }
      if Int(packed.codeLength) == bytes.count, codeSlice(packed).elementsEqual(bytes) { isFound = true }
    }
    return isFound
  }

  /// A hidden lead is gone again.
  func removeHidden(_ lead: LeadID) {
    guard hidden.contains(lead.rawValue), let kept = kept(lead) else { return }
    take(lead, kept)
  }

  func state(_ lead: LeadID) -> LeadState? { place(lead)?.pointee.state }

  func listID(_ lead: LeadID) -> ListID? { place(lead).map { ListID($0.pointee.listID) } }

  func setState(_ lead: LeadID, _ state: LeadState) {
    guard let place = place(lead) else { preconditionFailure("a state belongs to a lead that is there") }
    place.pointee.state = state
  }

  func vendorLeadCode(_ lead: LeadID) -> String? {
    guard let packed = place(lead)?.pointee, packed.codeLength > 0 else { return nil }
    return String(decoding: codeSlice(packed), as: UTF8.self)
  }

  /// A hash of the code for comparing persons; 0 = none.
  func codeKey(_ lead: LeadID) -> UInt64 {
    guard let place = kept(lead), place.pointee.codeLength > 0 else { return 0 }
    return TextKey.hash(codeSlice(place.pointee))
  }

  /// Nil: the lead is not there.
  @inline(__always) func place(_ lead: LeadID) -> Page? {
    hidden.contains(lead.rawValue) ? nil : kept(lead)
  }

  /// Hidden or not.
  @inline(__always) func kept(_ lead: LeadID) -> Page? {
    let page = Int(lead.rawValue >> Self.pageShift)
    guard page < pages.count, let leads = pages[page] else { return nil }
    let place = leads + Self.offset(lead)
    return place.pointee.isPresent ? place : nil
  }

  /// Where the lead's record goes, whether it is there or not.
  @inline(__always) private func roomFor(_ lead: LeadID) -> Page {
    let page = Int(lead.rawValue >> Self.pageShift)
    if page < pages.count, let leads = pages[page] { return leads + Self.offset(lead) }
    while pages.count <= page { pages.append(nil) }
    let leads = pool.take().bindMemory(to: PackedLead.self, capacity: Self.pageSize)
    leads.initialize(repeating: PackedLead(), count: Self.pageSize)
    pages[page] = leads
    return leads + Self.offset(lead)
  }

  /// The leads with this code, in order of id.
  func leads(withCode code: String) -> [LeadID] {
    let bytes = Array(code.utf8)
    var found: [LeadID] = []
    codes.visit(TextKey.hash(bytes), CodeKeys(table: self)) { id in
      let lead = LeadID(id)
      guard let packed = place(lead)?.pointee else { return }
      if Int(packed.codeLength) == bytes.count, codeSlice(packed).elementsEqual(bytes) { found.append(lead) }
    }
    return found.sorted()
  }

  func put(_ record: LeadRecord, vendorLeadCode: String?) {
    var text = vendorLeadCode ?? ""
    text.withUTF8 { put(record, codeBytes: $0) }
  }

  func put(_ record: LeadRecord, codeBytes code: UnsafeBufferPointer<UInt8>) {
    precondition(code.count <= Self.maximumCodeBytes, "a vendor lead code is at most 128 bytes")
    let place = roomFor(record.leadID)
    let old = place.pointee
    let oldPhones = old.isPresent ? phones(place) : PhoneSet()
    var packed = PackedLead(record)
    packed.isRelated = old.isRelated
    packed.extraPhones = storeExtraPhones(record.phones, reusing: old.extraPhones)
    if old.isPresent, Int(old.codeLength) == code.count, codeSlice(old).elementsEqual(code) {
      packed.codeOffset = old.codeOffset
      packed.codeLength = old.codeLength
    } else {
      packed.codeOffset = code.isEmpty ? 0 : codeTexts.append(code)
      packed.codeLength = UInt8(code.count)
    }
    let isNewCode = !(old.isPresent && packed.codeOffset == old.codeOffset && packed.codeLength == old.codeLength)
    place.pointee = packed
    let lead = record.leadID.rawValue
    if isNewCode {
      if old.codeLength > 0 { codes.remove(lead, TextKey.hash(codeSlice(old)), CodeKeys(table: self)) }
      if !code.isEmpty { codes.insert(lead, TextKey.hash(code), CodeKeys(table: self)) }
    }
    if !isLoading { relate(record, old, oldPhones) }
    if isNewCode || old.emailKey != record.emailKey || oldPhones != record.phones { keyEdition += 1 }
    if hidden.contains(lead) {
      if !old.isPresent { hiddenByList[record.listID, default: 0] += 1 }
      return
    }
    if old.isPresent { countByList[ListID(old.listID)] -= 1 } else { count += 1 }
    countByList[record.listID] += 1
  }

  private func relate(_ record: LeadRecord, _ old: PackedLead, _ oldPhones: PhoneSet) {
    let lead = record.leadID.rawValue
    if old.emailKey != record.emailKey {
      if old.emailKey != 0 { emails.remove(lead, old.emailKey, EmailKeys(table: self)) }
      if record.emailKey != 0 { emails.insert(lead, record.emailKey, EmailKeys(table: self)) }
    }
    if oldPhones != record.phones { replace(oldPhones, with: record.phones, of: lead) }
  }

  private func replace(_ old: PhoneSet, with new: PhoneSet, of lead: UInt32) {
    PhoneKeys.forEachHash(old) { hash in
      if !PhoneKeys.has(hash, new) { numbers.remove(lead, hash, PhoneKeys(table: self)) }
    }
    PhoneKeys.forEachHash(new) { hash in
      if !PhoneKeys.has(hash, old) { numbers.insert(lead, hash, PhoneKeys(table: self)) }
    }
  }

  func remove(_ lead: LeadID) {
    guard let place = place(lead) else { return }
    take(lead, place)
  }

  private func take(_ lead: LeadID, _ place: Page) {
    let packed = place.pointee
    let phones = phones(place)
    place.pointee = PackedLead()
    if packed.codeLength > 0 { codes.remove(lead.rawValue, TextKey.hash(codeSlice(packed)), CodeKeys(table: self)) }
    if packed.emailKey != 0 { emails.remove(lead.rawValue, packed.emailKey, EmailKeys(table: self)) }
    replace(phones, with: PhoneSet(), of: lead.rawValue)
    if hidden.contains(lead.rawValue) {
      hiddenByList[ListID(packed.listID), default: 0] -= 1
      return
    }
    countByList[ListID(packed.listID)] -= 1
    count -= 1
  }

  /// Calls the body for each lead from `start` on, in order of id, until it returns false; returns where to go on, or
  /// nil at the end.
  func visit(from start: LeadID, _ body: (LeadID, ListID) -> Bool) -> LeadID? {
    var page = Int(start.rawValue >> Self.pageShift)
    var offset = Self.offset(start)
    while page < pages.count {
      if let leads = pages[page] {
        while offset < Self.pageSize {
          if leads[offset].isPresent {
            let lead = LeadID(UInt32(page << Int(Self.pageShift) + offset))
            if !hidden.contains(lead.rawValue), !body(lead, ListID(leads[offset].listID)) {
              return LeadID(lead.rawValue + 1)
            }
          }
          offset += 1
        }
      }
      offset = 0
      page += 1
    }
    return nil
  }

  /// Bytes held for leads, arenas and the tables of codes, emails and numbers.
  var bytes: Int {
    pool.bytes + pages.capacity * 8 + extraPhones.bytes + codeTexts.bytes + codes.bytes + emails.bytes + numbers.bytes
  }

  /// Room for so many leads that are put next, so that tables do not grow step by step. Emails and numbers are known when
  /// ``endLoading()`` is called.
  func beginLoading(_ count: Int, highest: LeadID) {
    isLoading = true
    pages.reserveCapacity(Int(highest.rawValue >> Self.pageShift) + 1)
    codes.reserve(count)
  }

  func endLoading() {
    guard isLoading else { return }
    isLoading = false
    var counts = (emails: 0, numbers: 0)
    visitKept { _, place in
      if place.pointee.emailKey != 0 { counts.emails += 1 }
      PhoneKeys.forEachHash(phones(place)) { _ in counts.numbers += 1 }
    }
    emails.reserve(counts.emails)
    numbers.reserve(counts.numbers)
    visitKept { lead, place in
      if place.pointee.emailKey != 0 { emails.insert(lead, place.pointee.emailKey, EmailKeys(table: self)) }
      replace(PhoneSet(), with: phones(place), of: lead)
    }
  }

  /// Whether hidden or not.
  private func visitKept(_ body: (UInt32, Page) -> Void) {
    for (number, page) in pages.enumerated() {
      guard let page else { continue }
      for offset in 0..<Self.pageSize where page[offset].isPresent {
        body(UInt32(number << Int(Self.pageShift) + offset), page + offset)
      }
    }
  }

  private static func offset(_ lead: LeadID) -> Int { Int(lead.rawValue) & (pageSize - 1) }

  func codeSlice(_ packed: PackedLead) -> UnsafeBufferPointer<UInt8> {
    codeTexts.text(at: packed.codeOffset, count: Int(packed.codeLength))
  }

  private func storeExtraPhones(_ phones: PhoneSet, reusing place: UInt32) -> UInt32 {
    let numbers = phones.numbers
    guard numbers.1 | numbers.2 | numbers.3 | numbers.4 != 0 else { return 0 }
    var at = Int(place) * 4
    if place == 0 {
      at = extraPhones.count
      for _ in 0..<4 { extraPhones.append(0) }
    }
    extraPhones[at] = numbers.1
    extraPhones[at + 1] = numbers.2
    extraPhones[at + 2] = numbers.3
    extraPhones[at + 3] = numbers.4
    return UInt32(at / 4)
  }
}

/// A lead in 112 bytes. The order of the fields leaves no hole.
struct PackedLead {
  var phone1: UInt64 = 0
  var emailKey: UInt64 = 0
  var nameKey: UInt64 = 0
  var entered = Instant(milliseconds: 0)
  var extraPhones: UInt32 = 0
  var codeOffset: UInt32 = 0
  var listID: UInt32 = 0
  var place: UInt32 = 0
  var rank: Int32 = 0
  var zone: UInt16 = 0
  var zoneSource: UInt8 = 0
  var codeLength: UInt8 = 0
  var state = LeadState()
  var isPresent = false
  /// It may share a code, an email or a number with another lead; never taken back.
  var isRelated = false

  init() {}

  init(_ record: LeadRecord) {
    phone1 = record.phones.numbers.0
    emailKey = record.emailKey
    nameKey = record.nameKey
    entered = record.entered
    listID = record.listID.rawValue
    place = record.place
    rank = record.rank
    zone = record.zone
    zoneSource = record.zoneSource.rawValue
    state = record.state
    isPresent = true
  }

  /// Without the phones beyond the first.
  func unpacked(_ lead: LeadID) -> LeadRecord {
    var phones = PhoneSet()
    phones.numbers.0 = phone1
    var record = LeadRecord(leadID: lead, listID: ListID(listID), phones: phones, zone: zone, entered: entered)
    record.zoneSource = TimeZoneSource(rawValue: zoneSource) ?? .lead
    record.place = place
    record.rank = rank
    record.emailKey = emailKey
    record.nameKey = nameKey
    record.state = state
    return record
  }
}
