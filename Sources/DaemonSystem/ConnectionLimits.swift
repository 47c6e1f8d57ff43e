import DialerModel

extension Connection {
  public struct Limits: Sendable {
    /// The longest line, in bytes, its `\n` not counted. `limits.requestBytes` of the configuration.
    public var maximumLine = 1 << 20
    /// Output that waits for the peer; a peer that leaves more unread is closed. More than the largest reply.
    public var maximumOutput = 8 << 20
    /// Input read in one turn; the rest waits for the next one, after all others.
    public var bytesPerTurn = 256 * 1024
    /// Lines handled in one turn: at some 5 µs a request about 3 ms, during which nobody else is served.
    public var linesPerTurn = 512
    /// From ``closeAfterFlush()`` to the end, at the latest.
    public var closeGrace = Interval.seconds(5)
    public init() {}
  }

  public enum CloseReason: Hashable, Sendable {
    /// ``closeAfterFlush()``, and the peer has taken everything.
    case finished
    /// ``closeAfterFlush()``, and the peer did not take everything or did not close within ``Limits/closeGrace``.
    case overdue
    /// The peer closed both directions.
    case peerClosed
    /// The peer left more than ``Limits/maximumOutput`` unread.
    case slowReader
    case closedHere
    case failed(SystemError)
  }
}
