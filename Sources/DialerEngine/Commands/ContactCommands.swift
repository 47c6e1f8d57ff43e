import ControlProtocol
import DialerModel
import LeadStore

/// `contact.get`: the person behind one or more leads.
extension Engine {
  /// By what a person is looked for.
  private enum ContactSearch {
    /// Everyone who is the same person as this lead; the relation is not carried on from one to the next.
    case lead(LeadID)
    case email(UInt64)
    /// Whoever has the number, and this name where one is given.
    case phone(PhoneNumber, name: [String]?)
  }

  func getContact(_ command: Command) throws(RequestError) -> Answer {
    var probe = LeadProbe()
    let (search, tenant) = try contactSearch(command, &probe)
    ask(.candidates(probe), afterCommit: false) { [self] answer in
      guard case .candidates(let found) = answer else { return answerFailed(command, answer) }
      let own = candidates(found, probe).filter { self.tenant(of: $0.record) == tenant && finds($0, by: search) }
      guard !own.isEmpty else { return finish(command, .failure(.notFound("contact", Self.named(command)))) }
      showCalls(of: own, command)
    }
    return .later
  }

  private func contactSearch(
    _ command: Command, _ probe: inout LeadProbe
  ) throws(RequestError) -> (ContactSearch, TenantID) {
    let parameters = command.parameters
    guard parameters.isPresent("name") == false || parameters.isPresent("phone") else {
      throw parameters.invalid(
        "name", accepted: ["phone beside it"], "name: a name is looked for together with a phone.")
    }
    if let email = parameters.optionalText("email") {
      probe.emailKey = TextKey.email(email)
      return (.email(probe.emailKey), try tenant(for: command))
    }
    if let text = parameters.optionalText("phone") {
      let number = try phone(text, region: settings.defaultRegion, "phone")
      probe.phones = [number]
      return (.phone(number, name: parameters.optionalText("name").map(Self.words)), try tenant(for: command))
    }
    let record = try lead(of: parameters, command.peer)
    probe.phones = record.phones.all
    probe.emailKey = record.emailKey
    probe.leads = [record.leadID]
    if let code = leads.vendorLeadCode(record.leadID) { probe.leads += leads.leads(withCode: code) }
    return (.lead(record.leadID), tenant(of: record))
  }

  private static func named(_ command: Command) -> JSON {
    ["leadID", "vendorLeadCode", "email", "phone"].compactMap { command.parameters.json($0) }.first ?? .null
  }

  private func finds(_ lead: KnownLead, by search: ContactSearch) -> Bool {
    switch search {
    case .email(let key): return lead.record.emailKey == key
    case .phone(let phone, let name):
      guard lead.record.phones.all.contains(phone) else { return false }
      guard let name else { return true }
      return Self.words((lead.details.firstName ?? "") + " " + (lead.details.lastName ?? "")) == name
    case .lead(let id):
      guard id != lead.record.leadID, let one = leads.record(id) else { return id == lead.record.leadID }
      return isSamePerson(one, lead.record)
    }
  }

  private static func words(_ text: String) -> [String] {
    text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// Whether two leads of a tenant share a key of their person, by the same keys that lock a person while it is called.
  private func isSamePerson(_ one: LeadRecord, _ other: LeadRecord) -> Bool {
    var keys: Set<DialKey> = []
    DialKey.forEachPerson(one, codeKey: leads.codeKey(one.leadID), tenant: 0) { keys.insert($0) }
    var isShared = false
    DialKey.forEachPerson(other, codeKey: leads.codeKey(other.leadID), tenant: 0) { key in
      if keys.contains(key) { isShared = true }
    }
    return isShared
  }

  private func showCalls(of own: [KnownLead], _ command: Command) {
    var filter = AttemptFilter()
    filter.leadIDs = own.map(\.record.leadID)
    let limit = Int(command.parameters.optionalInteger("limit") ?? 100)
    let cursor = command.parameters.optionalText("cursor")
    ask(.attempts(filter, limit: limit, cursor: cursor, evidence: false)) { [self] answer in
      guard case .attempts(let found, let next) = answer else { return answerFailed(command, answer) }
      let form = LeadForm(engine: self)
      var result: JSONObject = [
        // One may have been deleted while its calls were read.
        "leads": .array(own.filter { leads.contains($0.record.leadID) }.map { form.json($0) }),
        "calls": .array(
          found.map { attempt in
            let live = calls[attempt.attemptID]
            return AttemptForm.json(
              live?.attempt ?? attempt, live: live, leadDeleted: leads.record(attempt.leadID) == nil)
          }),
      ]
      result.append("nextCursor", ifPresent: next.map { .string($0) })
      finish(command, .success(.object(result)))
    }
  }
}
