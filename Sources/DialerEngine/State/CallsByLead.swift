import DialerModel

/// The live call of each lead that has one.
struct CallsByLead: ~Copyable {
  private var table = KeyTable<Int64>(empty: 0)

  subscript(lead: LeadID) -> AttemptID? {
    get {
      let attempt = table[Self.key(lead)]
      return attempt == 0 ? nil : AttemptID(attempt)
    }
    set { table.change(Self.key(lead)) { $0 = newValue?.rawValue ?? 0 } }
  }

  /// In no order.
  var keys: [LeadID] {
    var leads: [LeadID] = []
    table.forEachKey { leads.append(LeadID(UInt32($0 - 1))) }
    return leads
  }

  /// Zero is no key.
  private static func key(_ lead: LeadID) -> UInt64 { UInt64(lead.rawValue) + 1 }
}
