import ControlProtocol
import DaemonSystem
import DialerEngine
import DialerModel
import Foundation
import PhoneNumbers
import Synchronization

/// Carries out what the engine wants of files of do-not-call numbers: what is sent on one thread, reading and sorting on
/// another, so that a large file holds nobody up.
final class NumberFileRunner: Sendable {
  private let loop: EventLoop
  private let files: NumberFiles
  private let quick = SerialThread(name: "dialerd.numbers")
  private let sorting = SerialThread(name: "dialerd.numbers.sorting")
  /// How far the readings are that go on.
  private let progress = Mutex<[ImportID: (read: Int64, lines: Int)]>([:])

  init(loop: EventLoop, database: String) {
    self.loop = loop
    files = NumberFiles(folder: database + "-numbers")
  }

  /// The answer comes on the loop's thread.
  func run(_ request: NumberFileRequest, _ done: @escaping @Sendable (QueryAnswer) -> Void) {
    let thread =
      switch request.step {
      case .sort, .piece: sorting
      default: quick
      }
    thread.run { [self] in
      let answer = answer(request)
      loop.post { done(answer) }
    }
  }

  private func answer(_ request: NumberFileRequest) -> QueryAnswer {
    do throws(NumberFiles.Fault) {
      return .numbers(try perform(request))
    } catch {
      switch error {
      case .refused(let reason, let message):
        return .failed(RequestError(.invalidParams, message, details: ["problem": .string(reason)]))
      case .offset(let received):
        return .failed(
          RequestError(
            .conflict, "The import stands at byte \(received).",
            details: ["conflict": "offset", "received": JSON(received)]))
      case .system(let error):
        return .failed(
          .unavailable(error.isStorageFull ? "disk-full" : "file-failed", "A file of the import failed: \(error)."))
      }
    }
  }

  private func perform(_ request: NumberFileRequest) throws(NumberFiles.Fault) -> NumberFileAnswer {
    let id = request.importID
    switch request.step {
    case .open:
      if let path = request.path { try files.check(path) } else { try files.create(id) }
      return .done
    case .write(let offset, let base64): return .received(try files.write(id, offset: offset, base64: base64))
    case .status:
      let now = progress.withLock { $0[id] }
      return .progress(
        NumberFileProgress(
          received: try files.size(id, path: request.path), read: now?.read ?? 0, lines: now?.lines ?? 0))
    case .sort(let plan, let region):
      defer { progress.withLock { $0[id] = nil } }
      let counts = try files.sort(id, path: request.path, plan: plan, region: region) { read, lines in
        progress.withLock { $0[id] = (read, lines) }
      }
      return .sorted(counts)
    case .piece(let from, let count): return .piece(from: from, try files.piece(id, from: from, count: count))
    case .discard:
      files.discard(id)
      return .done
    case .sweep(let kept):
      files.sweep(keeping: kept)
      return .done
    }
  }
}
