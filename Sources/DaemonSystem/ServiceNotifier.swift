import DialerModel
import Glibc

/// Tells systemd how the service is (`sd_notify(3)`): one datagram to the socket that `NOTIFY_SOCKET` names. Does nothing
/// when the variable is not set. Never fails: a service must not stop because nobody listens.
public enum ServiceNotifier {
  public enum State: Hashable, Sendable {
    case ready
    /// With the moment, which `Type=notify-reload` needs; answered by ``ready``.
    case reloading
    case stopping
    /// One line for `systemctl status`.
    case status(String)
    case watchdog
  }

  /// The socket that the service manager gave, nil when there is none. Linux knows no other abstract form than `@name`.
  public static var address: String? { getenv("NOTIFY_SOCKET").map { String(cString: $0) } }

  /// Returns whether the message was taken.
  @discardableResult
  public static func notify(_ states: [State], address: String? = address) -> Bool {
    guard let address, let target = try? UnixAddress(address) else { return false }
    let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let socket = Glibc.socket(AF_UNIX, kind, 0)
    guard socket >= 0 else { return false }
    defer { close(socket) }
    let message = Array(states.map(text).joined(separator: "\n").utf8)
    return target.with { sendto(socket, message, message.count, Int32(MSG_NOSIGNAL), $0, $1) } == message.count
  }

  private static func text(_ state: State) -> String {
    switch state {
    case .ready: "READY=1"
    case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(monotonicMicroseconds())"
    case .stopping: "STOPPING=1"
    case .status(let line): "STATUS=" + line.replacing("\n", with: " ")
    case .watchdog: "WATCHDOG=1"
    }
  }

  /// By `sd_notify(3)` the time of CLOCK_MONOTONIC, which is not the daemon's clock (see ``SystemClock``).
  private static func monotonicMicroseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
