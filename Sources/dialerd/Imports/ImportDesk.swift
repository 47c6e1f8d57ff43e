import ControlProtocol
import DialerEngine
import DialerModel
import Foundation
import LeadImport
import LeadStore

/// Carries out what the engine asks about imports: one after the other, on whatever thread calls it.
final class ImportDesk {
  /// Staged imports held open at once; another is opened again when it is asked for.
  private static let maximumOpen = 16
  static let maximumPieceBytes = 512 << 10

  /// Where the rows are staged: beside the database.
  let directory: String
  var context: ImportContext
  /// Where a file on this machine may lie.
  var directories: [String]
  private let reader: StoreReader
  private var open: [ImportID: StagedImport] = [:]
  private let monotonicSeconds: () -> Double

  /// - Parameter monotonicSeconds: a clock for rates.
  init(
    database: String, reader: StoreReader, context: ImportContext, directories: [String] = [],
    monotonicSeconds: @escaping () -> Double
  ) {
    directory = (database as NSString).deletingLastPathComponent + "/imports"
    self.reader = reader
    self.context = context
    self.directories = directories
    self.monotonicSeconds = monotonicSeconds
  }

  func answer(_ request: ImportRequest) -> QueryAnswer {
    do {
      return .imported(try carryOut(request))
    } catch let error as RequestError {
      return .failed(error)
    } catch let error as StoreError {
      // What is half done is not kept in memory: it is read again from what is on disk.
      open[request.importID] = nil
      return .failed(
        .unavailable(
          error.kind == .full ? "disk-full" : "import-failed",
          "The rows of the import could not be read or written: \(error.message)."))
    } catch {
      return .failed(.internalError("The import failed: \(error)"))
    }
  }

  private func carryOut(_ request: ImportRequest) throws -> ImportAnswer {
    switch request.step {
    case .discard:
      open[request.importID] = nil
      ImportStaging.discard(path: path(request.importID))
      return .done
    case .sweep(let keep):
      sweep(keeping: keep)
      return .done
    case .erase(let erasures):
      guard ImportStaging.exists(path: path(request.importID)) else { return .done }
      try staged(request).erase(erasures)
      return .done
    default: break
    }
    let staged = try staged(request)
    switch request.step {
    case .open:
      try staged.checkFile(in: directories)
      return .done
    case .write(let offset, let base64):
      guard let data = Data(base64Encoded: base64, options: .ignoreUnknownCharacters),
        data.count <= Self.maximumPieceBytes
      else {
        throw RequestError.invalidParams(
          field: "data", value: nil, accepted: ["base64 of at most \(Self.maximumPieceBytes) bytes"],
          message: "data: this is not base64 of at most \(Self.maximumPieceBytes) bytes.")
      }
      return .reply(["received": JSON(try staged.write(offset: offset, [UInt8](data)))])
    case .readOn: return .more(try staged.readOn(in: directories))
    case .preview(let rows, let limit, let cursor):
      return .reply(try staged.preview(rows, limit: limit, after: try Self.row(cursor)))
    case .download(let rows, let cursor): return .reply(try staged.download(rows, after: try Self.row(cursor)))
    case .edit(let row, let values, let isDryRun):
      return .reply(try staged.edit(row: row, values: values, isDryRun: isDryRun))
    case .drop(let rows, let isDryRun): return .reply(["dropped": JSON(try staged.drop(rows, isDryRun: isDryRun))])
    case .status: return .reply(staged.status())
    case .count:
      let counts = try staged.countToCommit()
      let repeated = counts.repeated ?? 0
      return .count(rows: counts.valid + repeated, invalid: counts.invalid - repeated)
    case .begin(let first, let at):
      try staged.beginCommit(firstLeadID: first, at: at)
      return .done
    case .next(let rows): return .leads(try staged.nextChunk(rows))
    case .takeBack(let chunks):
      try staged.takeBack(chunks: chunks)
      return .done
    case .changes(let row): return .changes(try staged.changes(after: row))
    case .erase, .discard, .sweep: return .done
    }
  }

  private static func row(_ cursor: String?) throws -> Int64 {
    guard let cursor else { return 0 }
    guard let row = Int64(cursor), row >= 0 else {
      throw RequestError.invalidParams(
        field: "cursor", value: .string(cursor), accepted: ["the nextCursor of an answer"],
        message: "cursor: this is no cursor of an answer to this method.")
    }
    return row
  }

  func path(_ id: ImportID) -> String { "\(directory)/\(id.rawValue).sqlite" }

  private func staged(_ request: ImportRequest) throws -> StagedImport {
    context.rules = request.rules
    if let known = open[request.importID] {
      known.set(context)
      return known
    }
    if open.count >= Self.maximumOpen {
      for (id, staged) in open where !staged.isCommitting { open[id] = nil }
    }
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let made = try StagedImport(
      path: path(request.importID), options: request.options, listID: request.listID, context: context,
      reader: reader, monotonicSeconds: monotonicSeconds)
    open[request.importID] = made
    return made
  }

  private func sweep(keeping keep: Set<ImportID>) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    for name in names where name.hasSuffix(".sqlite") {
      let id = ImportID(String(name.dropLast(".sqlite".count)))
      if !keep.contains(id) { ImportStaging.discard(path: path(id)) }
    }
  }
}
