import Foundation

/// How the tables of a plan are made from its data.
extension NumberingPlan {
  /// One automaton for all regions; for each region in turn, where its patterns begin and where its leading digits do.
  static func compile(
    _ regions: [NumberingPlanData.Region], nodeLimit: Int = DigitAutomatonBuilder.nodeLimit
  ) throws(NumberingPlanError) -> (DigitAutomaton, [DigitAutomaton.State]) {
    var builder = DigitAutomatonBuilder(nodeLimit: nodeLimit)
    var roots: [DigitAutomatonBuilder.Node] = []
    for region in regions {
      var root = try node(of: region.general, kind: .general, field: "general", region, &builder)
      for kind in NumberKind.allCases {
        guard let name = kind.name, let entry = region.types[name] else { continue }
        root = builder.union(root, try node(of: entry.pattern, kind: kind, field: "types.\(name)", region, &builder))
      }
      roots.append(root)
      var leading = DigitAutomatonBuilder.dead
      if let pattern = region.leadingDigits {
        leading = try node(of: pattern, kind: .leadingDigits, field: "leadingDigits", region, &builder)
      }
      roots.append(leading)
      guard !builder.isFull else { throw .tooLarge }
    }
    return builder.automaton(roots: roots)
  }

  private static func node(
    of text: String, kind: NumberKind, field: String, _ region: NumberingPlanData.Region,
    _ builder: inout DigitAutomatonBuilder
  ) throws(NumberingPlanError) -> DigitAutomatonBuilder.Node {
    guard let pattern = DigitPattern(text), let node = builder.node(for: pattern, accepting: kind.bit) else {
      throw builder.isFull ? .tooLarge : .pattern(region: region.region, field: field)
    }
    return node
  }

  /// The regions of each country code, side by side, the main region first.
  static func shareCodes(
    _ regions: [NumberingPlanData.Region]
  ) throws(NumberingPlanError) -> (byCode: [Range<Int>], sharing: [Int]) {
    for region in regions where region.countryCode < 1 || region.countryCode > 999 {
      throw .countryCode(region.countryCode)
    }
    let sharing = regions.indices.sorted { left, right in
      let (one, other) = (regions[left], regions[right])
      if one.countryCode != other.countryCode { return one.countryCode < other.countryCode }
      if one.mainRegionForCode != other.mainRegionForCode { return one.mainRegionForCode }
      return left < right
    }
    var byCode = [Range<Int>](repeating: 0..<0, count: 1000)
    for (place, index) in sharing.enumerated() {
      let region = regions[index]
      let known = byCode[region.countryCode]
      // The main region sorts first, so it opens the code's range, and no other may claim to be main.
      guard region.mainRegionForCode == known.isEmpty else { throw .countryCode(region.countryCode) }
      byCode[region.countryCode] = (known.isEmpty ? place : known.lowerBound)..<(place + 1)
    }
    return (byCode, sharing)
  }

  /// What the decoder stumbled over, without the data itself.
  static func place(of error: any Error) -> String {
    guard let error = error as? DecodingError else { return "not JSON" }
    let context: DecodingError.Context
    switch error {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
      .dataCorrupted(let found):
      context = found
    @unknown default: return "not JSON"
    }
    let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
  }
}
