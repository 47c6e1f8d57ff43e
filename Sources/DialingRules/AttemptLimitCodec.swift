import DialerModel

/// `attemptLimits` of a campaign or of a region: `[{count, windowSeconds, scope?, counts?}]`.
public enum AttemptLimitCodec {
  static let maximumLimits = 16
  static let days = 366

  /// - Throws: every fault with its path, which begins with `path`.
  public static func limits(_ json: JSON, path: String = "attemptLimits") throws(FieldFaults) -> [AttemptLimit] {
    var reader = FieldReader()
    let limits = read(reader.array(json, path, maximum: maximumLimits), &reader)
    try reader.finish()
    return limits
  }

  public static func json(_ limits: [AttemptLimit]) -> JSON {
    .array(
      limits.map {
        [
          "count": JSON($0.count), "windowSeconds": JSON($0.window), "scope": JSON($0.scope.rawValue),
          "counts": JSON($0.counts.rawValue),
        ]
      })
  }

  static func read(_ elements: [(value: JSON, path: String)], _ reader: inout FieldReader) -> [AttemptLimit] {
    elements.compactMap { value, path in
      guard let object = reader.object(value, path, keys: ["count", "windowSeconds", "scope", "counts"])
      else { return nil }
      let count = reader.integer(object, "count", path, 1...1000, isRequired: true)
      let window = reader.seconds(object, "windowSeconds", path, 1...days * 86_400, isRequired: true)
      let scope = reader.word(object, "scope", path, AttemptLimit.Scope.self) ?? .lead
      let counts = reader.word(object, "counts", path, AttemptLimit.Counted.self) ?? .attempts
      guard let count, let window else { return nil }
      return AttemptLimit(count: count, window: window, scope: scope, counts: counts)
    }
  }
}
