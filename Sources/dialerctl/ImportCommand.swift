import DialerModel
import Foundation

/// `dialerctl import FILE`: opens an import, sends the file, shows what it comes to, asks, and commits.
///
/// All that has to outlive this program is the import's id: how much of the file has arrived the daemon knows itself, so
/// a stop, a lost connection or a restart of either machine costs nothing that was sent.
struct ImportCommand {
  private let request: ImportRequest
  private let session: PatientSession
  private let output: Invocation.Output
  private var importID = ""
  private var isCommitting = false

  /// In base64 the 512 KiB that the daemon takes at most.
  static let pieceBytes = 384 * 1024
  /// Of the rows that are invalid so many are shown.
  static let shownRows: Int64 = 20
  /// How often a commit that goes on is looked at.
  static let lookInterval = Interval(milliseconds: 500)

  init(_ request: ImportRequest, _ session: PatientSession, output: Invocation.Output) {
    self.request = request
    self.session = session
    self.output = output
  }

  mutating func run(on host: some ClientHost) throws(ClientError) {
    guard request.isConfirmed || host.canAsk || request.kind == .numbers else {
      throw .usage("There is no terminal to ask on: --yes commits without asking.")
    }
    var file: (any InputFile)?
    if case .file(let path) = request.source { file = try host.openInput(path) }
    host.endOnInterrupt()
    try open()
    do throws(ClientError) {
      var state = try status()
      if let file, Self.takesBytes(state) {
        try send(file, from: state["received"]?.integerValue ?? 0, on: host)
        state = try status()
      }
      state = try waitForReading(state, on: host)
      if Self.takesBytes(state), request.kind == .leads {
        try showPreview(on: host)
        guard request.isConfirmed || Self.isYes(host.ask("Commit? [y/N] ")) else { return sayOpen(on: host) }
      }
      isCommitting = true
      print(try commit(on: host), on: host)
    } catch {
      guard error.reason == "interrupted" else { throw error }
      throw stopped()
    }
  }

  private mutating func open() throws(ClientError) {
    if let resumed = request.resumed {
      importID = resumed
      return
    }
    let method = request.kind == .leads ? "import.open" : "dnc.import"
    guard let id = try session.call(method, request.parameters)["importID"]?.stringValue else {
      throw .unreadableAnswer("The daemon opened an import and did not say its id.")
    }
    importID = id
  }

  private func status() throws(ClientError) -> JSON { try session.call("import.status", named()) }

  private func named(_ more: JSONObject = [:]) -> JSONObject {
    var params: JSONObject = ["importID": .string(importID)]
    for member in more.members { params[member.key] = member.value }
    return params
  }

  /// Whether the import still stands as it is sent; afterwards all there is to do is to wait for its end.
  private static func takesBytes(_ status: JSON) -> Bool { status["state"]?.stringValue.map { $0 == "open" } ?? true }

  // MARK: - Sending

  private func send(_ file: any InputFile, from received: Int64, on host: some ClientHost) throws(ClientError) {
    guard received <= file.size else {
      throw ClientError(
        "conflict", "The daemon has more of this import than the file holds: this is another file.",
        details: ["importID": .string(importID), "received": .integer(received), "size": .integer(file.size)])
    }
    let progress = ProgressLine(host, from: received)
    session.beforeWords = { progress.end() }
    defer { progress.end() }
    var offset = received
    while offset < file.size {
      guard host.pause(.zero) else { throw PatientSession.interrupted }
      progress.show("sent", offset, of: file.size, unit: "bytes")
      let piece = try file.read(at: offset, count: Self.pieceBytes)
      guard !piece.isEmpty else {
        throw ClientError("unreadable-file", "The file became shorter while it was sent.")
      }
      let next = try write(piece, at: offset)
      guard next > offset, next <= file.size else {
        throw .unreadableAnswer("The daemon says that it has received \(next) bytes of \(file.size).")
      }
      offset = next
    }
    progress.show("sent", offset, of: file.size, unit: "bytes", isLast: true)
  }

  /// - Returns: how much the daemon has. It may be more than was asked for, when the answer to a piece was lost.
  private func write(_ piece: [UInt8], at offset: Int64) throws(ClientError) -> Int64 {
    let params = named(["offset": .integer(offset), "data": .string(Data(piece).base64EncodedString())])
    do throws(ClientError) {
      guard let received = try session.call("import.write", params)["received"]?.integerValue else {
        throw .unreadableAnswer("The daemon does not say how much it has received.")
      }
      return received
    } catch {
      // Sent twice because the first answer was lost: the daemon goes on from where it stands.
      guard error.reason == "conflict", let received = try status()["received"]?.integerValue, received > offset
      else { throw error }
      return received
    }
  }

  /// A file on the daemon's machine is read by the daemon.
  private func waitForReading(_ first: JSON, on host: some ClientHost) throws(ClientError) -> JSON {
    var state = first
    guard request.kind == .leads, state["state"] == "reading" else { return state }
    let progress = ProgressLine(host)
    session.beforeWords = { progress.end() }
    defer { progress.end() }
    while state["state"] == "reading" {
      progress.show("read", state["rows"]?.integerValue ?? 0, of: nil, unit: "rows")
      guard host.pause(Self.lookInterval) else { throw PatientSession.interrupted }
      state = try status()
    }
    return state
  }

  // MARK: - What it comes to

  private func showPreview(on host: some ClientHost) throws(ClientError) {
    let preview = try session.call(
      "import.preview", named(["rows": "invalid", "limit": .integer(Self.shownRows)]))
    let counts = preview["counts"]?.objectValue ?? preview.objectValue ?? [:]
    var text = ""
    for member in counts.members {
      if let count = member.value.integerValue { text += "\(member.key): \(ProgressLine.grouped(count))\n" }
    }
    let rows = (preview["rows"]?.arrayValue ?? []).compactMap(\.objectValue)
    if !rows.isEmpty {
      let lines = ResultText.table("invalidRows", rows.map(Self.invalidRow), columns: host.screen?.columns)
      text += "\ninvalid:\n" + lines.map { "  " + $0 + "\n" }.joined()
      if let invalid = counts["invalid"]?.integerValue, invalid > rows.count {
        text += "  and \(ProgressLine.grouped(invalid - Int64(rows.count))) more\n"
      }
    }
    if output == .people { host.write(text) } else { host.writeError(text) }
    host.flush()
  }

  /// Line, field and reason come first; a row that has several faults is named with its first.
  private static func invalidRow(_ row: JSONObject) -> JSONObject {
    let fault = row["faults"]?.arrayValue?.first?.objectValue ?? row["error"]?.objectValue ?? row
    var shown = JSONObject()
    shown.append("line", ifPresent: row["line"] ?? row["row"])
    for key in ["field", "reason", "message"] { shown.append(key, ifPresent: fault[key]) }
    return shown
  }

  static func isYes(_ answer: String?) -> Bool { ["y", "yes"].contains(answer?.lowercased() ?? "") }

  // MARK: - The commit

  /// The same `requestID` whenever it is asked: the first answer counts, also after a restart of either side.
  private func commit(on host: some ClientHost) throws(ClientError) -> JSON {
    let params = named(["requestID": .string("commit-\(importID)")])
    let progress = ProgressLine(host)
    session.beforeWords = { progress.end() }
    defer { progress.end() }
    while true {
      guard host.pause(.zero) else { throw PatientSession.interrupted }
      let state = try status()
      if let summary = Self.ended(state) { return summary }
      do throws(ClientError) {
        let session = try session.another()
        return try session.call("import.commit", params, every: Self.lookInterval) { () throws(ClientError) in
          guard host.pause(.zero) else { throw PatientSession.interrupted }
          show(try status(), progress)
        }
      } catch {
        // Already under way, after a crash or by another client: it is waited for.
        var isUnderWay = error.reason == "conflict"
        if isUnderWay { isUnderWay = Self.isUnderWay(try status()) }
        guard isUnderWay || PatientSession.mayPass(error) else { throw error }
        show(state, progress)
      }
      guard host.pause(Self.lookInterval) else { throw PatientSession.interrupted }
    }
  }

  /// The summary of an import that has ended well; a status that says so is one itself.
  private static func ended(_ status: JSON) -> JSON? {
    guard status["state"]?.stringValue == "committed" else { return nil }
    return status["summary"] ?? status
  }

  private static func isUnderWay(_ status: JSON) -> Bool {
    ["reading", "committing", "applying", "committed"].contains(status["state"]?.stringValue ?? "")
  }

  private func show(_ status: JSON, _ progress: ProgressLine) {
    if let read = status["read"]?.integerValue {
      return progress.show("read", read, of: status["received"]?.integerValue, unit: "bytes")
    }
    let state = status["state"]?.stringValue ?? "committing"
    let done = status["done"]?.integerValue ?? status["committed"]?.integerValue
    let total = status["rows"]?.integerValue
    progress.show(state, done ?? total ?? 0, of: done == nil ? nil : total, unit: "rows")
  }

  private func print(_ summary: JSON, on host: some ClientHost) {
    var object: JSONObject = ["importID": .string(importID)]
    for member in summary.objectValue?.members ?? [] { object[member.key] = member.value }
    switch output {
    case .json: host.write(JSON.object(object).text + "\n")
    case .prettyJSON: host.write(JSON.object(object).prettyText + "\n")
    case .people:
      host.write(ResultText.lines(object, columns: host.screen?.columns).map { $0 + "\n" }.joined())
    }
  }

  // MARK: - Left open

  private var goOn: String {
    let command = request.kind == .leads ? "dialerctl import" : "dialerctl dnc import"
    guard case .file(let path) = request.source else { return "\(command) --resume \(importID)" }
    return "\(command) --resume \(importID) \(path)"
  }

  private func stopped() -> ClientError {
    ClientError(
      "interrupted",
      isCommitting ? "Stopped. What is committed already goes on in the daemon." : "Stopped. The import stays open.",
      details: [
        "importID": .string(importID), "goOn": .string(goOn),
        "giveUp": .string("dialerctl import cancel --importID \(importID)"),
      ])
  }

  private func sayOpen(on host: some ClientHost) {
    host.writeError("Nothing was committed; the import stays open.\n")
    host.writeError("  to go on:   \(goOn)\n  to give up: dialerctl import cancel --importID \(importID)\n")
  }
}
