import DialerModel

/// Keeps an event that repeats from filling the log: within a window the first few lines of an event and key are written,
/// the others counted; the count comes with the next line, or by itself when there is none.
public struct RepeatLimiter {
  public struct Options: Sendable {
    /// From the first line of an event and key.
    public var window = Interval.seconds(10)
    /// Lines written in one window, at least 1.
    public var linesPerWindow = 3
    /// Events and keys told apart at a time. When all are in use, those that are new share one more entry.
    public var maximumKeys = 512
    public init() {}
  }

  public enum Verdict: Hashable, Sendable {
    /// Write it, and say that `suppressed` lines like it were not written since the last one.
    case write(suppressed: Int)
    case suppress
  }

  /// Lines that were not written, of an event and key that did not come again within the window.
  public struct Summary: Hashable, Sendable {
    public var event: String
    public var key: String
    public var suppressed: Int
  }

  private struct Name: Hashable {
    var event: String
    var key: String
  }
  private struct Entry {
    var name: Name
    var windowEnd: MonotonicInstant
    var written = 0
    var suppressed = 0
  }

  private let options: Options
  private var entries: [Entry] = []
  private var positions: [Name: Int] = [:]

  /// The entry that those share which come when all are in use.
  private static let others = Name(event: "log.others", key: "")

  public init(options: Options = Options()) {
    precondition(
      options.linesPerWindow >= 1 && options.maximumKeys >= 1, "something is written, something is told apart")
    self.options = options
  }

  public mutating func admit(event: String, key: String, at now: MonotonicInstant) -> Verdict {
    let position = position(of: Name(event: event, key: key), at: now)
    if now >= entries[position].windowEnd {
      entries[position].windowEnd = now + options.window
      entries[position].written = 0
    }
    guard entries[position].written < options.linesPerWindow else {
      entries[position].suppressed += 1
      return .suppress
    }
    entries[position].written += 1
    defer { entries[position].suppressed = 0 }
    return .write(suppressed: entries[position].suppressed)
  }

  /// Forgets the windows that are over; returns, in the order of their first lines, those in which something was not
  /// written.
  public mutating func takeExpired(at now: MonotonicInstant) -> [Summary] {
    guard entries.contains(where: { $0.windowEnd <= now }) else { return [] }
    var summaries: [Summary] = []
    for entry in entries where entry.windowEnd <= now && entry.suppressed > 0 {
      summaries.append(Summary(event: entry.name.event, key: entry.name.key, suppressed: entry.suppressed))
    }
    entries.removeAll { $0.windowEnd <= now }
    positions.removeAll(keepingCapacity: true)
    for (position, entry) in entries.enumerated() { positions[entry.name] = position }
    return summaries
  }

  private mutating func position(of name: Name, at now: MonotonicInstant) -> Int {
    if let known = positions[name] { return known }
    let name = entries.count < options.maximumKeys ? name : Self.others
    if let known = positions[name] { return known }
    entries.append(Entry(name: name, windowEnd: now + options.window))
    positions[name] = entries.count - 1
    return entries.count - 1
  }
}
