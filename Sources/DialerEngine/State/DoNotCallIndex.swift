import DialerModel

/// Numbers and prefixes that are not to be called, for everyone, a tenant or a campaign.
struct DoNotCallIndex {
  private struct Numbers {
    var exact: Set<UInt64> = []
    /// Prefix digits by their count: a lookup asks one set for each length that occurs.
    var prefixes: [Int: Set<UInt64>] = [:]
    var lengths: [Int] = []
    var isEmpty: Bool { exact.isEmpty && prefixes.isEmpty }

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

  /// - Returns: whether it was not there yet.
  @discardableResult
  mutating func add(_ entry: DoNotCallEntry) -> Bool {
    let added = change(entry.scope) { numbers in
      guard entry.isPrefix else { return numbers.exact.insert(entry.digits).inserted }
      let length = Numbers.digitCount(entry.digits)
      let isNew = numbers.prefixes[length, default: []].insert(entry.digits).inserted
      numbers.lengths = numbers.prefixes.keys.sorted()
      return isNew
    }
    if added { count += 1 }
    return added
  }

  /// - Returns: whether it was there.
  @discardableResult
  mutating func remove(_ entry: DoNotCallEntry) -> Bool {
    let removed = change(entry.scope) { numbers in
      guard entry.isPrefix else { return numbers.exact.remove(entry.digits) != nil }
      let length = Numbers.digitCount(entry.digits)
      guard numbers.prefixes[length]?.remove(entry.digits) != nil else { return false }
      if numbers.prefixes[length]?.isEmpty == true { numbers.prefixes[length] = nil }
      numbers.lengths = numbers.prefixes.keys.sorted()
      return true
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
  func forbids(_ phone: PhoneNumber, tenant: TenantID, campaign: CampaignID?) -> Bool {
    guard count > 0 else { return false }
    return scope(forbidding: phone, tenant: tenant, campaign: campaign) != nil
  }

  /// The widest list that forbids the number.
  func scope(forbidding phone: PhoneNumber, tenant: TenantID?, campaign: CampaignID?) -> DoNotCallScope? {
    if everyone.contains(phone.digits) { return .everyone }
    if let tenant, tenants[tenant]?.contains(phone.digits) == true { return .tenant(tenant) }
    if let campaign, campaigns[campaign]?.contains(phone.digits) == true { return .campaign(campaign) }
    return nil
  }

  private mutating func change(_ scope: DoNotCallScope, _ body: (inout Numbers) -> Bool) -> Bool {
    switch scope {
    case .everyone: body(&everyone)
    case .tenant(let tenant): body(&tenants[tenant, default: Numbers()])
    case .campaign(let campaign): body(&campaigns[campaign, default: Numbers()])
    }
  }
}
