import DialerModel

/// Leads that are looked for by what an index finds at once; any one of these is enough.
public struct LeadProbe: Sendable, Hashable {
  /// By their ids.
  public var leads: [LeadID] = []
  /// In any place.
  public var phones: [PhoneNumber] = []
  /// ``LeadRecord/emailKey``; 0 = not by email.
  public var emailKey: UInt64 = 0
  /// The value of a field that is unique, and so has an index of its own.
  public var values: [Value] = []
  public init() {}

  public struct Value: Sendable, Hashable {
    public var field: FilterField
    public var value: FilterValue
    public init(field: FilterField, value: FilterValue) {
      self.field = field
      self.value = value
    }
  }

  /// More than a person has leads, and few enough for the thread that asks to wait for.
  public static let limit = 1_000
}

extension StoreReader {
  /// The leads that a probe finds, lowest id first; at most ``LeadProbe/limit`` for each thing that is looked by. Those
  /// of an import that nobody sees yet are among them: whoever adds a lead must know of them.
  public func leads(_ probe: LeadProbe) throws(StoreError) -> [StoredLead] {
    var found = Set(probe.leads)
    for phone in probe.phones { found.formUnion(try candidates(phone: phone).prefix(LeadProbe.limit).map(\.leadID)) }
    if probe.emailKey != 0 {
      found.formUnion(try candidates(emailKey: probe.emailKey).prefix(LeadProbe.limit).map(\.leadID))
    }
    for wanted in probe.values {
      found.formUnion(try FieldIndex(connection: connection).leadIDs(wanted.field, wanted.value) ?? [])
    }
    return try leads(found.sorted())
  }
}
