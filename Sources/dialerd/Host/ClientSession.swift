import ControlProtocol
import DaemonSystem
import DialerEngine
import DialerModel

/// One client's connection: lines in, replies out in the order of the requests.
final class ClientSession {
  /// Requests without a reply; with more the connection is not read until some are answered.
  static let maximumOpen = 2000

  /// One line: a single request, or a batch that is answered by one array.
  private struct Slot {
    var isBatch: Bool
    var ids: [RequestID?]
    var answers: [Result<JSON, RequestError>?]
    var missing: Int
    /// Notifications and answers to them are not sent.
    var isSilent: [Bool]
  }

  let connection: Connection
  let credentials: PeerCredentials
  var peer: Peer
  private var slots: [Slot] = []
  /// The number of the first slot in `slots`.
  private var firstSlot = 0
  private var open = 0
  private var hasEnded = false
  var subscription: Subscription?
  unowned let server: ControlServer

  init(connection: Connection, credentials: PeerCredentials, peer: Peer, server: ControlServer) {
    self.connection = connection
    self.credentials = credentials
    self.peer = peer
    self.server = server
  }

  func start() throws(SystemError) {
    connection.onLine = { [unowned self] bytes in received(bytes.bindMemory(to: UInt8.self)) }
    connection.onTooLong = { [unowned self] in tooLong() }
    connection.onEnd = { [unowned self] in
      hasEnded = true
      closeIfDone()
    }
    connection.onClose = { [unowned self] reason in server.closed(self, reason) }
    connection.onDrained = { [unowned self] in server.drained(self) }
    try connection.start()
  }

  private func tooLong() {
    end(with: .tooLarge("limits.requestBytes", maximum: connection.limits.maximumLine))
  }

  /// Answers what was asked before, then this, and closes.
  func end(with error: RequestError) {
    guard !hasEnded else { return }
    subscription = nil
    connection.pauseReading()
    hasEnded = true
    addFault(error)
  }

  private func received(_ line: UnsafeBufferPointer<UInt8>) {
    guard !hasEnded else { return }
    switch Message(parsing: line) {
    case .single(let call): add([call], isBatch: false)
    case .batch(let calls): add(calls, isBatch: true)
    }
    if open > Self.maximumOpen { connection.pauseReading() }
  }

  private func addFault(_ error: RequestError) {
    slots.append(Slot(isBatch: false, ids: [.null], answers: [.failure(error)], missing: 0, isSilent: [false]))
    flush()
  }

  private func add(_ calls: [Call], isBatch: Bool) {
    var slot = Slot(
      isBatch: isBatch, ids: [], answers: Array(repeating: nil, count: calls.count), missing: calls.count, isSilent: [])
    for call in calls {
      switch call {
      case .request(let request):
        slot.ids.append(request.id)
        slot.isSilent.append(request.id == nil)
      case .fault(_, let id):
        slot.ids.append(id)
        slot.isSilent.append(false)
      }
    }
    let number = firstSlot + slots.count
    slots.append(slot)
    open += calls.count
    for (place, call) in calls.enumerated() {
      switch call {
      case .request(let request): server.handle(request, self, slot: number, place: place)
      case .fault(let error, _): answer(number, place, .failure(error))
      }
    }
  }

  func answer(_ number: Int, _ place: Int, _ answer: Result<JSON, RequestError>) {
    let index = number - firstSlot
    guard slots.indices.contains(index), slots[index].answers[place] == nil else { return }
    slots[index].answers[place] = answer
    slots[index].missing -= 1
    open -= 1
    if index == 0, slots[index].missing == 0 { flush() }
  }

  /// Sends the replies of the lines that are complete, from the first on.
  private func flush() {
    var count = 0
    for slot in slots {
      guard slot.missing == 0 else { break }
      send(slot)
      count += 1
    }
    slots.removeFirst(count)
    firstSlot += count
    if connection.isReadingPaused, open < Self.maximumOpen / 2 { connection.resumeReading() }
    closeIfDone()
  }

  private func send(_ slot: Slot) {
    var reply = Reply(isBatch: slot.isBatch)
    for (place, answer) in slot.answers.enumerated() where !slot.isSilent[place] {
      switch answer {
      case .success(let result): reply.result(result, id: slot.ids[place])
      case .failure(let error): reply.error(error, id: slot.ids[place])
      case nil: break
      }
    }
    let bytes = reply.finish()
    if !bytes.isEmpty { connection.send(bytes) }
  }

  private func closeIfDone() {
    if hasEnded, slots.isEmpty { connection.closeAfterFlush() }
  }
}
