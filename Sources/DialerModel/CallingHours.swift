/// A part of a local day in minutes: start included, end not. An end at or before the start goes on into the next day.
public struct HoursWindow: Hashable, Codable, Sendable {
  /// 0 to 1,439.
  public var startMinute: Int
  /// 1 to 1,440 on the same day; up to `startMinute` when it crosses midnight.
  public var endMinute: Int
  public init(startMinute: Int, endMinute: Int) {
    self.startMinute = startMinute
    self.endMinute = endMinute
  }
  public var crossesMidnight: Bool { endMinute <= startMinute }
}

/// Which dates a rule means.
public enum DateRule: Hashable, Codable, Sendable {
  /// One date of one year.
  case date(year: Int, month: Int, day: Int)
  /// The same date each year.
  case yearly(month: Int, day: Int)
  /// The nth weekday of a month (1 = Monday … 7 = Sunday); `nth` −1 is the last.
  case nthWeekday(month: Int, weekday: Int, nth: Int)
  /// Days after Western Easter Sunday, negative before.
  case easter(days: Int)
}

/// Windows of their own for a date; none = no calls.
public struct SpecialDate: Hashable, Codable, Sendable {
  public var rule: DateRule
  public var windows: [HoursWindow]
  public var name: String?
  /// A Saturday moves to the Friday before, a Sunday to the Monday after.
  public var observed: Bool
  public init(rule: DateRule, windows: [HoursWindow] = [], name: String? = nil, observed: Bool = false) {
    self.rule = rule
    self.windows = windows
    self.name = name
    self.observed = observed
  }
}

/// Rules of a country or a state (`US`, `US-FL`).
public struct RegionRules: Hashable, Sendable {
  /// Windows by ISO weekday, 1 = Monday; a weekday that is missing is as in the base.
  public var weekly: [Int: [HoursWindow]]
  public var dates: [SpecialDate]
  public var attemptLimits: [AttemptLimit]
  /// After an abandoned call no call without an agent in hand for this long.
  public var abandonHold: Interval?
  /// Loosens as well: the base's windows and dates do not count where this names its own.
  public var replaces: Bool
  /// Digits that numbers begin with for which the rules hold too, wherever the lead is: a law may presume by the area
  /// code where a person lives. For them the rules only narrow.
  public var phonePrefixes: [String]
  public var source: String
  public var effectiveFrom: CivilDate?
  public var effectiveUntil: CivilDate?
  /// More rules of the same region, each with its own source and dates.
  public var further: [RegionRules]
  public init(
    weekly: [Int: [HoursWindow]] = [:], dates: [SpecialDate] = [], attemptLimits: [AttemptLimit] = [],
    abandonHold: Interval? = nil, replaces: Bool = false, phonePrefixes: [String] = [], source: String,
    effectiveFrom: CivilDate? = nil, effectiveUntil: CivilDate? = nil, further: [RegionRules] = []
  ) {
    self.weekly = weekly
    self.dates = dates
    self.attemptLimits = attemptLimits
    self.abandonHold = abandonHold
    self.replaces = replaces
    self.phonePrefixes = phonePrefixes
    self.source = source
    self.effectiveFrom = effectiveFrom
    self.effectiveUntil = effectiveUntil
    self.further = further
  }

  /// This one and those that stand beside it, as written.
  public var all: [RegionRules] { [self] + further }
}

extension RegionRules: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    weekly = try container.decode([Int: [HoursWindow]].self, forKey: .weekly)
    dates = try container.decode([SpecialDate].self, forKey: .dates)
    attemptLimits = try container.decode([AttemptLimit].self, forKey: .attemptLimits)
    abandonHold = try container.decodeIfPresent(Interval.self, forKey: .abandonHold)
    replaces = try container.decode(Bool.self, forKey: .replaces)
    source = try container.decode(String.self, forKey: .source)
    effectiveFrom = try container.decodeIfPresent(CivilDate.self, forKey: .effectiveFrom)
    effectiveUntil = try container.decodeIfPresent(CivilDate.self, forKey: .effectiveUntil)
    // Databases of the first version have neither.
    phonePrefixes = try container.decodeIfPresent([String].self, forKey: .phonePrefixes) ?? []
    further = try container.decodeIfPresent([RegionRules].self, forKey: .further) ?? []
  }
}

/// A named set of calling-hour rules.
public struct CallingHours: Hashable, Sendable {
  public var callingHoursID: CallingHoursID
  public var name: String
  public var source: String?
  /// Windows by ISO weekday, 1 = Monday; a weekday that is missing is closed.
  public var weekly: [Int: [HoursWindow]]
  public var dates: [SpecialDate]
  /// Those of regions come on top.
  public var attemptLimits: [AttemptLimit]
  /// As in a region; the longest that holds counts.
  public var abandonHold: Interval?
  /// By region code; a state's rules come on top of its country's.
  public var regions: [String: RegionRules]
  public var unknownRegion: UnknownRegionPolicy
  /// Grows by one with each change, and stands in the evidence.
  public var version: Int
  public init(
    callingHoursID: CallingHoursID, name: String, source: String? = nil, weekly: [Int: [HoursWindow]] = [:],
    dates: [SpecialDate] = [], attemptLimits: [AttemptLimit] = [], abandonHold: Interval? = nil,
    regions: [String: RegionRules] = [:], unknownRegion: UnknownRegionPolicy = .base, version: Int = 1
  ) {
    self.callingHoursID = callingHoursID
    self.name = name
    self.source = source
    self.weekly = weekly
    self.dates = dates
    self.attemptLimits = attemptLimits
    self.abandonHold = abandonHold
    self.regions = regions
    self.unknownRegion = unknownRegion
    self.version = version
  }

  /// Every limit that it has for anyone, anywhere.
  public var allAttemptLimits: [AttemptLimit] {
    attemptLimits + regions.values.flatMap { $0.all.flatMap(\.attemptLimits) }
  }

  /// The longest hold that it has for anyone, anywhere; zero = none.
  public var longestAbandonHold: Interval {
    regions.values.flatMap { $0.all.compactMap(\.abandonHold) }.reduce(abandonHold ?? .zero) { max($0, $1) }
  }

  /// Open at all times. Exists in a new database.
  public static let always = CallingHours(
    callingHoursID: CallingHoursID("always"), name: "Always open",
    weekly: Dictionary(uniqueKeysWithValues: (1...7).map { ($0, [HoursWindow(startMinute: 0, endMinute: 1440)]) }))

  /// 8:00 to 21:00 local time of the called party, each day. Exists in a new database.
  public static let usFederal = CallingHours(
    callingHoursID: CallingHoursID("us-federal"), name: "US federal",
    source: "16 CFR 310.4(c); 47 CFR 64.1200(c)(1)",
    weekly: Dictionary(
      uniqueKeysWithValues: (1...7).map { ($0, [HoursWindow(startMinute: 8 * 60, endMinute: 21 * 60)]) }))
}

extension CallingHours: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    callingHoursID = try container.decode(CallingHoursID.self, forKey: .callingHoursID)
    name = try container.decode(String.self, forKey: .name)
    source = try container.decodeIfPresent(String.self, forKey: .source)
    weekly = try container.decode([Int: [HoursWindow]].self, forKey: .weekly)
    dates = try container.decode([SpecialDate].self, forKey: .dates)
    regions = try container.decode([String: RegionRules].self, forKey: .regions)
    unknownRegion = try container.decode(UnknownRegionPolicy.self, forKey: .unknownRegion)
    version = try container.decode(Int.self, forKey: .version)
    // Databases of the first version have neither.
    attemptLimits = try container.decodeIfPresent([AttemptLimit].self, forKey: .attemptLimits) ?? []
    abandonHold = try container.decodeIfPresent(Interval.self, forKey: .abandonHold)
  }
}

extension CivilDate: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(daysSinceEpoch: try decoder.singleValueContainer().decode(Int64.self))
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(daysSinceEpoch)
  }
}
