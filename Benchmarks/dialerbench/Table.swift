import Foundation

/// Rows as text in columns, for people and for pasting into the page of figures.
struct Table {
  var rows: [Row]
  /// The smoke run says nothing about targets: its sizes are not those that the targets are for.
  var showsVerdicts: Bool

  private static let titles = ["name", "median", "spread", "reference", "ratio", "target", "met"]

  var text: String {
    var lines = [Self.titles] + rows.map(cells)
    let widths = Self.titles.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    lines.insert(widths.map { String(repeating: "-", count: $0) }, at: 1)
    var text = lines.map { line in
      let padded = zip(line, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
      return "| " + padded.joined(separator: " | ") + " |"
    }.joined(separator: "\n")
    for row in rows { if let remark = row.remark { text += "\n\(row.name): \(remark)" } }
    return text
  }

  private func cells(_ row: Row) -> [String] {
    let reference = row.reference.map { "\(Self.number($0)) (\(row.referenceName ?? "reference"))" } ?? ""
    let verdict = row.isMet.map { $0 ? "yes" : "NO" } ?? ""
    return [
      row.name, "\(Self.number(row.median)) \(row.unit)", Self.spread(row.values), reference,
      row.ratio.map { String(format: "%.2f", $0) } ?? "", showsVerdicts ? Self.words(row.target) : "",
      showsVerdicts ? verdict : "",
    ]
  }

  private static func words(_ target: Target?) -> String {
    switch target {
    case .atMost(let limit): "≤ \(number(limit))"
    case .atLeast(let limit): "≥ \(number(limit))"
    case .ratioAtLeast(let limit): "ratio ≥ \(String(format: "%.2f", limit))"
    case nil: ""
    }
  }

  /// Lowest to highest.
  private static func spread(_ values: [Double]) -> String {
    guard values.count > 1, let low = values.min(), let high = values.max() else { return "" }
    return "\(number(low)) … \(number(high))"
  }

  /// Three digits that say something, thousands apart.
  static func number(_ value: Double) -> String {
    if value >= 1000 {
      var digits = String(Int(value.rounded()))
      var place = digits.count - 3
      while place > 0 {
        digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
        place -= 3
      }
      return digits
    }
    return String(format: value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value)
  }
}

/// Progress goes to standard error, so that standard output holds the table alone.
enum Terminal {
  static func note(_ text: String) { FileHandle.standardError.write(Data(("  " + text + "\n").utf8)) }
}
