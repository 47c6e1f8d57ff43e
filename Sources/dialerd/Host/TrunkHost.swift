import DaemonSystem
import DialerEngine
import DialerModel
import Telephony

/// The trunks' drivers, and the time that they need.
final class TrunkHost {
  private let loop: EventLoop
  private var drivers: [(name: TrunkName, driver: SimulatorTrunk)] = []
  /// Events go to the engine with its next turn.
  var onEvent: ((TrunkName, TrunkEvent) -> Void)?
  /// Asked right before an order to dial leaves.
  var mayDial: ((CallID) -> Bool)?

  init(loop: EventLoop) { self.loop = loop }

  /// - Parameter dialLog: the file that gets a line for each dial before it is acted on.
  func add(_ name: TrunkName, _ options: SimulatorOptions, dialLog: AppendedFile?) {
    let logging: DialLogging? = dialLog.map { file in
      let shared = DialLogFile(file: file)
      return { at, callID, number in shared.append(at, callID, number) }
    }
    drivers.append((name, SimulatorTrunk(options, dialLog: logging)))
  }

  var names: [TrunkName] { drivers.map(\.name) }

  /// Says that the trunks are up: the simulator needs no connection.
  func start() {
    for place in drivers.indices { onEvent?(drivers[place].name, .state(drivers[place].driver.state)) }
  }

  func handle(_ name: TrunkName, _ command: TrunkCommand) {
    guard let place = drivers.firstIndex(where: { $0.name == name }) else {
      if case .dial(let order) = command { onEvent?(name, .rejected(order.callID, .noRoute)) }
      return
    }
    if case .dial(let order) = command, mayDial?(order.callID) == false { return }
    var events: [TrunkEvent] = []
    drivers[place].driver.handle(command, at: SystemClock.now(), events: &events)
    for event in events { onEvent?(name, event) }
  }

  /// Lets the drivers' time go on.
  ///
  /// - Returns: when it has to go on next.
  func advance(to now: Now) -> MonotonicInstant? {
    var next: MonotonicInstant?
    for place in drivers.indices {
      if let due = drivers[place].driver.nextDeadline, due <= now.monotonic {
        var events: [TrunkEvent] = []
        drivers[place].driver.advance(to: now, events: &events)
        for event in events { onEvent?(drivers[place].name, event) }
      }
      if let due = drivers[place].driver.nextDeadline { next = min(next ?? due, due) }
    }
    return next
  }
}

/// The dial log's file. `@unchecked Sendable`: it is written by the driver alone, which is confined to the loop's thread.
private final class DialLogFile: @unchecked Sendable {
  private let file: AppendedFile
  init(file: AppendedFile) { self.file = file }

  func append(_ at: Instant, _ callID: CallID, _ number: PhoneNumber) {
    let line = "\(at) \(callID) \(number.e164)\n"
    // A dial log that cannot be written must not stop calls: it is a test's means, and a missing line shows there.
    try? file.append(Array(line.utf8))
  }
}
