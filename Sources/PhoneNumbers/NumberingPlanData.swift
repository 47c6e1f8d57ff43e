/// The plan as it stands in the file (see Config/README.md).
struct NumberingPlanData: Decodable {
  struct Region: Decodable {
    var region: String
    var countryCode: Int
    /// Of regions that share a country code, the one that answers for it.
    var mainRegionForCode: Bool
    /// Every national number of the region matches this.
    var general: String
    var possibleLengths: [Int]
    /// What national numbers begin with, where that alone tells this region from others of the same country code.
    var leadingDigits: String?
    var internationalPrefix: String
    var nationalPrefixForParsing: String?
    var nationalPrefixTransformRule: String?
    /// By name of the kind of number.
    var types: [String: Kind]
  }

  struct Kind: Decodable {
    var pattern: String
    var possibleLengths: [Int]
  }

  var regions: [Region]
}
