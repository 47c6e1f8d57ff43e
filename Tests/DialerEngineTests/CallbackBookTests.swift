import DialerModel
import Testing

@testable import DialerEngine

/// The queues of callbacks say what a look at all of them would.
@Suite struct CallbackBookTests {
  /// All callbacks in one dictionary, gone over for each question.
  private struct NaiveBook {
    struct Key: Hashable {
      var lead: LeadID
      var campaign: CampaignID
    }
    var callbacks: [Key: Callback] = [:]
    var postponed: [Key: Instant] = [:]

    func first(in campaign: CampaignID, at now: Instant, where mayGo: (AgentID?) -> Bool) -> Callback? {
      callbacks.filter { $0.key.campaign == campaign && $0.value.at <= now && mayGo($0.value.agentID) }
        .filter { postponed[$0.key].map { $0 <= now } ?? true }
        .values.min { ($0.at, $0.leadID) < ($1.at, $1.leadID) }
    }

    func nextAt(after now: Instant) -> Instant? {
      var moments = callbacks.values.filter { !$0.announced }.map(\.at)
      moments += callbacks.values.compactMap(\.until)
      moments += postponed.filter { callbacks[$0.key] != nil && $0.value > now }.map(\.value)
      return moments.min()
    }
  }

  private static let campaigns = ["a", "b"].map { CampaignID($0) }
  private static let agents = ["ann", "bob", "cid"].map { AgentID($0) }

  @Test(
    "random changes and a clock that goes on leave both with the same answers", arguments: Seeds.few(1...40))
  func model(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var book = CallbackBook()
    var naive = NaiveBook()
    var now = Instant(seconds: 1_790_000_000)
    var asked = 0
    for _ in 0..<600 {
      change(&book, &naive, now, &chance)
      now = now + .milliseconds(Int64.random(in: 0...2_000, using: &chance))
      let said = book.needingWord(at: now, limit: .max).map { NaiveBook.Key(lead: $0.leadID, campaign: $0.campaignID) }
      let expected = naive.callbacks.filter {
        (!$0.value.announced && $0.value.at <= now) || ($0.value.until.map { $0 <= now } ?? false)
      }
      #expect(Set(said) == Set(expected.keys))
      for key in Set(said) {
        // As the engine does with them.
        book.markAnnounced(key.lead, key.campaign)
        naive.callbacks[key]?.announced = true
        guard naive.callbacks[key]?.until.map({ $0 <= now }) == true else { continue }
        book.remove(key.lead, key.campaign)
        naive.callbacks[key] = nil
        naive.postponed[key] = nil
      }
      for campaign in Self.campaigns {
        let ready = Self.agents.randomElement(using: &chance)
        let ours = book.firstForAnyone(in: campaign, at: now)
        #expect(ours == naive.first(in: campaign, at: now) { $0 == nil })
        let own = book.firstOfAgents(in: campaign, at: now) { $0 == ready }
        #expect(own == naive.first(in: campaign, at: now) { $0 != nil && $0 == ready })
        if ours != nil || own != nil { asked += 1 }
        #expect(
          book.leads(in: campaign) == naive.callbacks.keys.filter { $0.campaign == campaign }.map(\.lead).sorted())
      }
      #expect(book.nextAt() == naive.nextAt(after: now))
      #expect(book.count == naive.callbacks.count)
    }
    #expect(asked > 100, "otherwise nothing was compared")
  }

  private func change(
    _ book: inout CallbackBook, _ naive: inout NaiveBook, _ now: Instant, _ chance: inout SeededGenerator
  ) {
    let key = NaiveBook.Key(
      lead: LeadID(UInt32.random(in: 1...30, using: &chance)),
      campaign: Self.campaigns[Int.random(in: 0...1, using: &chance)])
    switch Int.random(in: 0..<10, using: &chance) {
    case 0..<5:
      let at = now + .milliseconds(Int64.random(in: -500...20_000, using: &chance))
      let agent = Bool.random(using: &chance) ? nil : Self.agents.randomElement(using: &chance)
      let until = Int.random(in: 0..<3, using: &chance) == 0 ? at + .milliseconds(3_000) : nil
      let callback = Callback(leadID: key.lead, campaignID: key.campaign, at: at, until: until, agentID: agent)
      book.put(callback)
      naive.callbacks[key] = callback
      naive.postponed[key] = nil
    case 5..<8:
      let until = now + .milliseconds(Int64.random(in: 1...5_000, using: &chance))
      book.postpone(key.lead, key.campaign, until: until)
      if naive.callbacks[key] != nil { naive.postponed[key] = until }
    default:
      book.remove(key.lead, key.campaign)
      naive.callbacks[key] = nil
      naive.postponed[key] = nil
    }
  }
}
