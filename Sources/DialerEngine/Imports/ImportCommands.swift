import ControlProtocol
import DialerModel
import LeadImport

/// The commands of imports but for the commit. The rows are the host's: these check who may, and ask.
extension Engine {
  // MARK: - Opening

  func openImport(_ command: Command) throws(RequestError) -> Answer {
    let list = try list(try command.parameters.listID(), command.peer)
    let options = try importOptions(command, tenant: list.tenant)
    let open = imports.records.values.filter { !$0.isFinished }.count
    guard open < ImportBook.maximumOpen else {
      throw .busy("imports", "\(open) imports are open; commit or cancel one of them first.")
    }
    if command.isDryRun { return .done(["importID": .null]) }
    let record = ImportRecord(
      importID: imports.newID(at: now.wall), tenant: list.tenant, listID: list.listID, options: options,
      openedAt: now.wall)
    forgetOldImports()
    imports.records[record.importID] = record
    output.transaction.changes.append(.putImport(record))
    askImport(record, .open) { [self] answer in
      guard case .imported = answer else {
        imports.records[record.importID] = nil
        output.transaction.changes.append(.deleteImport(record.importID))
        return answerFailed(command, answer)
      }
      finish(command, .success(["importID": .string(record.importID.rawValue)]))
      if options.path != nil { readOn(record.importID) }
    }
    return .later
  }

  private func forgetOldImports() {
    let finished = imports.ordered.filter(\.isFinished)
    for record in finished.dropLast(ImportBook.maximumKept - 1) {
      imports.records[record.importID] = nil
      output.transaction.changes.append(.deleteImport(record.importID))
    }
  }

  /// A file on this machine is read piece by piece, so that other imports have their turn.
  func readOn(_ id: ImportID) {
    imports.reading.insert(id)
    guard let record = imports.records[id], record.state == .open else {
      imports.reading.remove(id)
      return
    }
    askImport(record, .readOn) { [self] answer in
      if case .imported(.more(true)) = answer { return readOn(id) }
      imports.reading.remove(id)
    }
  }

  // MARK: - Rows

  func writeImport(_ command: Command) throws(RequestError) -> Answer {
    let record = try openImport(of: command)
    guard record.options.path == nil else {
      throw .conflict("import-has-a-path", "This import reads a file on the daemon's machine; nothing is sent.")
    }
    let offset = try command.parameters.integer("offset")
    let data = try command.parameters.text("data")
    return passOn(command, record, command.isDryRun ? .status : .write(offset: offset, base64: data)) { reply in
      ["received": reply["received"] ?? .null]
    }
  }

  func previewImport(_ command: Command) throws(RequestError) -> Answer {
    let limit = Int(command.parameters.optionalInteger("limit") ?? 100)
    return passOn(
      command, try openImport(of: command),
      .preview(rows(of: command), limit: limit, cursor: command.parameters.optionalText("cursor")))
  }

  func downloadImport(_ command: Command) throws(RequestError) -> Answer {
    passOn(
      command, try openImport(of: command),
      .download(rows(of: command), cursor: command.parameters.optionalText("cursor")))
  }

  func editImport(_ command: Command) throws(RequestError) -> Answer {
    let row = try command.parameters.integer("row")
    var values: [String: String] = [:]
    for member in command.parameters.optionalObject("values")?.object.members ?? [] {
      values[member.key] = member.value.isNull ? "" : member.value.stringValue ?? member.value.text
    }
    return passOn(
      command, try openImport(of: command), .edit(row: row, values: values, isDryRun: command.isDryRun))
  }

  func dropFromImport(_ command: Command) throws(RequestError) -> Answer {
    let rows = (command.parameters.json("rows")?.arrayValue ?? []).compactMap(\.integerValue)
    return passOn(command, try openImport(of: command), .drop(rows, isDryRun: command.isDryRun))
  }

  private func rows(of command: Command) -> ImportRequest.Rows {
    command.parameters.optionalText("rows").flatMap { ImportRequest.Rows(rawValue: $0) } ?? .all
  }

  /// The host's answer is the command's.
  private func passOn(
    _ command: Command, _ record: ImportRecord, _ step: ImportRequest.Step,
    _ form: @escaping (JSON) -> JSON = { $0 }
  ) -> Answer {
    askImport(record, step) { [self] answer in
      guard case .imported(.reply(let reply)) = answer else { return answerFailed(command, answer) }
      finish(command, .success(form(reply)))
    }
    return .later
  }

  // MARK: - Ending without a commit

  func cancelImport(_ command: Command) throws(RequestError) -> Answer {
    var record = try openImport(of: command)
    let reply: JSON = ["importID": .string(record.importID.rawValue), "state": "cancelled"]
    if command.isDryRun { return .done(reply) }
    record.state = .cancelled
    record.finishedAt = now.wall
    store(record)
    imports.waiting.removeAll { $0 == record.importID }
    for waiter in imports.waiters.removeValue(forKey: record.importID) ?? [] {
      finish(waiter, .failure(.conflict("import-is-cancelled", "The import was cancelled.")))
    }
    forgetErasures(of: record.importID)
    askImport(record, .discard) { [self] _ in finish(command, .success(reply)) }
    return .later
  }

  // MARK: - Showing

  func listImports(_ command: Command) -> Answer {
    let seen = imports.ordered.filter { sees(command.peer, $0.tenant) }
    return .done(["imports": .array(seen.map { .object(importForm($0)) } + numberImports(for: command.peer))])
  }

  func importStatus(_ command: Command) throws(RequestError) -> Answer {
    let record = try importRecord(of: command)
    let form = importForm(record)
    guard record.state == .open else { return .done(.object(form)) }
    askImport(record, .status) { [self] answer in
      guard case .imported(.reply(let reply)) = answer else { return answerFailed(command, answer) }
      var form = form
      for member in reply.objectValue?.members ?? [] { form[member.key] = member.value }
      finish(command, .success(.object(form)))
    }
    return .later
  }

  func importForm(_ record: ImportRecord) -> JSONObject {
    var form: JSONObject = [
      "importID": .string(record.importID.rawValue), "listID": JSON(record.listID.rawValue),
      "state": .string(imports.reading.contains(record.importID) ? "reading" : record.state.rawValue),
      "openedAt": JSON(record.openedAt),
    ]
    form.append("finishedAt", ifPresent: record.finishedAt.map { JSON($0) })
    if record.state == .committed || record.state == .applying { form.append("summary", Self.json(record.summary)) }
    guard let commit = imports.commit, commit.record.importID == record.importID else { return form }
    let seconds = (now.monotonic - commit.startedAt).seconds
    let rate = seconds > 0 ? Double(commit.rowsDone) / seconds : 0
    form["state"] = .string(ImportRecord.State.committing.rawValue)
    form["rows"] = JSON(commit.rows)
    form["committed"] = JSON(commit.rowsDone)
    form["rowsPerSecond"] = JSON(rate.rounded())
    form["remainingSeconds"] = rate > 0 ? JSON((Double(commit.rows - commit.rowsDone) / rate).rounded()) : .null
    return form
  }

  static func json(_ summary: ImportSummary) -> JSON {
    [
      "added": JSON(summary.added), "updated": JSON(summary.updated), "moved": JSON(summary.moved),
      "skipped": JSON(summary.skipped), "duplicates": JSON(summary.duplicates), "invalid": JSON(summary.invalid),
      "cut": JSON(summary.cut),
    ]
  }

  // MARK: - What is named, and asking

  func importRecord(of command: Command) throws(RequestError) -> ImportRecord {
    let id = ImportID(try command.parameters.text("importID"))
    guard let record = imports.records[id], sees(command.peer, record.tenant) else {
      throw .notFound("import", .string(id.rawValue))
    }
    return record
  }

  /// An import that still takes changes.
  private func openImport(of command: Command) throws(RequestError) -> ImportRecord {
    let record = try importRecord(of: command)
    let isCommitting = imports.commit?.record.importID == record.importID
    guard record.state == .open, !isCommitting else {
      let state = isCommitting ? ImportRecord.State.committing : record.state
      throw .conflict("import-is-\(state.rawValue)", "The import is \(state.rawValue); it takes no more changes.")
    }
    return record
  }

  func store(_ record: ImportRecord) {
    imports.records[record.importID] = record
    output.transaction.changes.append(.putImport(record))
  }

  func askImport(
    _ record: ImportRecord, _ step: ImportRequest.Step, afterCommit: Bool = true,
    _ then: @escaping (QueryAnswer) -> Void
  ) {
    let request = ImportRequest(
      importID: record.importID, listID: record.listID, options: record.options, rules: importRules(record), step: step)
    ask(.importing(request), afterCommit: afterCommit, then)
  }
}
