import DialerModel

/// One way out to the telephone network, as a machine without sockets, clock or threads: commands, bytes and time go in,
/// events and bytes come out.
///
/// The host calls ``handle(_:at:events:)`` for each command, ``receive(_:at:events:)`` for each run of bytes that was
/// read, and ``advance(to:events:)`` when ``nextDeadline`` has come; after each of these it writes what
/// ``takeOutgoing()`` returns and arms its timer anew. Events are appended, never removed. `now` never goes back.
public protocol TrunkDriver: Sendable {
  /// Whether the host is to keep a connection to the exchange open for this driver.
  var needsConnection: Bool { get }
  /// What the driver last said, or would say, in a `state` event.
  var state: TrunkState { get }
  /// Calls that were accepted and have not ended, as far as the driver knows.
  var liveCalls: Int { get }
  mutating func handle(_ command: TrunkCommand, at now: Now, events: inout [TrunkEvent])
  /// The connection was made, or was lost or could not be made.
  mutating func connection(_ change: TrunkConnectionChange, at now: Now, events: inout [TrunkEvent])
  /// Bytes from the exchange, cut anywhere.
  mutating func receive(_ bytes: ArraySlice<UInt8>, at now: Now, events: inout [TrunkEvent])
  /// Bytes for the exchange; taken once.
  mutating func takeOutgoing() -> [UInt8]
  /// When ``advance(to:events:)`` is next of use; nil = not before another call.
  var nextDeadline: MonotonicInstant? { get }
  mutating func advance(to now: Now, events: inout [TrunkEvent])
}

/// What became of the connection to the exchange.
public enum TrunkConnectionChange: Hashable, Sendable {
  case opened
  case closed(reason: String)
}

/// A driver without a connection has nothing to do for one.
extension TrunkDriver {
  public var needsConnection: Bool { false }
  public mutating func connection(_ change: TrunkConnectionChange, at now: Now, events: inout [TrunkEvent]) {}
  public mutating func receive(_ bytes: ArraySlice<UInt8>, at now: Now, events: inout [TrunkEvent]) {}
  public mutating func takeOutgoing() -> [UInt8] { [] }
}
