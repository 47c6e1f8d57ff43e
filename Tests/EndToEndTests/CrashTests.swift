import DialerModel
import Foundation
import Glibc
import Testing

extension EndToEnd {
  @Suite(.serialized)
  struct CrashTests {
    /// Weights, and as many leads as keep all three lists going for as long as possible.
    private static let lists = [(listID: 1, weight: 70), (listID: 2, weight: 30), (listID: 3, weight: 100)]
    private static let leadsOfList: [Int64: Int] = [1: 105, 2: 45, 3: 150]

    private static var isLong: Bool { ProcessInfo.processInfo.environment["DIALERD_LONG"] == "1" }
    private static var rounds: Int { isLong ? 60 : 5 }
    private static var scale: Int { isLong ? 6 : 1 }

    @Test(
      "kill -9 in the middle of dialling loses, doubles and forgets nothing", arguments: ["broadcast", "progressive"])
    func killed(mode: String) throws {
      var options = DaemonUnderTest.Options()
      options.speed = 25
      options.agents = mode == "progressive" ? 20 : 0
      let daemon = try DaemonUnderTest(options)
      try prepare(daemon, mode: mode)
      var generator = SeededGenerator(seed: 20_261_121)
      var heard: [JSON] = []
      for _ in 0..<Self.rounds {
        let client = try daemon.client()
        let from = (heard.last?.seq ?? 0) + 1
        try client.call("event.subscribe", ["from": .integer(from)])
        let count = Int.random(in: 100...350, using: &generator)
        heard += try client.events { event in event.seq >= from + Int64(count) }
        daemon.program?.signal(SIGKILL)
        // What was on its way out counts as well: it must be on disk.
        while let event = try client.nextEvent() { heard.append(event) }
        try daemon.program?.waitForExit()
        try daemon.start()
      }
      let client = try daemon.client()
      try client.call("event.subscribe", ["from": .integer((heard.last?.seq ?? 0) + 1)])
      try client.eventsUntilDry()

      let course = try CallCourse(daemon)
      course.check()
      #expect(heard == Array(course.events.prefix(heard.count)), "what was heard before a crash is in the journal")
      #expect(course.ended.contains { $0["outcome"] == "unknown" }, "calls were live at a crash")
      try checkShares(course, try daemon.client().lists())
      #expect(try daemon.stop() == 0)
    }

    private func prepare(_ daemon: DaemonUnderTest, mode: String) throws {
      let client = try daemon.client()
      try client.putQuickStrategy()
      try client.makeCampaign(
        mode: mode, lists: Self.lists, strategy: "quick",
        settings: mode == "progressive" ? ["wrapUpSeconds": 0.01] : [:])
      for (list, count) in Self.leadsOfList.sorted(by: { $0.key < $1.key }) {
        try client.addLeads(count * Self.scale, to: Int(list))
      }
      try client.call("campaign.start", ["campaignID": "c"])
    }

    /// While every list has a lead that was never called, each is within two calls of its exact share, over all starts.
    private func checkShares(_ course: CallCourse, _ lists: [Int64: JSON]) throws {
      var dialled: [Int64: Int] = [:]
      var fresh = Self.leadsOfList.mapValues { $0 * Self.scale }
      let total = Self.lists.reduce(0) { $0 + $1.weight }
      var isShared = true
      var checked = 0
      let uncounted = Set(course.ended.filter { $0["counted"] == false }.map(\.attemptID))
      for event in course.started where !uncounted.contains(event.attemptID) {
        dialled[event.listID, default: 0] += 1
        if event["calledCount"] == 1 { fresh[event.listID, default: 0] -= 1 }
        if fresh.values.contains(where: { $0 <= 0 }) { isShared = false }
        guard isShared else { continue }
        checked += 1
        for list in Self.lists {
          let exact = Double(checked * list.weight) / Double(total)
          let lag = abs(Double(dialled[Int64(list.listID), default: 0]) - exact)
          #expect(lag <= 2, "list \(list.listID) after \(checked) calls")
        }
      }
      #expect(checked > 200 * Self.scale, "the lists shared most of the calls")
      for list in Self.lists {
        let id = Int64(list.listID)
        #expect(lists[id]?["dialled"] == JSON(dialled[id, default: 0]), "campaign.lists of list \(id)")
      }
    }
  }
}
