/// Why typed text is not a telephone number that can be dialled. No case holds the text or its digits: faults are logged.
public enum PhoneNumberFault: Error, Hashable, Sendable {
  /// No digits, or characters that no telephone number has.
  case notANumber
  /// A national number, and no region to read it in.
  case noRegion
  /// A national number, and a region that the plan does not have; the text names the region, at most eight characters.
  case unknownRegion(String)
  /// A plus sign or international prefix, and behind it no country code of the plan.
  case unknownCountryCode
  /// Fewer digits than any number of the region; `digits` counts the national number. The region is nil when there are
  /// too few digits to tell.
  case tooShort(region: String?, digits: Int, lengths: NumberLengths)
  /// More digits than any number of the region, or, without a region, than E.164 allows (15).
  case tooLong(region: String?, digits: Int, lengths: NumberLengths)
  /// A count of digits between those that the region has.
  case wrongLength(region: String, digits: Int, lengths: NumberLengths)
  /// As many digits as the region's numbers have, but in a range that is not given out.
  case notInPlan(region: String)

  static let overlong = tooLong(region: nil, digits: 0, lengths: NumberLengths(mask: 0))

  /// A stable word to program against.
  public var reason: String {
    switch self {
    case .notANumber: "not-a-number"
    case .noRegion: "no-region"
    case .unknownRegion: "unknown-region"
    case .unknownCountryCode: "unknown-country-code"
    case .tooShort: "too-short"
    case .tooLong: "too-long"
    case .wrongLength: "wrong-length"
    case .notInPlan: "not-in-plan"
    }
  }

  /// One sentence for a person: what was wrong, and what would be accepted.
  public var message: String {
    switch self {
    case .notANumber:
      "this is not a telephone number: write digits, with spaces, dashes or brackets if you like"
    case .noRegion:
      "a number without a country code needs a region: write it as +<country code> <number>, or give the region"
    case .unknownRegion(let region):
      "the numbering plan has no region \"\(region)\": give a two-letter code such as US, "
        + "or write the number as +<country code> <number>"
    case .unknownCountryCode:
      "the number begins with no known country code: write + and a country code such as 44, then the number"
    case .tooShort(let region?, let digits, let lengths):
      "too short for \(region): \(digits) digits, where a national number has \(lengths)"
    case .tooShort(nil, _, _):
      "too short for a telephone number: write the whole number, with its area code"
    case .tooLong(let region?, let digits, let lengths):
      "too long for \(region): \(digits) digits, where a national number has \(lengths)"
    case .tooLong(nil, _, _):
      "too long for a telephone number: at most 15 digits with the country code, and one number at a time"
    case .wrongLength(let region, let digits, let lengths):
      "not a length used in \(region): \(digits) digits, where a national number has \(lengths)"
    case .notInPlan(let region):
      "the numbering plan of \(region) has no such number: check the area code and the first digits"
    }
  }
}
