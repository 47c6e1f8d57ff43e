import ControlProtocol
import DialerEngine
import DialerModel
import Foundation
import PhoneNumbers

/// Files of do-not-call numbers in memory; they outlive a crash of the engine.
final class MemoryNumberFiles {
  private(set) var sent: [ImportID: [UInt8]] = [:]
  private var sorted: [ImportID: [UInt64]] = [:]
  /// Files on this machine, by path.
  var paths: [String: String] = [:]
  /// What the next questions are answered with instead.
  var fault: RequestError?

  func answer(_ request: NumberFileRequest) -> QueryAnswer {
    if let fault { return .failed(fault) }
    let id = request.importID
    switch request.step {
    case .open:
      if let path = request.path, paths[path] == nil {
        return .failed(RequestError(.invalidParams, "The file cannot be read."))
      }
      sent[id] = []
      return .numbers(.done)
    case .write(let offset, let base64):
      sent[id] = Array((sent[id] ?? []).prefix(Int(offset))) + Array(Data(base64Encoded: base64) ?? Data())
      return .numbers(.received(Int64(sent[id]?.count ?? 0)))
    case .status:
      return .numbers(.progress(NumberFileProgress(received: Int64(sent[id]?.count ?? 0), read: 0, lines: 0)))
    case .sort(let plan, let region): return .numbers(.sorted(sort(request, plan, region)))
    case .piece(let from, let count):
      return .numbers(.piece(from: from, Array((sorted[id] ?? []).dropFirst(from).prefix(count))))
    case .discard:
      sent[id] = nil
      sorted[id] = nil
      return .numbers(.done)
    case .sweep: return .numbers(.done)
    }
  }

  private func sort(_ request: NumberFileRequest, _ plan: NumberingPlan, _ region: String?) -> DoNotCallImport.Counts {
    let bytes = request.path.flatMap { paths[$0] }.map { Array($0.utf8) } ?? sent[request.importID] ?? []
    let lines = bytes.withUnsafeBufferPointer { NumberLines($0, isFirst: true, plan: plan, region: region) }
    let numbers = Set(lines.numbers).sorted()
    sorted[request.importID] = numbers
    var counts = DoNotCallImport.Counts()
    counts.lines = lines.lines
    counts.prefixes = numbers.count { $0 & NumberLines.prefixBit != 0 }
    counts.numbers = numbers.count - counts.prefixes
    counts.duplicates = lines.numbers.count - numbers.count
    counts.invalid = lines.invalid
    counts.faults = lines.faults.map { .init(line: $0.line, reason: $0.reason, message: $0.message, text: $0.text) }
    return counts
  }
}
