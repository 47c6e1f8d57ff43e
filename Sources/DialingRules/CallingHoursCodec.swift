import DialerModel

/// A set of calling hours in the shape of the control protocol.
///
/// A window whose end is its start is refused: it could mean the whole day or none of it.
public enum CallingHoursCodec {
  static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
  static let maximumWindows = 24
  static let maximumDates = 400
  static let maximumRegions = 1000
  /// Rules that a region may have beside each other.
  static let maximumRules = 16
  static let maximumPrefixes = 1000
  static let regionAccepted = "a country such as US, or a country and state such as US-FL"

  /// Reads a whole set.
  ///
  /// - Parameter version: what the set is to carry; the codec neither reads nor writes one.
  /// - Throws: every fault at once, each with its path and what would be accepted there.
  public static func callingHours(_ json: JSON, version: Int = 1) throws(FieldFaults) -> CallingHours {
    var reader = FieldReader()
    var hours = CallingHours(callingHoursID: CallingHoursID(""), name: "", version: version)
    let keys = [
      "callingHoursID", "name", "source", "weekly", "dates", "attemptLimits", "abandonHoldSeconds", "regions",
      "unknownRegion",
    ]
    if let object = reader.object(json, "", keys: keys) {
      let id = reader.text(object, "callingHoursID", "", bytes: 1...64, isRequired: true) ?? ""
      hours.callingHoursID = CallingHoursID(id)
      hours.name = reader.text(object, "name", "", bytes: 1...200) ?? id
      hours.source = reader.text(object, "source", "", bytes: 1...1000)
      if FieldReader.value(object, "weekly") == nil {
        reader.fault("weekly", nil, "an object of windows by weekday such as {\"monday\": [\"09:00-20:00\"]}")
      }
      hours.weekly = weekly(object, "", &reader)
      hours.dates = dates(object, "", &reader)
      hours.attemptLimits = limits(object, "", &reader)
      hours.abandonHold = hold(object, "", &reader)
      hours.regions = regions(FieldReader.value(object, "regions"), &reader)
      hours.unknownRegion = reader.word(object, "unknownRegion", "", UnknownRegionPolicy.self) ?? hours.unknownRegion
    }
    try reader.finish()
    return hours
  }

  private static func weekly(
    _ object: JSONObject, _ path: String, _ reader: inout FieldReader
  ) -> [Int: [HoursWindow]] {
    guard let value = FieldReader.value(object, "weekly") else { return [:] }
    let path = FieldReader.join(path, "weekly")
    guard let days = reader.object(value, path, keys: weekdays) else { return [:] }
    var weekly: [Int: [HoursWindow]] = [:]
    for (index, name) in weekdays.enumerated() where FieldReader.value(days, name) != nil {
      weekly[index + 1] = windows(days, name, path, &reader)
    }
    return weekly
  }

  static func windows(
    _ object: JSONObject, _ key: String, _ path: String, _ reader: inout FieldReader
  ) -> [HoursWindow] {
    reader.array(object, key, path, maximum: maximumWindows).compactMap { value, path in
      if let window = value.stringValue.flatMap({ HoursWindow(text: $0) }) { return window }
      reader.fault(path, value, "a window such as 09:00-20:00, 20:00-02:00 or 00:00-24:00")
      return nil
    }
  }

  private static func regions(_ value: JSON?, _ reader: inout FieldReader) -> [String: RegionRules] {
    guard let value else { return [:] }
    guard let object = value.objectValue, object.count <= maximumRegions else {
      reader.fault("regions", value, "an object of at most \(maximumRegions) regions")
      return [:]
    }
    var regions: [String: RegionRules] = [:]
    for member in object.members {
      let path = FieldReader.join("regions", member.key)
      if !isRegionCode(member.key) { reader.fault(path, .string(member.key), regionAccepted) }
      if let rules = rules(member.value, path, &reader) { regions[member.key] = rules }
    }
    checkPrefixes(regions, &reader)
    return regions
  }

  /// One rule, or several in an array.
  private static func rules(_ value: JSON, _ path: String, _ reader: inout FieldReader) -> RegionRules? {
    guard value.arrayValue != nil else { return region(value, path, &reader) }
    let elements = reader.array(value, path, maximum: maximumRules)
    if elements.isEmpty, value.arrayValue?.isEmpty == true { reader.fault(path, value, "at least one rule") }
    let rules = elements.compactMap { region($0.value, $0.path, &reader) }
    guard var first = rules.first else { return nil }
    first.further = Array(rules.dropFirst())
    return first
  }

  /// A number belongs to one region.
  private static func checkPrefixes(_ regions: [String: RegionRules], _ reader: inout FieldReader) {
    var owner: [String: String] = [:]
    for (code, rules) in regions.sorted(by: { $0.key < $1.key }) {
      for prefix in rules.all.flatMap(\.phonePrefixes) {
        if let other = owner[prefix], other != code {
          reader.fault(
            FieldReader.join("regions", code), .string("+\(prefix)"), "a prefix that \(other) does not name too")
        }
        owner[prefix] = code
      }
    }
  }

  /// ISO 3166-1 alpha-2, or ISO 3166-2, in capitals.
  private static func isRegionCode(_ code: String) -> Bool {
    func isCapital(_ byte: UInt8) -> Bool { (65...90).contains(byte) }
    let parts = code.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count <= 2, parts[0].count == 2, parts[0].allSatisfy(isCapital) else { return false }
    guard parts.count == 2 else { return true }
    return (1...3).contains(parts[1].count) && parts[1].allSatisfy { isCapital($0) || (48...57).contains($0) }
  }

  private static func region(_ value: JSON, _ path: String, _ reader: inout FieldReader) -> RegionRules? {
    let keys = [
      "weekly", "dates", "attemptLimits", "abandonHoldSeconds", "replaces", "phonePrefixes", "source",
      "effectiveFrom", "effectiveUntil",
    ]
    guard let object = reader.object(value, path, keys: keys) else { return nil }
    var rules = RegionRules(source: "")
    rules.source = reader.text(object, "source", path, bytes: 1...1000, isRequired: true) ?? ""
    rules.weekly = weekly(object, path, &reader)
    rules.dates = dates(object, path, &reader)
    rules.attemptLimits = limits(object, path, &reader)
    rules.abandonHold = hold(object, path, &reader)
    rules.replaces = reader.boolean(object, "replaces", path) ?? false
    rules.phonePrefixes = prefixes(object, path, &reader)
    rules.effectiveFrom = date(object, "effectiveFrom", path, &reader)
    rules.effectiveUntil = date(object, "effectiveUntil", path, &reader)
    if let from = rules.effectiveFrom, let until = rules.effectiveUntil, until < from {
      reader.fault(FieldReader.join(path, "effectiveUntil"), object["effectiveUntil"], "a date not before \(from)")
    }
    return rules
  }

  private static func limits(_ object: JSONObject, _ path: String, _ reader: inout FieldReader) -> [AttemptLimit] {
    AttemptLimitCodec.read(
      reader.array(object, "attemptLimits", path, maximum: AttemptLimitCodec.maximumLimits), &reader)
  }

  private static func hold(_ object: JSONObject, _ path: String, _ reader: inout FieldReader) -> Interval? {
    reader.seconds(object, "abandonHoldSeconds", path, 0...366 * 86_400)
  }

  private static func prefixes(_ object: JSONObject, _ path: String, _ reader: inout FieldReader) -> [String] {
    reader.array(object, "phonePrefixes", path, maximum: maximumPrefixes).compactMap { value, path in
      if let text = value.stringValue, text.hasPrefix("+"), (2...15).contains(text.utf8.count),
        text.utf8.dropFirst().allSatisfy({ (48...57).contains($0) }), !text.hasPrefix("+0")
      {
        return String(text.dropFirst())
      }
      reader.fault(path, value, "the beginning of a number with its country code, such as +1305")
      return nil
    }
  }

  private static func date(
    _ object: JSONObject, _ key: String, _ path: String, _ reader: inout FieldReader
  ) -> CivilDate? {
    guard let value = FieldReader.value(object, key) else { return nil }
    if let date = value.stringValue.flatMap({ CivilDate(isoText: $0) }) { return date }
    reader.fault(FieldReader.join(path, key), value, "a date such as 2026-12-25")
    return nil
  }
}

// MARK: - Writing

extension CallingHoursCodec {
  /// The shape that ``callingHours(_:version:)`` reads back to an equal set; regions in the order of their codes.
  public static func json(_ hours: CallingHours) -> JSON {
    var object: JSONObject = [
      "callingHoursID": .string(hours.callingHoursID.rawValue), "name": .string(hours.name),
    ]
    object.append("source", ifPresent: hours.source.map { .string($0) })
    object.append("weekly", json(hours.weekly))
    object.append("dates", .array(hours.dates.map(json)))
    if !hours.attemptLimits.isEmpty { object.append("attemptLimits", AttemptLimitCodec.json(hours.attemptLimits)) }
    object.append("abandonHoldSeconds", ifPresent: hours.abandonHold.map { JSON($0) })
    var regions = JSONObject()
    for (code, rules) in hours.regions.sorted(by: { $0.key < $1.key }) { regions.append(code, json(all: rules)) }
    object.append("regions", .object(regions))
    object.append("unknownRegion", .string(hours.unknownRegion.rawValue))
    return .object(object)
  }

  private static func json(_ weekly: [Int: [HoursWindow]]) -> JSON {
    var object = JSONObject()
    for (index, name) in weekdays.enumerated() {
      object.append(name, ifPresent: weekly[index + 1].map { JSON($0.map(\.text)) })
    }
    return .object(object)
  }

  private static func json(all rules: RegionRules) -> JSON {
    rules.further.isEmpty ? json(rules) : .array(rules.all.map { json($0) })
  }

  private static func json(_ rules: RegionRules) -> JSON {
    var object = JSONObject()
    if !rules.weekly.isEmpty { object.append("weekly", json(rules.weekly)) }
    if !rules.dates.isEmpty { object.append("dates", .array(rules.dates.map(json))) }
    if !rules.attemptLimits.isEmpty { object.append("attemptLimits", AttemptLimitCodec.json(rules.attemptLimits)) }
    object.append("abandonHoldSeconds", ifPresent: rules.abandonHold.map { JSON($0) })
    if rules.replaces { object.append("replaces", true) }
    if !rules.phonePrefixes.isEmpty { object.append("phonePrefixes", JSON(rules.phonePrefixes.map { "+\($0)" })) }
    object.append("source", .string(rules.source))
    object.append("effectiveFrom", ifPresent: rules.effectiveFrom.map { .string($0.description) })
    object.append("effectiveUntil", ifPresent: rules.effectiveUntil.map { .string($0.description) })
    return .object(object)
  }
}
