import DialerModel
import TimeZones

/// A set of calling hours, made ready to be asked at every claim.
///
/// What it decides where the rules leave room:
/// - A window over midnight belongs to the date on which it starts, and goes on into the next date also where that
///   weekday is closed or has other windows. Only a date without calls closes the whole of its local date.
/// - Several special dates on one day: only what all of them allow.
/// - `effectiveFrom` and `effectiveUntil` are local dates, both included.
/// - A region that replaces writes its weekdays over weekdays and its dates over everything on that date; a special
///   date of the base stands unless the region names that date.
/// - Several rules of one region all hold, each between its own dates.
/// - A region that claims a number by its prefix narrows the rules of the place that the lead is in.
/// - `strictest` is the intersection over all the country's states that have rules, and the country alone; where not
///   even the country is known, over every region of the set.
/// - Outside the years 1970 to 2100 special dates are not known, and nothing is open (but in a set that is always open).
public final class CompiledHours: Sendable {
  public let callingHoursID: CallingHoursID
  public let version: Int
  public let unknownRegion: UnknownRegionPolicy

  let spans: ContiguousArray<MinuteSpan>
  /// The base first, then the regions in the order of their codes.
  let sheets: [RuleSheet]
  let stacks: [HoursStack]
  private let stackOfPlace: [String: Int]
  private let baseLimits: [AttemptLimit]
  private let baseHold: Interval?
  /// By code; a region may have several.
  private let regionRules: [(code: String, rules: RegionRules)]
  private let phonePrefixes: PrefixTable
  private let phoneRegions: [String]

  /// How far ahead the next change is looked for.
  static let horizonSeconds: Int64 = 400 * 86_400
  private static let baseStack = 0
  /// Keys of ``stackOfPlace`` that no region's code can be.
  private static let unknownCountry = "?"
  private static func unknownState(of country: String) -> String { country + "-?" }

  /// - Parameter unknownRegion: the campaign's, which goes before the set's own.
  public init(_ hours: CallingHours, unknownRegion override: UnknownRegionPolicy? = nil) {
    callingHoursID = hours.callingHoursID
    version = hours.version
    unknownRegion = override ?? hours.unknownRegion
    var table = ContiguousArray<MinuteSpan>()
    var sheets = [RuleSheet(base: hours, table: &table)]
    let regions = hours.regions.sorted { $0.key < $1.key }
      .flatMap { region in region.value.all.map { (code: region.key, rules: $0) } }
    for region in regions { sheets.append(RuleSheet(region: region.code, region.rules, table: &table)) }
    var builder = StackBuilder(regions: regions)
    let stackOfPlace = builder.buildAll()
    var phoneRegions: [String] = []
    var phonePrefixes = PrefixTable()
    for (code, rules) in regions where !rules.phonePrefixes.isEmpty {
      if phoneRegions.last != code { phoneRegions.append(code) }
      for prefix in rules.phonePrefixes { phonePrefixes.insert(UInt64(prefix) ?? 0, phoneRegions.count - 1) }
    }
    baseLimits = hours.attemptLimits
    baseHold = hours.abandonHold
    self.phoneRegions = phoneRegions
    self.phonePrefixes = phonePrefixes
    self.sheets = sheets
    self.spans = table
    self.stackOfPlace = stackOfPlace
    regionRules = regions
    stacks = builder.stacks.map { stack in
      var stack = stack
      stack.constant = Self.constant(of: stack, sheets: sheets, spans: table)
      return stack
    }
  }

  /// - Parameters:
  ///   - zones: at least one.
  ///   - country: ISO 3166-1 alpha-2; nil = not known.
  ///   - state: `FL` or `US-FL`; nil = not known, as is any text that is no subdivision code of ISO 3166-2.
  ///   - phoneRegion: the region that claims the number by its prefix, as ``phoneRegion(of:)`` says; nil = none.
  public func profile(
    zones: [ZoneRules], country: String?, state: String?, phoneRegion: Int? = nil
  ) -> HoursProfile {
    precondition(!zones.isEmpty, "a lead has at least one zone")
    var (stack, unknown) = stackIndex(country: country, state: state).map(stacks)
    if let code = phoneRegion.map({ phoneRegions[$0] }), let index = stackOfPlace[code] {
      stack = stack.narrowed(by: stacks[index])
    }
    // The base's are named by the set.
    var limits = baseLimits.map { TimedLimit(limit: $0, region: callingHoursID.rawValue) }
    var holds = baseHold.map { [TimedHold(hold: $0, region: callingHoursID.rawValue)] } ?? []
    for sheet in stack.regions {
      let (code, rules) = regionRules[sheet - 1]
      let from = rules.effectiveFrom.map { Self.start(of: $0.daysSinceEpoch, in: zones, latest: false) }
      let until = rules.effectiveUntil.map { Self.start(of: $0.daysSinceEpoch + 1, in: zones, latest: true) }
      limits += rules.attemptLimits.map {
        TimedLimit(limit: $0, from: from ?? .distantPast, until: until ?? .distantFuture, region: code)
      }
      if let hold = rules.abandonHold {
        holds.append(TimedHold(hold: hold, from: from ?? .distantPast, until: until ?? .distantFuture, region: code))
      }
    }
    return HoursProfile(zones: zones, stack: stack, limits: limits, holds: holds, unknown: unknown)
  }

  /// The country of all regions that the set has rules for; nil when they are of several, or there are none.
  public var onlyCountry: String? {
    let countries = Set(regionRules.map { $0.code.prefix { $0 != "-" } })
    return countries.count == 1 ? countries.first.map { String($0) } : nil
  }

  /// The region that a number belongs to by its prefix, as an index that stays the same for this object; the longest
  /// prefix counts. Nil when no region claims it.
  public func phoneRegion(of number: PhoneNumber) -> Int? {
    phonePrefixes.longestMatch(of: number)
  }

  private static func start(of day: Int64, in zones: [ZoneRules], latest: Bool) -> Instant {
    let date = CivilDate(daysSinceEpoch: day)
    let starts = zones.map { $0.firstInstant(atOrAfterLocal: date, secondsOfDay: 0) }
    return (latest ? starts.max() : starts.min()) ?? .distantPast
  }

  /// A stack, and what had to be assumed to find it.
  private struct Place {
    var stack: Int
    var unknown: UnknownPlace?
    func map(_ stacks: [HoursStack]) -> (HoursStack, UnknownPlace?) { (stacks[stack], unknown) }
  }

  private func stackIndex(country: String?, state: String?) -> Place {
    guard let country = country?.uppercased(), !country.isEmpty else {
      let unknown = regionRules.isEmpty ? nil : UnknownPlace(country: true, policy: unknownRegion)
      guard unknownRegion == .strictest else { return Place(stack: Self.baseStack, unknown: unknown) }
      return Place(stack: stackOfPlace[Self.unknownCountry] ?? Self.baseStack, unknown: unknown)
    }
    var subdivision = state?.uppercased() ?? ""
    if subdivision.hasPrefix(country + "-") { subdivision = String(subdivision.dropFirst(country.count + 1)) }
    // ISO 3166-2: one to three letters or digits.
    let isCode =
      (1...3).contains(subdivision.utf8.count)
      && subdivision.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
    if isCode, let found = stackOfPlace["\(country)-\(subdivision)"] { return Place(stack: found) }
    let knowsStates = regionRules.contains { $0.code.hasPrefix(country + "-") }
    let unknown = !isCode && knowsStates ? UnknownPlace(country: false, policy: unknownRegion) : nil
    if !isCode, unknownRegion == .strictest, let found = stackOfPlace[Self.unknownState(of: country)] {
      return Place(stack: found, unknown: unknown)
    }
    return Place(stack: stackOfPlace[country] ?? Self.baseStack, unknown: unknown)
  }

  /// Only the plain cases: a base without dates in which every day is open from end to end, or none is at all.
  private static func constant(
    of stack: HoursStack, sheets: [RuleSheet], spans: ContiguousArray<MinuteSpan>
  ) -> Bool? {
    guard stack.layers == [.base], sheets[0].dates.isEmpty else { return nil }
    let days = sheets[0].weekly.map { spans[Int(max($0.first, 0))..<Int(max($0.end, 0))] }
    if days.allSatisfy(\.isEmpty) { return false }
    return days.allSatisfy { $0.contains { $0.start == 0 && $0.end >= MinuteSpan.day } } ? true : nil
  }

  /// Builds a stack for every place that the set tells apart.
  private struct StackBuilder {
    let regions: [(code: String, rules: RegionRules)]
    var stacks = [HoursStack(layers: [.base], regions: [], constant: nil)]

    mutating func buildAll() -> [String: Int] {
      var places: [String: Int] = [:]
      var countries: [String] = []
      for region in regions {
        let country = String(region.code.prefix { $0 != "-" })
        if countries.last != country { countries.append(country) }
      }
      for country in countries {
        places[country] = add(stack(country: country, state: nil))
        var states: [String] = []
        for code in regions.map(\.code) where code.hasPrefix(country + "-") && states.last != code {
          states.append(code)
        }
        for state in states { places[state] = add(stack(country: country, state: state)) }
        places[CompiledHours.unknownState(of: country)] = add(
          strictest([stack(country: country, state: nil)] + states.map { stack(country: country, state: $0) }))
      }
      let everywhere = regions.map { region -> HoursStack in
        let country = String(region.code.prefix { $0 != "-" })
        return stack(country: country, state: region.code == country ? nil : region.code)
      }
      places[CompiledHours.unknownCountry] = add(strictest([stacks[CompiledHours.baseStack]] + everywhere))
      return places
    }

    private mutating func add(_ stack: HoursStack) -> Int {
      stacks.append(stack)
      return stacks.count - 1
    }

    private func stack(country: String, state: String?) -> HoursStack {
      var stack = HoursStack(layers: [.base], regions: [], constant: nil)
      for code in [country, state].compactMap({ $0 }) {
        let own = regions.indices.filter { regions[$0].code == code }
        stack.regions += own.map { $0 + 1 }
        // What replaces comes first, so that what narrows beside it narrows that.
        for index in own.filter({ regions[$0].rules.replaces }) + own.filter({ !regions[$0].rules.replaces }) {
          let rules = regions[index].rules
          guard !rules.weekly.isEmpty || !rules.dates.isEmpty else { continue }
          let overlay = HoursLayer.Overlay(sheet: Int32(index + 1), yieldsToDates: rules.replaces)
          if rules.replaces {
            stack.layers = stack.layers.map { $0.with(overlay) }
          } else {
            stack.layers.append(stack.layers[0].with(overlay))
          }
        }
      }
      return stack
    }

    /// All layers of all stacks, each once; of regions that say the same, one.
    private func strictest(_ stacks: [HoursStack]) -> HoursStack {
      var layers: [HoursLayer] = []
      var representative = Array(0...regions.count)
      for index in regions.indices {
        let same = regions[..<index].firstIndex { Self.sameHours($0.rules, regions[index].rules) }
        if let same { representative[index + 1] = same + 1 }
      }
      for layer in stacks.flatMap(\.layers) {
        let layer = layer.mapping { Int32(representative[Int($0)]) }
        if !layers.contains(layer) { layers.append(layer) }
      }
      let found = stacks.flatMap(\.regions)
      return HoursStack(layers: layers, regions: (0...regions.count).filter { found.contains($0) }, constant: nil)
    }

    private static func sameHours(_ left: RegionRules, _ right: RegionRules) -> Bool {
      left.weekly == right.weekly && left.dates == right.dates && left.effectiveFrom == right.effectiveFrom
        && left.effectiveUntil == right.effectiveUntil && left.replaces == right.replaces
    }
  }
}

extension HoursStack {
  /// Open where both are; the limits of both.
  func narrowed(by other: HoursStack) -> HoursStack {
    var stack = self
    for layer in other.layers where !stack.layers.contains(layer) { stack.layers.append(layer) }
    stack.regions += other.regions.filter { !regions.contains($0) }
    stack.constant = stack.layers == layers ? constant : nil
    return stack
  }
}
