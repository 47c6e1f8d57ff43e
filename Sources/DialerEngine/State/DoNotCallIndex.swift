import DialerModel

/// Numbers and prefixes that are not to be called, for everyone, a tenant or a campaign. An object, so that to ask it for
/// every lead copies nothing.
final class DoNotCallIndex {
  private struct Numbers {
    var exact = NumberSet()
    /// Prefix digits by their count, 1...15: a lookup asks one set for each length that occurs.
    var prefixes: [Int: NumberSet] = [:]
    /// Ascending; those of ``prefixes``.
    var lengths: [Int] = []

    func contains(_ digits: UInt64) -> Bool {
      if exact.contains(digits) { return true }
      guard !lengths.isEmpty else { return false }
      let count = Self.digitCount(digits)
      for length in lengths where length <= count {
        var head = digits
        for _ in length..<count { head /= 10 }
        if prefixes[length]?.contains(head) == true { return true }
      }
      return false
    }

    /// The number itself, or the shortest prefix of it that is listed.
    func entry(taking digits: UInt64, _ scope: DoNotCallScope) -> DoNotCallEntry? {
      if exact.contains(digits) { return DoNotCallEntry(scope: scope, digits: digits, isPrefix: false) }
      let count = Self.digitCount(digits)
      for length in lengths where length <= count {
        var head = digits
        for _ in length..<count { head /= 10 }
        if prefixes[length]?.contains(head) == true {
          return DoNotCallEntry(scope: scope, digits: head, isPrefix: true)
        }
      }
      return nil
    }

    mutating func insertPrefix(_ digits: UInt64) -> Bool {
      let length = Self.digitCount(digits)
      let isNew = prefixes[length, default: NumberSet()].insert(digits)
      if isNew { lengths = prefixes.keys.sorted() }
      return isNew
    }

    mutating func removePrefix(_ digits: UInt64) -> Bool {
      let length = Self.digitCount(digits)
      guard prefixes[length]?.remove(digits) == true else { return false }
      if prefixes[length]?.isEmpty == true { prefixes[length] = nil }
      lengths = prefixes.keys.sorted()
      return true
    }

    static func digitCount(_ digits: UInt64) -> Int {
      var count = 1
      var rest = digits
      while rest >= 10 {
        rest /= 10
        count += 1
      }
      return count
    }
  }

  private var everyone = Numbers()
  private var tenants: [TenantID: Numbers] = [:]
  private var campaigns: [CampaignID: Numbers] = [:]
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  /// What the numbers take of memory.
  var bytes: Int {
    [everyone.exact.bytes, tenants.values.reduce(0) { $0 + $1.exact.bytes }].reduce(0, +)
      + campaigns.values.reduce(0) { $0 + $1.exact.bytes }
  }

  /// - Returns: whether it was not there yet.
  @discardableResult
  func add(_ entry: DoNotCallEntry) -> Bool {
    let added = change(entry.scope) { numbers in
      entry.isPrefix ? numbers.insertPrefix(entry.digits) : numbers.exact.insert(entry.digits)
    }
    if added { count += 1 }
    return added
  }

  /// - Returns: those that were not there yet.
  @discardableResult
  func add(_ batch: DoNotCallBatch) -> [UInt64] {
    let added = change(batch.scope) { numbers in
      batch.isPrefix ? batch.digits.filter { numbers.insertPrefix($0) } : numbers.exact.insert(sorted: batch.digits)
    }
    count += added.count
    return added
  }

  /// - Returns: whether it was there.
  @discardableResult
  func remove(_ entry: DoNotCallEntry) -> Bool {
    let removed = change(entry.scope) { numbers in
      entry.isPrefix ? numbers.removePrefix(entry.digits) : numbers.exact.remove(entry.digits)
    }
    if removed { count -= 1 }
    return removed
  }

  func contains(_ entry: DoNotCallEntry) -> Bool {
    let found: Numbers? =
      switch entry.scope {
      case .everyone: everyone
      case .tenant(let tenant): tenants[tenant]
      case .campaign(let campaign): campaigns[campaign]
      }
    guard let numbers = found else { return false }
    guard entry.isPrefix else { return numbers.exact.contains(entry.digits) }
    return numbers.prefixes[Numbers.digitCount(entry.digits)]?.contains(entry.digits) == true
  }

  /// Whether the number, or a prefix of it, stands on a list that holds for this campaign.
  ///
  /// - Parameter tenant: like the campaign only looked at where some list is not everyone's.
  func forbids(
    _ phone: PhoneNumber, tenant: @autoclosure () -> TenantID, campaign: @autoclosure () -> CampaignID?
  ) -> Bool {
    guard count > 0 else { return false }
    if everyone.contains(phone.digits) { return true }
    guard !tenants.isEmpty || !campaigns.isEmpty else { return false }
    return scope(forbidding: phone, tenant: tenant(), campaign: campaign()) != nil
  }

  /// The widest list that forbids the number.
  func scope(forbidding phone: PhoneNumber, tenant: TenantID?, campaign: CampaignID?) -> DoNotCallScope? {
    if everyone.contains(phone.digits) { return .everyone }
    if let tenant, !tenants.isEmpty, tenants[tenant]?.contains(phone.digits) == true { return .tenant(tenant) }
    if let campaign, !campaigns.isEmpty, campaigns[campaign]?.contains(phone.digits) == true {
      return .campaign(campaign)
    }
    return nil
  }

  /// The entry that forbids the number, of the widest list that does.
  func entry(forbidding phone: PhoneNumber, tenant: TenantID?, campaign: CampaignID?) -> DoNotCallEntry? {
    switch scope(forbidding: phone, tenant: tenant, campaign: campaign) {
    case nil: nil
    case .everyone: everyone.entry(taking: phone.digits, .everyone)
    case .tenant(let tenant): tenants[tenant]?.entry(taking: phone.digits, .tenant(tenant))
    case .campaign(let campaign): campaigns[campaign]?.entry(taking: phone.digits, .campaign(campaign))
    }
  }

  private func change<Result>(_ scope: DoNotCallScope, _ body: (inout Numbers) -> Result) -> Result {
    switch scope {
    case .everyone: body(&everyone)
    case .tenant(let tenant): body(&tenants[tenant, default: Numbers()])
    case .campaign(let campaign): body(&campaigns[campaign, default: Numbers()])
    }
  }
}
