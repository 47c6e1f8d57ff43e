import ControlProtocol
import DaemonSystem
import DialerEngine
import DialerModel
import LeadImport
import LeadStore

/// Carries out imports on a thread of their own: a file of gigabytes stalls neither the loop nor other questions to the
/// store.
///
/// `@unchecked Sendable`: the desk is touched by its thread only, `queuedWrites` by the loop's only.
final class ImportRunner: @unchecked Sendable {
  /// Pieces of files that wait, each of up to 700 KB; more are refused as busy.
  private static let maximumQueuedWrites = 32

  private let loop: EventLoop
  private let desk: ImportDesk
  private let thread = SerialThread(name: "dialerd.imports")
  private var queuedWrites = 0

  init(loop: EventLoop, store: LeadStore, settings: EngineSettings) throws(StoreError) {
    self.loop = loop
    desk = ImportDesk(
      database: store.path, reader: try store.makeReader(), context: Self.context(settings),
      directories: settings.importDirectories, monotonicSeconds: { Self.seconds(SystemClock.monotonic()) })
  }

  private static func seconds(_ instant: MonotonicInstant) -> Double { Double(instant.milliseconds) / 1000 }

  static func context(_ settings: EngineSettings) -> ImportContext {
    ImportContext(plan: settings.numberingPlan, prefixZones: settings.prefixZones, timeZones: settings.timeZones)
  }

  /// After a reload.
  func set(_ settings: EngineSettings) {
    thread.run { [self] in
      desk.context = Self.context(settings)
      desk.directories = settings.importDirectories
    }
  }

  /// The answer comes on the loop's thread.
  func run(_ request: ImportRequest, _ done: @escaping (QueryAnswer) -> Void) {
    var isWrite = false
    if case .write = request.step { isWrite = true }
    guard !isWrite || queuedWrites < Self.maximumQueuedWrites else { return done(.failed(.busy("imports"))) }
    if isWrite { queuedWrites += 1 }
    let box = DoneBox(done)
    thread.run { [self, isWrite] in
      let answer = desk.answer(request)
      loop.post { [self] in
        if isWrite { queuedWrites -= 1 }
        box.done(answer)
      }
    }
  }

  /// `@unchecked Sendable`: made and called on the loop's thread; the import thread only carries it.
  private final class DoneBox: @unchecked Sendable {
    let done: (QueryAnswer) -> Void
    init(_ done: @escaping (QueryAnswer) -> Void) { self.done = done }
  }
}
