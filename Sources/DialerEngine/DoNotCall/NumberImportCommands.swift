import ControlProtocol
import DialerModel

/// `dnc.import`, and what the methods of imports mean for one: they ask here first, and go on to the imports of leads when
/// the id is none of these.
extension Engine {
  func openNumberImport(_ command: Command) throws(RequestError) -> Answer {
    let parameters = command.parameters
    let scope = try scope(of: command)
    var record = DoNotCallImport(
      importID: doNotCallImports.newID(at: now.wall), scope: scope, openedAt: now.wall)
    record.region = settings.defaultRegion
    switch scope {
    case .everyone: break
    case .tenant(let tenant): record.tenant = tenant
    case .campaign(let id):
      record.tenant = campaigns[id]?.campaign.tenant
      record.region = campaigns[id]?.campaign.region ?? record.region
    }
    if let region = parameters.optionalText("region") {
      try checkRegion(region, "region")
      record.region = region
    }
    record.reason = parameters.optionalText("reason")
    record.path = try importPath(parameters)
    let open = doNotCallImports.records.values.count { !$0.isFinished }
    guard open < DoNotCallImports.maximumOpen else {
      throw .busy("imports", "\(open) imports of numbers are open; commit or cancel one of them first.")
    }
    if command.isDryRun { return .done(["importID": .null]) }
    forgetOldNumberImports()
    store(record)
    askNumbers(record, .open) { [self] answer in
      guard case .numbers = answer else {
        doNotCallImports.records[record.importID] = nil
        output.transaction.changes.append(.deleteDoNotCallImport(record.importID))
        return answerFailed(command, answer)
      }
      finish(command, .success(["importID": .string(record.importID.rawValue)]))
    }
    return .later
  }

  private func forgetOldNumberImports() {
    let finished = doNotCallImports.ordered.filter(\.isFinished)
    for record in finished.dropLast(DoNotCallImports.maximumKept - 1) {
      doNotCallImports.records[record.importID] = nil
      output.transaction.changes.append(.deleteDoNotCallImport(record.importID))
    }
  }

  // MARK: - The methods of imports

  /// Nil: the id is no import of numbers, or none that this peer may see.
  func numberImport(_ command: Command) -> DoNotCallImport? {
    guard let id = command.parameters.optionalText("importID"), let record = doNotCallImports.records[ImportID(id)],
      sees(command.peer, record)
    else { return nil }
    return record
  }

  private func sees(_ peer: Peer, _ record: DoNotCallImport) -> Bool {
    record.tenant.map { sees(peer, $0) } ?? (peer.tenant == nil)
  }

  func numberImports(for peer: Peer) -> [JSON] {
    doNotCallImports.ordered.filter { sees(peer, $0) }.map { .object(form($0)) }
  }

  func writeNumberImport(_ record: DoNotCallImport, _ command: Command) throws(RequestError) -> Answer {
    try requireOpen(record)
    guard record.path == nil else {
      throw .conflict("import-has-a-path", "This import reads a file on the daemon's machine; nothing is sent.")
    }
    let offset = try command.parameters.integer("offset")
    let data = try command.parameters.text("data")
    askNumbers(record, command.isDryRun ? .status : .write(offset: offset, base64: data)) { [self] answer in
      switch answer {
      case .numbers(.received(let received)): finish(command, .success(["received": JSON(received)]))
      case .numbers(.progress(let progress)): finish(command, .success(["received": JSON(progress.received)]))
      default: answerFailed(command, answer)
      }
    }
    return .later
  }

  func numberImportStatus(_ record: DoNotCallImport, _ command: Command) -> Answer {
    guard record.state == .open || record.state == .reading else { return .done(.object(form(record))) }
    askNumbers(record, .status, afterCommit: false) { [self] answer in
      guard case .numbers(.progress(let progress)) = answer else { return answerFailed(command, answer) }
      var form = form(record)
      form["received"] = JSON(progress.received)
      if record.state == .reading {
        form["read"] = JSON(progress.read)
        form["lines"] = JSON(progress.lines)
      }
      finish(command, .success(.object(form)))
    }
    return .later
  }

  func cancelNumberImport(_ record: DoNotCallImport, _ command: Command) throws(RequestError) -> Answer {
    try requireOpen(record)
    let reply: JSON = ["importID": .string(record.importID.rawValue), "state": "cancelled"]
    if command.isDryRun { return .done(reply) }
    var record = record
    record.state = .cancelled
    record.finishedAt = now.wall
    store(record)
    askNumbers(record, .discard) { [self] _ in finish(command, .success(reply)) }
    return .later
  }

  private func requireOpen(_ record: DoNotCallImport) throws(RequestError) {
    guard record.state == .open else {
      throw .conflict(
        "import-is-\(record.state.rawValue)", "The import is \(record.state.rawValue); it takes no more changes.")
    }
  }

  // MARK: - Showing

  func form(_ record: DoNotCallImport) -> JSONObject {
    var form: JSONObject = [
      "importID": .string(record.importID.rawValue), "kind": "numbers", "state": .string(record.state.rawValue),
      "openedAt": JSON(record.openedAt),
    ]
    form.append("finishedAt", ifPresent: record.finishedAt.map { JSON($0) })
    form.append("refusal", ifPresent: record.refusal.map { .string($0) })
    switch record.state {
    case .open, .reading, .cancelled, .refused: return form
    case .applying: break
    case .committed:
      form.append("summary", Self.summary(record))
      return form
    }
    form["rows"] = JSON(record.total)
    form["committed"] = JSON(record.applied)
    guard let began = doNotCallImports.began[record.importID] else { return form }
    let seconds = (now.monotonic - began.at).seconds
    let rate = seconds > 0 ? Double(record.applied - began.applied) / seconds : 0
    form["rowsPerSecond"] = JSON(rate.rounded())
    form["remainingSeconds"] = rate > 0 ? JSON((Double(record.total - record.applied) / rate).rounded()) : .null
    return form
  }

  static func summary(_ record: DoNotCallImport) -> JSON {
    let counts = record.counts
    return [
      "lines": JSON(counts.lines), "numbers": JSON(counts.numbers), "prefixes": JSON(counts.prefixes),
      "added": JSON(record.added), "present": JSON(record.total - record.added), "duplicates": JSON(counts.duplicates),
      "invalid": JSON(counts.invalid),
      "invalidLines": .array(
        counts.faults.map {
          [
            "line": JSON($0.line), "reason": .string($0.reason), "message": .string($0.message),
            "text": .string($0.text),
          ]
        }),
    ]
  }

  func store(_ record: DoNotCallImport) {
    doNotCallImports.records[record.importID] = record
    output.transaction.changes.append(.putDoNotCallImport(record))
  }

  func askNumbers(
    _ record: DoNotCallImport, _ step: NumberFileRequest.Step, afterCommit: Bool = true,
    _ then: @escaping (QueryAnswer) -> Void
  ) {
    ask(
      .numbers(NumberFileRequest(importID: record.importID, path: record.path, step: step)), afterCommit: afterCommit,
      then)
  }
}
