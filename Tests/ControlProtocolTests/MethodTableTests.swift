import DialerModel
import Testing

@testable import ControlProtocol

@Suite("The table of methods")
struct MethodTableTests {
  static let expected = """
    rpc.discover daemon.status daemon.metrics daemon.reload daemon.backup campaign.create campaign.update campaign.get
    campaign.list campaign.delete campaign.start campaign.pause campaign.stop campaign.assignList campaign.unassignList
    campaign.setLists campaign.lists campaign.explain campaign.forecast campaign.stats list.create list.update
    list.get list.list list.delete list.reset strategy.put strategy.get strategy.list strategy.delete callingHours.put
    callingHours.get callingHours.show
    callingHours.list callingHours.delete lead.add lead.update lead.get lead.find lead.delete lead.move lead.setStatus
    lead.duplicate lead.archive lead.restore contact.get segment.put segment.get segment.list segment.delete field.put
    field.list field.delete lead.dial lead.next lead.release lead.explain lead.history lead.schedule lead.unschedule
    call.list call.note call.hangup call.wrap agent.login agent.logout agent.setState agent.list dnc.add dnc.remove
    dnc.check report.calls dnc.import
    evidence.verify evidence.export
    event.subscribe import.open import.write import.preview import.download import.edit import.drop import.commit
    import.cancel import.status import.list template.put template.get template.list template.delete
    """.split(whereSeparator: \.isWhitespace).map(String.init)

  @Test("it holds the methods of the contract, each once")
  func names() {
    #expect(MethodTable.methods.map(\.name).sorted() == Self.expected.sorted())
    for (place, method) in MethodTable.methods.enumerated() { #expect(MethodTable.place(of: method.name) == place) }
    #expect(MethodTable.method("lead.GET") == nil)
    #expect(MethodTable.method("") == nil)
  }

  @Test("every method is described in full", arguments: MethodTable.methods)
  func descriptions(method: MethodSpec) {
    #expect(Set(method.parameters.map(\.name)).count == method.parameters.count)
    #expect(method.summary.hasSuffix("."))
    #expect(method.parameters.allSatisfy { $0.summary.hasSuffix(".") })
    #expect(!method.result.isEmpty)
    #expect(method.example.objectValue != nil)
    for choice in method.choices {
      for name in choice.names {
        #expect(method.parameter(name) != nil)
        if choice != .exactlyOne([name]) { #expect(method.parameter(name)?.required == false) }
      }
    }
    #expect((method.parameter("dryRun") != nil) == method.changes)
    #expect((method.parameter("requestID") != nil) == method.changes)
    #expect(method.parameters.filter(\.required).allSatisfy { $0.standard.isEmpty })
  }

  static let roles: [(String, Role, Bool)] = [
    ("rpc.discover", .observer, false), ("event.subscribe", .observer, false), ("lead.get", .observer, false),
    ("lead.explain", .observer, false), ("dnc.check", .observer, false), ("agent.list", .observer, false),
    ("lead.add", .crm, true), ("lead.next", .crm, true), ("lead.dial", .crm, true), ("call.wrap", .crm, true),
    ("lead.archive", .crm, true), ("contact.get", .observer, false), ("segment.put", .crm, true),
    ("segment.list", .observer, false), ("field.put", .admin, true), ("field.list", .observer, false),
    ("list.delete", .crm, true), ("campaign.start", .crm, true), ("campaign.pause", .crm, true),
    ("campaign.stop", .crm, true), ("campaign.assignList", .crm, true), ("campaign.unassignList", .crm, true),
    ("campaign.setLists", .crm, true), ("dnc.add", .crm, true), ("agent.login", .crm, true),
    ("campaign.create", .admin, true), ("campaign.update", .admin, true), ("campaign.delete", .admin, true),
    ("strategy.put", .admin, true), ("strategy.delete", .admin, true), ("callingHours.put", .admin, true),
    ("callingHours.delete", .admin, true), ("daemon.reload", .admin, true), ("daemon.backup", .admin, true),
  ]

  @Test("a method has the role of the contract, and nobody below it", arguments: roles)
  func mayCall(name: String, role: Role, changes: Bool) throws {
    let spec = try #require(MethodTable.method(name))
    #expect(spec.role == role)
    #expect(spec.changes == changes)
    let request = Request(id: .integer(1), method: name)
    for peer in Role.allCases {
      if peer >= role {
        #expect(try MethodTable.method(of: request, role: peer).name == name)
      } else {
        #expect(throws: RequestError.notPermitted(peer, name, needs: role)) {
          try MethodTable.method(of: request, role: peer)
        }
      }
    }
  }

  @Test("overriding a gate needs admin, dialling does not")
  func override() throws {
    let request = Request(id: nil, method: "lead.dial", params: ["leadID": 1, "override": ["status"]])
    #expect(throws: RequestError.notPermitted(.crm, "lead.dial", needs: .admin, parameter: "override")) {
      try MethodTable.method(of: request, role: .crm)
    }
    #expect(try MethodTable.method(of: request, role: .admin).name == "lead.dial")
    #expect(try MethodTable.method(of: Request(id: nil, method: "lead.dial"), role: .crm).name == "lead.dial")
  }

  static let mistakes: [(String, String)] = [
    ("lead.gte", "lead.get"), ("leed.get", "lead.get"), ("Lead.Get", "lead.get"), ("lead.explane", "lead.explain"),
    ("campaign.strat", "campaign.start"), ("callinghours.get", "callingHours.get"), ("dnc.ad", "dnc.add"),
  ]

  @Test("an unknown method is answered with the nearest name first", arguments: mistakes)
  func nearest(mistake: String, meant: String) {
    let nearest = MethodTable.nearest(to: mistake)
    #expect(nearest.first == meant)
    #expect(nearest.count <= 3)
    #expect(throws: RequestError.unknownMethod(mistake, nearest: nearest)) {
      try MethodTable.method(of: Request(id: nil, method: mistake), role: .admin)
    }
  }

  @Test("a name that looks like none gets no names, however long it is")
  func garbage() {
    #expect(MethodTable.nearest(to: "").isEmpty)
    #expect(MethodTable.nearest(to: String(repeating: "z", count: 1 << 20)).isEmpty)
  }

  @Test("case, hyphens and underscores make no other name")
  func folded() {
    #expect(NearestNames.nearest(to: "TIME_ZONES", among: ["name", "time-zone", "zone"], count: 1) == ["time-zone"])
    #expect(NearestNames.nearest(to: "drain_seconds", among: ["drainSeconds"]) == ["drainSeconds"])
  }

  static let distances: [(String, String, Int)] = [
    ("", "", 0), ("a", "", 1), ("", "ab", 2), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "adc", 1),
    ("abcd", "bcd", 1),
    ("kitten", "sitting", 3),
  ]

  @Test("the distance of two names counts edits and swaps", arguments: distances)
  func distance(left: String, right: String, expected: Int) {
    #expect(NearestNames.distance(Array(left.utf8), Array(right.utf8)) == expected)
    #expect(NearestNames.distance(Array(right.utf8), Array(left.utf8)) == expected)
  }

  @Test("help shows usage, parameters inside objects, and every method")
  func help() throws {
    let get = try #require(MethodTable.method("lead.get"))
    #expect(MethodHelp.usage(get) == "lead.get (leadID | vendorLeadCode) [listID] [campaignID]")
    let setLists = try #require(MethodTable.method("campaign.setLists"))
    #expect(MethodHelp.usage(setLists) == "campaign.setLists campaignID lists [requestID] [dryRun]")
    let page = MethodHelp.page(setLists)
    for word in ["weight", "1 to 1000", "Without it: 100", "Required.", "Role: crm."] { #expect(page.contains(word)) }
    let overview = MethodHelp.overview()
    for method in MethodTable.methods { #expect(overview.contains("  \(method.name) ")) }
  }
}
