import DialerModel

/// Writes the one line that answers a message.
///
/// Add the answer of each call in the order of the calls, then finish. A notification is given here too, with nil as
/// its id, and leaves no trace; a message of nothing but notifications is answered by nothing at all.
public struct Reply: Sendable {
  private var writer: JSONWriter
  private let isBatch: Bool
  private let start: Int
  private var isEmpty = true

  /// - Parameters:
  ///   - isBatch: whether the message was a batch, which is answered by an array.
  ///   - bytes: what is to be sent before it; the line goes behind.
  public init(isBatch: Bool = false, appendingTo bytes: consuming [UInt8] = []) {
    self.isBatch = isBatch
    start = bytes.count
    // A small reply then grows into its place once. What goes behind others must grow by doubling, as it does by itself.
    if bytes.isEmpty { bytes.reserveCapacity(256) }
    writer = JSONWriter(appendingTo: consume bytes)
  }

  public mutating func result(_ result: JSON, id: RequestID?) {
    self.result(id: id) { writer in writer.value(result) }
  }

  /// - Parameter body: writes exactly one value.
  @inlinable
  public mutating func result(id: RequestID?, _ body: (inout JSONWriter) -> Void) {
    guard let id else { return }
    begin(id)
    add("result", body)
  }

  public mutating func error(_ error: RequestError, id: RequestID?) {
    guard let id else { return }
    begin(id)
    add("error") { writer in error.write(to: &writer) }
  }

  /// An answer given before, as ``answer(result:)`` or ``answer(error:)`` made it.
  public mutating func remembered(_ answer: [UInt8], id: RequestID?) {
    guard let id else { return }
    begin(id)
    writer.member(raw: answer)
    writer.endObject()
  }

  /// The member of the reply that holds this result: what is kept for a request with a `requestID`.
  public static func answer(result: JSON) -> [UInt8] {
    var writer = JSONWriter()
    writer.member("result", result)
    return writer.take()
  }

  public static func answer(error: RequestError) -> [UInt8] {
    var writer = JSONWriter()
    writer.member("error", error.json)
    return writer.take()
  }

  @usableFromInline mutating func begin(_ id: RequestID) {
    if isBatch, isEmpty { writer.beginArray() }
    isEmpty = false
    writer.beginObject()
    writer.key("jsonrpc")
    writer.value(word: "2.0")
    writer.key("id")
    id.write(to: &writer)
  }

  @usableFromInline mutating func add(_ key: StaticString, _ body: (inout JSONWriter) -> Void) {
    writer.key(key)
    body(&writer)
    writer.endObject()
  }

  /// How many bytes have been written for this message so far.
  public var count: Int { writer.bytes.count - start }

  /// All bytes with the answer's line behind them, if there is an answer; the reply is empty after it. They are moved
  /// out and never copied, so that a long output may be handed from reply to reply.
  public mutating func finish() -> [UInt8] {
    guard !isEmpty else { return writer.take() }
    isEmpty = true
    if isBatch { writer.endArray() }
    writer.endLine()
    return writer.take()
  }
}

/// An event as it is sent to a client that subscribed. (Not `Notification`, which Foundation has.)
public enum EventNotification {
  /// Appends the line of an event.
  ///
  /// - Parameter params: one JSON object as text, as the journal keeps it.
  public static func append(params: [UInt8], to bytes: inout [UInt8]) {
    bytes.append(contentsOf: opening)
    bytes.append(contentsOf: params)
    bytes.append(contentsOf: [UInt8(ascii: "}"), 0x0A])
  }

  private static let opening = Array(#"{"jsonrpc":"2.0","method":"event","params":"#.utf8)

  /// - Parameter body: writes the params, exactly one object.
  public static func append(to bytes: inout [UInt8], _ body: (inout JSONWriter) -> Void) {
    var writer = JSONWriter(appendingTo: consume bytes)
    writer.beginObject()
    writer.key("jsonrpc")
    writer.value(word: "2.0")
    writer.key("method")
    writer.value(word: "event")
    writer.key("params")
    body(&writer)
    writer.endObject()
    writer.endLine()
    bytes = writer.take()
  }
}
