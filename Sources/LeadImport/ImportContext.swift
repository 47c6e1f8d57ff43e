import DialerModel
import PhoneNumbers
import TimeZones

/// What a row is read with, beside the file itself: the numbering plan, and what list and campaigns say.
public struct ImportContext: Sendable {
  public var plan: NumberingPlan
  public var prefixZones: PrefixZones
  public var timeZones: TimeZoneDatabase
  public var rules: ImportRules

  public init(
    plan: NumberingPlan, prefixZones: PrefixZones, timeZones: TimeZoneDatabase, rules: ImportRules = ImportRules()
  ) {
    self.plan = plan
    self.prefixZones = prefixZones
    self.timeZones = timeZones
    self.rules = rules
  }
}

/// What the list of an import, the campaigns that dial it and the configuration say about its leads.
public struct ImportRules: Hashable, Sendable {
  /// Where national numbers are read.
  public var region: String?
  /// The import's own ahead of the campaigns'; the first that applies holds.
  public var timeZoneRules: [TimeZoneRule] = []
  /// Whether a number that can lie in one zone only gives the lead that zone.
  public var zoneFromPhone = false
  public var listZone: String?
  public var campaignZone: String?
  public var defaultZone: String?
  /// The lists in which a lead may match.
  public var scope: Set<ListID> = []
  /// What the tenant asks of the fields of its leads.
  public var fieldRules = FieldRules()
  /// The lists of the tenant, where some field is unique.
  public var uniqueIn: Set<ListID> = []
  public init() {}
}
