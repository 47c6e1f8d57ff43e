import ControlProtocol
import DialerModel

/// `dialerctl export`: what `lead.find` finds, page by page, as CSV.
struct ExportCommand {
  private let request: ExportRequest
  private let session: PatientSession
  private let output: Invocation.Output

  init(_ request: ExportRequest, _ session: PatientSession, output: Invocation.Output) {
    self.request = request
    self.session = session
    self.output = output
  }

  func run(on host: some ClientHost) throws(ClientError) {
    guard let path = request.file else {
      _ = try write(on: host) { (text) throws(ClientError) in host.write(text) }
      return
    }
    let file = try host.makeOutput(path)
    host.endOnInterrupt()
    let count: Int64
    do throws(ClientError) {
      count = try write(on: host) { (text) throws(ClientError) in try file.write(Array(text.utf8)) }
      try file.finish()
    } catch {
      file.discard()
      throw error
    }
    let result: JSONObject = ["file": .string(path), "leads": .integer(count)]
    switch output {
    case .json: host.write(JSON.object(result).text + "\n")
    case .prettyJSON: host.write(JSON.object(result).prettyText + "\n")
    case .people: host.write("\(path): \(ProgressLine.grouped(count)) leads\n")
    }
  }

  /// A page that was asked for and did not come is asked for again: a cursor stays good while leads come and go.
  ///
  /// - Returns: how many leads there were.
  private func write(
    on host: some ClientHost, _ put: (String) throws(ClientError) -> Void
  ) throws(ClientError) -> Int64 {
    let progress = ProgressLine(host)
    session.beforeWords = { progress.end() }
    defer { progress.end() }
    var params = request.parameters
    var count: Int64 = 0
    var isFirst = true
    while true {
      if request.file != nil, !host.pause(.zero) {
        throw ClientError("interrupted", "Stopped. No file was written.")
      }
      let page = try session.call("lead.find", params)
      guard let leads = page["leads"]?.arrayValue else { throw .unreadableAnswer("The answer lists no leads.") }
      // Only now: a filter that is refused writes nothing.
      if isFirst { try put((request.hasMark ? "\u{FEFF}" : "") + heading) }
      isFirst = false
      try put(leads.map(row).joined())
      count += Int64(leads.count)
      if request.file != nil { progress.show("written", count, of: nil, unit: "leads") }
      guard let next = page["nextCursor"]?.stringValue else { return count }
      guard params["cursor"]?.stringValue != next else {
        throw .unreadableAnswer("The daemon names the same page again as the next one.")
      }
      params["cursor"] = .string(next)
    }
  }

  private var heading: String {
    SpreadsheetCell.line(
      request.columns.map { SpreadsheetCell.text(.string($0.name), isRaw: request.isRaw) })
  }

  private func row(_ lead: JSON) -> String {
    SpreadsheetCell.line(
      request.columns.map { SpreadsheetCell.text($0.value(of: lead), isRaw: request.isRaw) })
  }
}
