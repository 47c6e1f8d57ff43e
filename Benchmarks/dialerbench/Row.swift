/// What a figure has to reach.
enum Target {
  case atMost(Double)
  case atLeast(Double)
  /// Figure divided by its reference, both medians of the same run.
  case ratioAtLeast(Double)
}

/// One line of the table.
struct Row {
  var name: String
  /// One value a round, in any order.
  var values: [Double]
  /// `ns`, `/s`, `ms`, `s`, `bytes`, `MiB` …
  var unit: String
  var referenceName: String?
  /// One value a round, taken in turns with the figure's own, so that a noisy minute of the machine meets both.
  var references: [Double]
  var target: Target?
  /// What a reader has to know beside it, printed below the table.
  var remark: String?

  init(
    _ name: String, values: [Double], unit: String, referenceName: String? = nil, references: [Double] = [],
    target: Target? = nil, remark: String? = nil
  ) {
    self.name = name
    self.values = values
    self.unit = unit
    self.referenceName = referenceName
    self.references = references
    self.target = target
    self.remark = remark
  }

  init(
    _ name: String, value: Double, unit: String, referenceName: String? = nil, reference: Double? = nil,
    target: Target? = nil, remark: String? = nil
  ) {
    self.init(
      name, values: [value], unit: unit, referenceName: referenceName, references: reference.map { [$0] } ?? [],
      target: target, remark: remark)
  }

  var median: Double { Self.median(values) }
  var reference: Double? { references.isEmpty ? nil : Self.median(references) }
  var ratio: Double? { reference.map { median / $0 } }

  /// Nil: it has no target.
  var isMet: Bool? {
    switch target {
    case .atMost(let limit): median <= limit
    case .atLeast(let limit): median >= limit
    case .ratioAtLeast(let limit): ratio.map { $0 >= limit } ?? false
    case nil: nil
    }
  }

  /// The middle value; of an even number the upper of the two in the middle.
  static func median(_ values: [Double]) -> Double {
    precondition(!values.isEmpty, "a figure has at least one round")
    return values.sorted()[values.count / 2]
  }
}
