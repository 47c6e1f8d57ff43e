import DialerModel
import Testing

@testable import LeadStore

@Suite("What is kept over a restart beside the leads")
struct KeptTests {
  private let fixture: Fixture
  private let store: LeadStore

  init() throws {
    fixture = try Fixture()
    store = try fixture.open()
  }

  private func next(_ lead: UInt32, _ campaign: String = "c") -> StoreChange {
    .queueNext(LeadID(lead), CampaignID(campaign))
  }

  private func loaded(after changes: [StoreChange]) throws -> [String] {
    for change in changes { try store.commit(Make.transaction([change])) }
    store.close()
    return try Fixture.load(try fixture.open()).image.goingNext.map { "\($0.campaignID) \($0.leadID)" }
  }

  @Test("leads that go out next keep their order; one that is queued again keeps its place")
  func order() throws {
    try store.commit(Make.leads(1...5))
    #expect(try loaded(after: [next(3), next(1), next(3, "d"), next(3), next(2)]) == ["c 3", "c 1", "d 3", "c 2"])
  }

  @Test("what was taken out of the queue, a deleted lead and a deleted campaign are in it no more")
  func gone() throws {
    try store.commit(Make.leads(1...5))
    let changes = [
      next(1), next(2), next(3), next(2, "d"), next(4, "e"), .unqueueNext(LeadID(1), CampaignID("c")),
      .deleteLeads([LeadID(2)]), .deleteCampaign(CampaignID("e")),
    ]
    #expect(try loaded(after: changes) == ["c 3"])
  }

  @Test("one that leaves the queue and comes again is last")
  func again() throws {
    try store.commit(Make.leads(1...5))
    #expect(
      try loaded(after: [next(1), next(2), .unqueueNext(LeadID(2), CampaignID("c")), next(2)]) == ["c 1", "c 2"])
  }

  @Test("a remembered answer says whether it is an error")
  func answers() throws {
    var transaction = StoreTransaction()
    for isError in [false, true] {
      transaction.answers.append(
        RememberedAnswer(
          userID: 7, requestID: "\(isError)", fingerprint: .max, answer: Array("{}".utf8), isError: isError, at: .start)
      )
    }
    try store.commit(transaction)
    store.close()
    #expect(try Fixture.load(try fixture.open()).image.rememberedAnswers == transaction.answers)
  }
}
