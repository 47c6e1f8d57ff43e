/// Aligned columns of text with a heading.
struct TextTable {
  struct Column {
    let title: String
    /// Numbers stand under each other by their last digit.
    var alignsRight = false
  }

  private let columns: [Column]
  private var rows: [[String]] = []
  /// How wide the columns were made by the rows that were printed before.
  private var widths: [Int]

  /// Between two columns.
  private static let gap = 2
  /// A column is not made narrower than this for want of room; a table that is still too wide is cut at its right side.
  private static let narrowest = 8

  init(_ columns: [Column]) {
    self.columns = columns
    widths = columns.map { DisplayWidth.of($0.title) }
  }

  /// - Parameter row: one text for each column.
  mutating func add(_ row: [String]) {
    precondition(row.count == columns.count, "a row has a text for each column")
    rows.append(row)
  }

  /// The rows added since the last time, and forgets them.
  ///
  /// - Parameter width: the columns of the terminal, nil to leave nothing out.
  mutating func take(width: Int?, withHeading: Bool) -> [String] {
    for row in rows {
      for (index, text) in row.enumerated() { widths[index] = max(widths[index], DisplayWidth.of(text)) }
    }
    let fitted = fitted(to: width)
    var lines = withHeading ? [line(columns.map(\.title), fitted, width)] : []
    lines += rows.map { line($0, fitted, width) }
    rows = []
    return lines
  }

  /// The widest columns give first.
  private func fitted(to width: Int?) -> [Int] {
    var fitted = widths
    guard let width else { return fitted }
    var excess = fitted.reduce(0, +) + Self.gap * max(0, fitted.count - 1) - width
    while excess > 0, let widest = fitted.indices.max(by: { fitted[$0] < fitted[$1] }),
      fitted[widest] > Self.narrowest
    {
      fitted[widest] -= 1
      excess -= 1
    }
    return fitted
  }

  private func line(_ texts: [String], _ widths: [Int], _ width: Int?) -> String {
    var line = ""
    for (index, text) in texts.enumerated() {
      if index > 0 { line += String(repeating: " ", count: Self.gap) }
      line += DisplayWidth.padded(
        DisplayWidth.cut(text, to: widths[index]), to: widths[index], right: columns[index].alignsRight)
    }
    while line.hasSuffix(" ") { line.removeLast() }
    return width.map { DisplayWidth.cut(line, to: $0) } ?? line
  }
}
