import DaemonSystem
import DialerEngine
import DialerModel
import Foundation
import PhoneNumbers

/// The files of imports of do-not-call numbers, in a folder beside the database: what was sent (`ID.sent`), and its numbers
/// sorted, eight bytes each (`ID.sorted`). Only the daemon's user may read them.
///
/// For each import its calls come one after the other; different imports may be worked on by different threads.
struct NumberFiles: Sendable {
  enum Fault: Error {
    /// The request is at fault, or the file.
    case refused(reason: String, String)
    /// Bytes that do not follow those that are there.
    case offset(received: Int64)
    case system(SystemError)
  }

  let folder: String

  /// What is read at once; a line is shorter.
  private static let blockBytes = 8 << 20
  /// The control protocol's limit of one piece.
  private static let maximumPiece = 512 * 1024

  private func sent(_ id: ImportID) -> String { "\(folder)/\(id).sent" }
  private func sorted(_ id: ImportID) -> String { "\(folder)/\(id).sorted" }

  private func system<Result>(_ body: () throws(SystemError) -> Result) throws(Fault) -> Result {
    do throws(SystemError) { return try body() } catch { throw .system(error) }
  }

  // MARK: - What is sent

  func create(_ id: ImportID) throws(Fault) {
    try system { () throws(SystemError) in
      try PlacedFile.makeFolder(folder)
      let file = try PlacedFile(creating: sent(id))
      try file.sync()
      try PlacedFile.syncFolder(folder)
    }
  }

  /// Whether a file on this machine can be read.
  func check(_ path: String) throws(Fault) { _ = try source(path) }

  private func source(_ path: String) throws(Fault) -> PlacedFile {
    do throws(SystemError) {
      let file = try PlacedFile(reading: path)
      guard try file.isPlain() else { throw SystemError("open", code: EINVAL, subject: path) }
      return file
    } catch {
      throw .refused(reason: "unreadable-file", "The file cannot be read: \(error).")
    }
  }

  func size(_ id: ImportID, path: String?) throws(Fault) -> Int64 {
    let path = path ?? sent(id)
    return try system { () throws(SystemError) in try PlacedFile(reading: path).size() }
  }

  /// On disk when it returns. A piece that is there already is not written again.
  /// - Returns: how many bytes there are.
  func write(_ id: ImportID, offset: Int64, base64: String) throws(Fault) -> Int64 {
    guard let data = Data(base64Encoded: base64, options: .ignoreUnknownCharacters),
      data.count <= Self.maximumPiece
    else { throw .refused(reason: "data", "data: at most 512 KiB, as base64.") }
    let file = try system { () throws(SystemError) in try PlacedFile(writing: sent(id)) }
    let size = try system { () throws(SystemError) in try file.size() }
    if offset < size, offset + Int64(data.count) <= size { return size }
    guard offset <= size else { throw .offset(received: size) }
    return try system { () throws(SystemError) in
      try file.write(Array(data), at: offset)
      try file.sync()
      return offset + Int64(data.count)
    }
  }

  // MARK: - Sorting

  /// Reads the file with all processors but one, and keeps its numbers sorted on disk, each once.
  ///
  /// - Parameter progress: bytes and lines read so far; called on this thread.
  func sort(
    _ id: ImportID, path: String?, plan: NumberingPlan, region: String?, progress: (Int64, Int) -> Void
  ) throws(Fault) -> DoNotCallImport.Counts {
    var lines = try read(try source(path ?? sent(id)), plan, region, progress)
    var numbers: [UInt64] = []
    swap(&numbers, &lines.numbers)
    let valid = numbers.count
    // Runs that are sorted already are merged.
    numbers.sort()
    Self.removeRepeats(&numbers)
    try write(numbers, to: sorted(id))
    var counts = DoNotCallImport.Counts()
    counts.lines = lines.lines
    let border = numbers.partitioningIndex { $0 & NumberLines.prefixBit != 0 }
    counts.numbers = border
    counts.prefixes = numbers.count - border
    counts.duplicates = valid - numbers.count
    counts.invalid = lines.invalid
    counts.faults = lines.faults.map { .init(line: $0.line, reason: $0.reason, message: $0.message, text: $0.text) }
    return counts
  }

  private func read(
    _ file: PlacedFile, _ plan: NumberingPlan, _ region: String?, _ progress: (Int64, Int) -> Void
  ) throws(Fault) -> NumberLines {
    var all = NumberLines()
    var block = [UInt8](repeating: 0, count: Self.blockBytes)
    var offset: Int64 = 0
    while true {
      let place = offset
      let count = try system { () throws(SystemError) in try file.read(into: &block, at: place) }
      guard count > 0 else { return all }
      var end = count
      if count == block.count {
        end = (block.lastIndex(of: 0x0A) ?? -1) + 1
        guard end > 0 else {
          throw .refused(reason: "no-lines", "Line \(all.lines + 1) is longer than \(Self.blockBytes >> 20) MiB.")
        }
      }
      let isFirst = offset == 0
      for piece in Self.parse(block[..<end], isFirst, plan, region) { all.append(piece) }
      if let line = all.binaryLine {
        throw .refused(reason: "binary", "The file is not text: line \(line) holds a control character.")
      }
      offset += Int64(end)
      progress(offset, all.lines)
    }
  }

  /// In pieces that end with a line, each on a processor, each with its numbers sorted.
  private static func parse(
    _ block: ArraySlice<UInt8>, _ isFirst: Bool, _ plan: NumberingPlan, _ region: String?
  ) -> [NumberLines] {
    let workers = min(8, max(2, ProcessInfo.processInfo.activeProcessorCount - 1))
    return block.withUnsafeBufferPointer { bytes in
      var borders = [0]
      for worker in 1..<workers {
        var border = max(borders[borders.count - 1], bytes.count * worker / workers)
        while border < bytes.count, border > 0, bytes[border - 1] != 0x0A { border += 1 }
        borders.append(border)
      }
      borders.append(bytes.count)
      let results = ResultSlots(workers)
      // Sendable: the threads only read it, and all are done before this returns.
      nonisolated(unsafe) let shared = bytes
      let ends = borders
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        var piece = NumberLines(
          UnsafeBufferPointer(rebasing: shared[ends[worker]..<ends[worker + 1]]), isFirst: isFirst && worker == 0,
          plan: plan, region: region)
        piece.numbers.sort()
        results.set(worker, piece)
      }
      return results.all
    }
  }

  private static func removeRepeats(_ numbers: inout [UInt64]) {
    var kept = 0
    for place in numbers.indices where kept == 0 || numbers[place] != numbers[kept - 1] {
      numbers[kept] = numbers[place]
      kept += 1
    }
    numbers.removeLast(numbers.count - kept)
  }

  private func write(_ numbers: [UInt64], to path: String) throws(Fault) {
    try system { () throws(SystemError) in
      try PlacedFile.makeFolder(folder)
      let file = try PlacedFile(creating: path + ".part")
      var place = 0
      while place < numbers.count {
        let end = min(numbers.count, place + Self.blockBytes / 8)
        let bytes = numbers[place..<end].withUnsafeBytes { Array($0) }
        try file.write(bytes, at: Int64(place * 8))
        place = end
      }
      try file.sync()
      try PlacedFile.rename(path + ".part", to: path)
      try PlacedFile.syncFolder(folder)
    }
  }

  // MARK: - What is sorted

  func piece(_ id: ImportID, from place: Int, count: Int) throws(Fault) -> [UInt64] {
    try system { () throws(SystemError) in
      var bytes = [UInt8](repeating: 0, count: count * 8)
      let got = try PlacedFile(reading: sorted(id)).read(into: &bytes, at: Int64(place * 8))
      return bytes.withUnsafeBytes { raw in (0..<(got / 8)).map { raw.load(fromByteOffset: $0 * 8, as: UInt64.self) } }
    }
  }

  // MARK: - The end

  func discard(_ id: ImportID) {
    for path in [sent(id), sorted(id), sorted(id) + ".part"] { PlacedFile.remove(path) }
  }

  func sweep(keeping kept: Set<ImportID>) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      let id = ImportID(String(name.prefix { $0 != "." }))
      if !kept.contains(id) { PlacedFile.remove("\(folder)/\(name)") }
    }
  }

  /// Results of several threads, each in its own place.
  ///
  /// `@unchecked Sendable`: each thread writes one slot of memory that nobody moves, and they are read when all are done.
  private final class ResultSlots: @unchecked Sendable {
    private let slots: UnsafeMutableBufferPointer<NumberLines>

    init(_ count: Int) {
      slots = .allocate(capacity: count)
      slots.initialize(repeating: NumberLines())
    }

    deinit {
      slots.deinitialize()
      slots.deallocate()
    }

    func set(_ place: Int, _ lines: NumberLines) { slots[place] = lines }
    var all: [NumberLines] { Array(slots) }
  }
}

extension Array {
  /// Of the first element that the test takes, where all those behind it are taken too.
  fileprivate func partitioningIndex(where test: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) >> 1
      if test(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
