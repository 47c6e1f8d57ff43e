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
  private let regionRules: [(code: String, rules: RegionRules)]

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
    let regions = hours.regions.sorted { $0.key < $1.key }.map { (code: $0.key, rules: $0.value) }
    for region in regions { sheets.append(RuleSheet(region: region.code, region.rules, table: &table)) }
    var builder = StackBuilder(regions: regions)
    let stackOfPlace = builder.buildAll()
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
  public func profile(zones: [ZoneRules], country: String?, state: String?) -> HoursProfile {
    precondition(!zones.isEmpty, "a lead has at least one zone")
    let stack = stackIndex(country: country, state: state)
    let limits = stacks[stack].regions.flatMap { sheet -> [TimedLimit] in
      let region = regionRules[sheet - 1]
      let from = region.rules.effectiveFrom.map { Self.start(of: $0.daysSinceEpoch, in: zones, latest: false) }
      let until = region.rules.effectiveUntil.map { Self.start(of: $0.daysSinceEpoch + 1, in: zones, latest: true) }
      return region.rules.attemptLimits.map {
        TimedLimit(limit: $0, from: from ?? .distantPast, until: until ?? .distantFuture, region: region.code)
      }
    }
    return HoursProfile(zones: zones, stack: stack, limits: limits)
  }

  /// How long no call without an agent in hand may follow an abandoned one: the longest that a region asks for.
  public func abandonHold(of profile: HoursProfile, at now: Instant) -> Interval? {
    let day = LocalTime(localSeconds: profile.zones[0].localSeconds(at: now)).date.daysSinceEpoch
    return stacks[profile.stack].regions.compactMap { sheet in
      sheets[sheet].isEffective(on: day) ? regionRules[sheet - 1].rules.abandonHold : nil
    }.max()
  }

  private static func start(of day: Int64, in zones: [ZoneRules], latest: Bool) -> Instant {
    let date = CivilDate(daysSinceEpoch: day)
    let starts = zones.map { $0.firstInstant(atOrAfterLocal: date, secondsOfDay: 0) }
    return (latest ? starts.max() : starts.min()) ?? .distantPast
  }

  private func stackIndex(country: String?, state: String?) -> Int {
    guard let country = country?.uppercased(), !country.isEmpty else {
      guard unknownRegion == .strictest else { return Self.baseStack }
      return stackOfPlace[Self.unknownCountry] ?? Self.baseStack
    }
    var subdivision = state?.uppercased() ?? ""
    if subdivision.hasPrefix(country + "-") { subdivision = String(subdivision.dropFirst(country.count + 1)) }
    // ISO 3166-2: one to three letters or digits.
    let isCode =
      (1...3).contains(subdivision.utf8.count)
      && subdivision.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
    if isCode, let found = stackOfPlace["\(country)-\(subdivision)"] { return found }
    if !isCode, unknownRegion == .strictest, let found = stackOfPlace[Self.unknownState(of: country)] { return found }
    return stackOfPlace[country] ?? Self.baseStack
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
        let states = regions.map(\.code).filter { $0.hasPrefix(country + "-") }
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
        guard let index = regions.firstIndex(where: { $0.code == code }) else { continue }
        let rules = regions[index].rules
        stack.regions.append(index + 1)
        guard !rules.weekly.isEmpty || !rules.dates.isEmpty else { continue }
        let overlay = HoursLayer.Overlay(sheet: Int32(index + 1), yieldsToDates: rules.replaces)
        if rules.replaces {
          stack.layers = stack.layers.map { $0.with(overlay) }
        } else {
          stack.layers.append(stack.layers[0].with(overlay))
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

extension HoursLayer {
  /// The same layer made of other sheets.
  func mapping(_ sheet: (Int32) -> Int32) -> HoursLayer {
    var layer = HoursLayer.base
    for overlay in [first, second].compactMap({ $0 }) {
      layer = layer.with(Overlay(sheet: sheet(overlay.sheet), yieldsToDates: overlay.yieldsToDates))
    }
    return layer
  }
}
