import CSystem

/// What a watched descriptor is ready for.
public struct Readiness: OptionSet, Sendable {
  public var rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let readable = Readiness(rawValue: 1)
  public static let writable = Readiness(rawValue: 2)
  /// The peer writes no more; what it wrote before may still be unread.
  public static let readEnded = Readiness(rawValue: 4)
  /// Both directions are closed, or the descriptor is in error; what was written before may still be unread.
  public static let hungUp = Readiness(rawValue: 8)

  init(epoll events: UInt32) {
    rawValue = 0
    if events & EPOLLIN.rawValue != 0 { insert(.readable) }
    if events & EPOLLOUT.rawValue != 0 { insert(.writable) }
    if events & EPOLLRDHUP.rawValue != 0 { insert(.readEnded) }
    if events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 { insert(.hungUp) }
  }

  static func interest(readable: Bool, writable: Bool) -> UInt32 {
    (readable ? EPOLLIN.rawValue | EPOLLRDHUP.rawValue : 0) | (writable ? EPOLLOUT.rawValue : 0)
  }
}
