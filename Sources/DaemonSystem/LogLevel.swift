/// How much an event matters, and to whom.
public enum LogLevel: Int, Comparable, CaseIterable, Sendable {
  /// Decisions.
  case debug
  /// Each call's milestones.
  case info
  /// Start, stop, reload, a trunk up or down.
  case notice
  /// An operator should look.
  case warning
  /// Work is lost or stuck.
  case error

  /// The configuration's word for it; nil for another.
  public init?(name: String) {
    guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = level
  }

  public var name: String {
    switch self {
    case .debug: "debug"
    case .info: "info"
    case .notice: "notice"
    case .warning: "warning"
    case .error: "error"
    }
  }

  /// syslog's number, as `<6>` before a line tells it to systemd (`sd-daemon(3)`).
  var priority: UInt8 {
    switch self {
    case .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    }
  }

  @inlinable public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
