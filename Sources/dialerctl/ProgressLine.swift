import DialerModel

/// How far long work is: one line that is drawn over on a terminal, and elsewhere a plain line now and then.
final class ProgressLine {
  private let host: any ClientHost
  private let began: Instant
  /// What had been done when this began: a rate counts only what was done since.
  private let first: Int64
  private var lastShown: Instant?
  private var isOpen = false

  /// A file that is watched by nobody, such as a log, gets a line each ten seconds.
  private static let plainInterval = Interval.seconds(10)
  /// Often enough to look alive.
  private static let drawnInterval = Interval(milliseconds: 100)

  init(_ host: some ClientHost, from first: Int64 = 0) {
    self.host = host
    self.first = first
    began = host.wallClock()
  }

  /// - Parameters:
  ///   - total: nil when it is not known.
  ///   - unit: what is counted; `bytes` are shown in megabytes.
  func show(_ what: String, _ done: Int64, of total: Int64?, unit: String, isLast: Bool = false) {
    let now = host.wallClock()
    let screen = host.progressScreen
    let interval = screen == nil ? Self.plainInterval : Self.drawnInterval
    if let lastShown, now - lastShown < interval, !isLast { return }
    // Off a terminal the first word comes only when it takes long enough to ask.
    if lastShown == nil, screen == nil, !isLast {
      lastShown = began
      if now - began < interval { return }
    }
    lastShown = now
    let text = Self.text(
      what, done, of: total, unit: unit, since: first, seconds: (now - began).seconds,
      width: screen.map { min($0.columns, 100) })
    if let screen {
      isOpen = true
      host.writeError("\r" + DisplayWidth.cut(text, to: screen.columns - 1) + "\u{1B}[K")
      if isLast { end() }
    } else {
      host.writeError("dialerctl: \(text)\n")
    }
  }

  /// What follows begins on a line of its own.
  func end() {
    guard isOpen else { return }
    isOpen = false
    host.writeError("\n")
  }

  /// - Parameter width: of the terminal, nil where none is: then no bar is drawn.
  static func text(
    _ what: String, _ done: Int64, of total: Int64?, unit: String, since first: Int64, seconds: Double, width: Int?
  ) -> String {
    var text = "\(what) \(amount(done, unit))"
    if let total {
      let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
      text += " of \(amount(total, unit))  \(Int(share * 100)) %"
      if let width {
        let length = max(0, min(30, width - 70))
        let filled = Int(share * Double(length))
        if length > 4 {
          text += "  [\(String(repeating: "#", count: filled))\(String(repeating: "-", count: length - filled))]"
        }
      }
    }
    guard seconds > 0, done > first else { return text }
    let rate = Double(done - first) / seconds
    text += "  \(amount(Int64(rate), unit))/s"
    if let total, total > done { text += "  \(time(Double(total - done) / rate)) left" }
    return text
  }

  /// `12.3 MB`, `1,234,567 rows`.
  static func amount(_ count: Int64, _ unit: String) -> String {
    guard unit == "bytes" else { return "\(grouped(count)) \(unit)" }
    let tenths = count / 100_000
    return tenths == 0 ? "\(grouped(count)) bytes" : "\(grouped(tenths / 10)).\(tenths % 10) MB"
  }

  static func grouped(_ count: Int64) -> String {
    var digits = Array(String(count.magnitude))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return (count < 0 ? "-" : "") + String(digits)
  }

  /// `0:07`, `1:02:03`; more than a hundred hours are not told apart.
  static func time(_ seconds: Double) -> String {
    let whole = Int(min(max(0, seconds), 359_999).rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let minutes = whole / 60
    return minutes < 60
      ? "\(minutes):\(two(whole % 60))" : "\(minutes / 60):\(two(minutes % 60)):\(two(whole % 60))"
  }
}
