/// The patterns of a region, by their bit in the automaton.
enum NumberKind: Int, CaseIterable {
  /// Not a kind: what every number of the region matches.
  case general
  case fixedLine
  case mobile
  case tollFree
  case premiumRate
  case sharedCost
  case voip
  case personalNumber
  case pager
  case companyNumber
  case voicemail
  /// Not a kind: the digits that only this region's numbers begin with.
  case leadingDigits

  /// The name in the plan's file; nil for those that are no kind of number.
  var name: String? {
    switch self {
    case .general, .leadingDigits: nil
    case .fixedLine: "fixed_line"
    case .mobile: "mobile"
    case .tollFree: "toll_free"
    case .premiumRate: "premium_rate"
    case .sharedCost: "shared_cost"
    case .voip: "voip"
    case .personalNumber: "personal_number"
    case .pager: "pager"
    case .companyNumber: "uan"
    case .voicemail: "voicemail"
    }
  }

  var bit: DigitAutomaton.Patterns { 1 << DigitAutomaton.Patterns(rawValue) }

  static let names = allCases.compactMap(\.name)
  static let anyKind = allCases.filter { $0.name != nil }.reduce(0) { $0 | $1.bit }
  /// Kinds that follow no place, whatever else the number matches.
  static let placeless = anyKind & ~(fixedLine.bit | mobile.bit)
}
