import DialerModel

/// Special dates: `[{date, windows?, name?, observed?}]`, where `date` is `2026-12-25`, `--12-25`,
/// `{month, weekday, nth}` or `{easter: days}`. Without windows there are no calls on that date.
extension CallingHoursCodec {
  static let dateAccepted =
    "2026-12-25, --12-25, {\"month\": 11, \"weekday\": \"thursday\", \"nth\": 4} or {\"easter\": -2}"
  /// 366 days lead out of any year.
  static let easterDays = -366...366

  static func dates(_ object: JSONObject, _ path: String, _ reader: inout FieldReader) -> [SpecialDate] {
    reader.array(object, "dates", path, maximum: maximumDates).compactMap { value, path in
      guard let object = reader.object(value, path, keys: ["date", "windows", "name", "observed"]) else { return nil }
      let windows = windows(object, "windows", path, &reader)
      let name = reader.text(object, "name", path, bytes: 1...200)
      var observed = reader.boolean(object, "observed", path) ?? false
      let datePath = FieldReader.join(path, "date")
      guard let date = FieldReader.value(object, "date") else {
        reader.fault(datePath, nil, dateAccepted)
        return nil
      }
      // `observed` is understood beside the date and inside it.
      observed = date["observed"]?.boolValue ?? observed
      guard let rule = rule(date, datePath, &reader) else { return nil }
      return SpecialDate(rule: rule, windows: windows, name: name, observed: observed)
    }
  }

  private static func rule(_ value: JSON, _ path: String, _ reader: inout FieldReader) -> DateRule? {
    if let text = value.stringValue {
      if let rule = DateRule(text: text) { return rule }
      reader.fault(path, value, dateAccepted)
      return nil
    }
    guard value.objectValue != nil else {
      reader.fault(path, value, dateAccepted)
      return nil
    }
    if value["easter"] != nil {
      guard let object = reader.object(value, path, keys: ["easter", "observed"]) else { return nil }
      _ = reader.boolean(object, "observed", path)
      return reader.integer(object, "easter", path, easterDays, isRequired: true).map { .easter(days: $0) }
    }
    guard let object = reader.object(value, path, keys: ["month", "weekday", "nth", "observed"]) else { return nil }
    _ = reader.boolean(object, "observed", path)
    let month = reader.integer(object, "month", path, 1...12, isRequired: true)
    let weekday = weekday(object, path, &reader)
    let nth = reader.integer(object, "nth", path, -5...5, isRequired: true)
    if nth == 0 { reader.fault(FieldReader.join(path, "nth"), 0, "1 for the first to 5, or -1 for the last") }
    guard let month, let weekday, let nth else { return nil }
    return .nthWeekday(month: month, weekday: weekday, nth: nth)
  }

  /// The name of a weekday, or its ISO number.
  private static func weekday(_ object: JSONObject, _ path: String, _ reader: inout FieldReader) -> Int? {
    let value = FieldReader.value(object, "weekday")
    if let index = value?.stringValue.flatMap({ weekdays.firstIndex(of: $0) }) { return index + 1 }
    if let number = value?.integerValue, (1...7).contains(number) { return Int(number) }
    reader.fault(FieldReader.join(path, "weekday"), value, "one of \(weekdays.joined(separator: ", "))")
    return nil
  }

  static func json(_ date: SpecialDate) -> JSON {
    var object = JSONObject()
    switch date.rule {
    case .date(let year, let month, let day):
      object.append("date", .string(DateRule.pad(year, 4) + "-" + DateRule.pad(month, 2) + "-" + DateRule.pad(day, 2)))
    case .yearly(let month, let day):
      object.append("date", .string("--" + DateRule.pad(month, 2) + "-" + DateRule.pad(day, 2)))
    case .nthWeekday(let month, let weekday, let nth):
      object.append("date", ["month": JSON(month), "weekday": .string(weekdays[weekday - 1]), "nth": JSON(nth)])
    case .easter(let days):
      object.append("date", ["easter": JSON(days)])
    }
    object.append("windows", JSON(date.windows.map(\.text)))
    object.append("name", ifPresent: date.name.map { .string($0) })
    if date.observed { object.append("observed", true) }
    return .object(object)
  }
}

// MARK: - Texts

extension HoursWindow {
  /// Reads `HH:MM-HH:MM`, where the end may be `24:00`; an end before the start is in the next day. Nil for anything
  /// else, and for an end that is the start.
  public init?(text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 11, bytes[5] == UInt8(ascii: "-"), let start = Self.minute(bytes[0..<5]),
      let end = Self.minute(bytes[6..<11]), start < 1440, start != end
    else { return nil }
    // Midnight as an end is the end of the day on which the window starts.
    self.init(startMinute: start, endMinute: end == 0 ? 1440 : end)
  }

  private static func minute(_ bytes: ArraySlice<UInt8>) -> Int? {
    let digits = Array(bytes)
    guard digits[2] == UInt8(ascii: ":"), let hours = DateRule.number(digits[0..<2]),
      let minutes = DateRule.number(digits[3..<5]), minutes < 60, hours * 60 + minutes <= 1440
    else { return nil }
    return hours * 60 + minutes
  }
}

extension CivilDate {
  /// Reads `2026-12-25`, of the years 1970 to 2100.
  public init?(isoText text: String) {
    guard case .date(let year, let month, let day) = DateRule(text: text) else { return nil }
    self.init(year: year, month: month, day: day)
  }
}

extension DateRule {
  /// Reads `2026-12-25` (of the years 1970 to 2100) or `--12-25`; nil where no year has such a date.
  init?(text: String) {
    let bytes = Array(text.utf8)
    let isYearly = text.hasPrefix("--")
    let start = isYearly ? 2 : 5
    guard bytes.count == start + 5, bytes[start + 2] == UInt8(ascii: "-"),
      let month = Self.number(bytes[start..<start + 2]), let day = Self.number(bytes[start + 3..<start + 5])
    else { return nil }
    if isYearly {
      // 2000 was a leap year, so 29 February is a date.
      guard CivilDate(year: 2000, month: month, day: day) != nil else { return nil }
      self = .yearly(month: month, day: day)
    } else {
      guard bytes[4] == UInt8(ascii: "-"), let year = Self.number(bytes[0..<4]), (1970...2100).contains(year),
        CivilDate(year: year, month: month, day: day) != nil
      else { return nil }
      self = .date(year: year, month: month, day: day)
    }
  }

  static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for digit in digits {
      guard (48...57).contains(digit) else { return nil }
      value = value * 10 + Int(digit - 48)
    }
    return value
  }

  static func pad(_ value: Int, _ digits: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
