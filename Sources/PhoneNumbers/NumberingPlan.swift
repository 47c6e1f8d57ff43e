import DialerModel
import Foundation

/// The world's numbering plans, as data: turns what people type into E.164, and tells valid numbers from others. All
/// patterns of a plan are compiled when it is made; after that nothing is written, so one plan serves all threads.
public final class NumberingPlan: Sendable {
  let automaton: DigitAutomaton
  /// By name, ascending.
  let rules: [RegionRules]
  /// Position in `rules` by the two letters of a region's name; -1 where there is none.
  let regionByName: [Int16]
  /// By country code, 0...999: its regions in `sharing`, the main region first; empty for a code that is not given out.
  let regionsByCode: [Range<Int>]
  let sharing: [Int]

  /// Two-letter ISO 3166 codes of the plan's regions, ascending.
  public var regions: [String] { rules.map(\.name) }

  /// Reads the plan from the bytes of `numbering-plan.json`.
  /// - Throws: what is wrong with the data; nothing of it is used then.
  public init(json: Data) throws(NumberingPlanError) {
    let data: NumberingPlanData
    do { data = try JSONDecoder().decode(NumberingPlanData.self, from: json) } catch {
      throw .malformed(Self.place(of: error))
    }
    guard data.regions.count < Int(Int16.max) else { throw .tooLarge }
    let ordered = data.regions.sorted { $0.region < $1.region }
    let (automaton, roots) = try Self.compile(ordered)
    var rules: [RegionRules] = []
    var names = [Int16](repeating: -1, count: 26 * 26)
    for (index, region) in ordered.enumerated() {
      guard let place = Self.place(ofRegion: region.region), names[place] < 0 else { throw .region(region.region) }
      names[place] = Int16(index)
      rules.append(try RegionRules(region, root: roots[2 * index], leadingDigitsRoot: roots[2 * index + 1]))
    }
    self.automaton = automaton
    self.rules = rules
    regionByName = names
    (regionsByCode, sharing) = try Self.shareCodes(ordered)
  }

  /// Whether the plan has a region of this name, such as `US`; either case.
  public func hasRegion(_ name: String) -> Bool { rules(named: name) != nil }

  /// The region of a number by its country code, and where regions share one, by its leading digits or by whose patterns
  /// it matches; nil when no region has it. A code of one region's own decides alone, so the number need not be valid.
  public func region(of number: PhoneNumber) -> String? {
    let digits = DigitString(number)
    guard let code = countryCode(of: digits) else { return nil }
    return rules(of: digits.dropFirst(code.length), sharing: code.regions)?.name
  }

  /// Whether the plan gives the number out: right length, in the general range of its region, and of some kind.
  public func isValid(_ number: PhoneNumber) -> Bool {
    let digits = DigitString(number)
    return countryCode(of: digits).map { kinds(of: digits, behind: $0) != 0 } ?? false
  }

  /// Whether the number belongs to a place: a fixed line, or a mobile in the countries whose mobile numbers are given out
  /// by area. False for numbers that are not valid.
  public func isGeographic(_ number: PhoneNumber) -> Bool {
    let digits = DigitString(number)
    return digits.count > 3 && placeDigits(of: digits) == digits.count
  }

  /// How many of the first digits say where the number is: all of them for a geographic number, those of the country code
  /// for another, none when the country code is unknown.
  func placeDigits(of digits: DigitString) -> Int {
    guard let code = countryCode(of: digits) else { return 0 }
    let kinds = kinds(of: digits, behind: code)
    guard kinds & NumberKind.placeless == 0 else { return code.length }
    if kinds & NumberKind.fixedLine.bit != 0 { return digits.count }
    guard kinds & NumberKind.mobile.bit != 0, Self.hasMobileAreas(code.value) else { return code.length }
    return digits.count
  }

  /// Mexico, Argentina, Brazil, Indonesia, China; from libphonenumber.
  private static func hasMobileAreas(_ countryCode: Int) -> Bool {
    switch countryCode {
    case 52, 54, 55, 62, 86: true
    default: false
    }
  }

  private func kinds(of digits: DigitString, behind code: CountryCode) -> DigitAutomaton.Patterns {
    guard digits.count <= Self.digitLimit else { return 0 }
    let national = digits.dropFirst(code.length)
    // As `rules(of:sharing:)` finds the region, but what a region is known by is not worked out twice.
    for place in code.regions {
      let candidate = rules[sharing[place]]
      if candidate.leadingDigitsRoot == 0 || code.regions.count == 1 {
        let kinds = candidate.kinds(of: national, in: automaton)
        if kinds != 0 { return kinds }
      } else if automaton.matchesPrefix(of: national, from: candidate.leadingDigitsRoot) {
        return candidate.kinds(of: national, in: automaton)
      }
    }
    return 0
  }

  /// ITU-T E.164: at most fifteen digits with the country code. The general patterns of some regions allow more.
  static let digitLimit = 15

  struct CountryCode {
    var value: Int
    /// Its digits, 1...3.
    var length: Int
    /// Positions in `sharing`; never empty.
    var regions: Range<Int>
  }

  /// No country code begins with zero, and none begins with another, so the first that fits is the one.
  @inline(__always)
  func countryCode(of digits: DigitString) -> CountryCode? {
    var value = 0
    for length in 1...3 where length <= digits.count {
      value = value * 10 + digits[length - 1]
      let regions = regionsByCode[value]
      if value > 0, !regions.isEmpty { return CountryCode(value: value, length: length, regions: regions) }
      if value == 0 { return nil }
    }
    return nil
  }

  /// Which of the regions of one country code has this national number.
  func rules(of national: DigitString, sharing regions: Range<Int>) -> RegionRules? {
    if regions.count == 1 { return rules[sharing[regions.lowerBound]] }
    for place in regions {
      let candidate = rules[sharing[place]]
      let isOurs =
        candidate.leadingDigitsRoot != 0
        ? automaton.matchesPrefix(of: national, from: candidate.leadingDigitsRoot)
        : candidate.kinds(of: national, in: automaton) != 0
      if isOurs { return candidate }
    }
    return nil
  }

  /// Nil for a name that the plan does not have; either case.
  func rules(named name: String) -> RegionRules? {
    guard let place = Self.place(ofRegion: name), regionByName[place] >= 0 else { return nil }
    return rules[Int(regionByName[place])]
  }

  /// Two letters as a number below 676.
  static func place(ofRegion name: String) -> Int? {
    var place = 0
    var count = 0
    for byte in name.utf8 {
      let letter = byte | 0x20
      guard letter >= 0x61, letter <= 0x7A, byte < 0x80, count < 2 else { return nil }
      place = place * 26 + Int(letter - 0x61)
      count += 1
    }
    return count == 2 ? place : nil
  }
}
