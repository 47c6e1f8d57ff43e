import DialerModel
import Testing

@testable import LeadSelection

/// Draws operations at random and does each on the index and on ``NaiveIndex``.
private struct Pair: ~Copyable {
  var index: CampaignIndex
  var model = NaiveIndex()
  var slots: [ListSlot] = []
  var generator: SeededGenerator
  var now = Instant(seconds: 1_790_000_000)
  var log: [SelectionKey] = []

  static let leadCount: UInt32 = 40
  static let profileCount: UInt32 = 4

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    index = CampaignIndex(now: now)
    for list in 0..<4 { addList(list) }
  }

  mutating func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }

  mutating func addList(_ list: Int) {
    let weight = draw(1000) + 1
    let newEvery = draw(2) == 0 ? draw(4) + 1 : nil
    slots.append(index.addList(ListID(UInt32(list + 1)), weight: weight, toDial: true, newEvery: newEvery))
    model.lists.append(NaiveIndex.List(toDial: true, newEvery: newEvery))
    model.shares.add(weight: weight)
  }

  mutating func drawEntry(_ lead: UInt32) -> LoadEntry {
    // Few values, so that ties and equal keys are common.
    let key = SelectionKey(first: UInt64(draw(4)), second: 0, third: UInt64(draw(3)) << 32, lead: LeadID(lead))
    return LoadEntry(key: key, profile: UInt32(draw(Int(Self.profileCount))), isFresh: draw(2) == 0)
  }

  mutating func drawLead() -> UInt32 {
    // Ids from two pages of the table.
    let number = UInt32(draw(Int(Self.leadCount)))
    return number % 2 == 0 ? number + 1 : number + 50_000
  }

  mutating func drawDue() -> Instant {
    let waits: [Int64] = [-5000, 0, 1, 63, 64, 999, 60_000, 119_999, 3_600_000, 604_800_000, 1_200_000_000]
    return Instant(milliseconds: now.milliseconds + waits[draw(waits.count)] + Int64(draw(3)))
  }

  mutating func putReady(_ entry: LoadEntry, _ list: Int) {
    index.putReady(key: entry.key, profile: entry.profile, isFresh: entry.isFresh, list: slots[list])
    model.leads[entry.key.lead.rawValue] = model.lists[list].isPresent ? Self.ready(entry, list) : nil
  }

  static func ready(_ entry: LoadEntry, _ list: Int) -> NaiveIndex.Lead {
    NaiveIndex.Lead(list: list, state: .ready, key: entry.key, profile: entry.profile, isFresh: entry.isFresh)
  }

  mutating func put(_ lead: UInt32, _ list: Int) {
    let isPresent = model.lists[list].isPresent
    switch draw(5) {
    case 0:
      let due = drawDue()
      index.putWaiting(LeadID(lead), until: due, list: slots[list])
      model.leads[lead] = isPresent ? NaiveIndex.Lead(list: list, state: .waiting, due: due) : nil
    case 1 where draw(3) == 0:
      index.park(LeadID(lead), list: slots[list])
      model.leads[lead] = isPresent ? NaiveIndex.Lead(list: list, state: .parked) : nil
    case 2 where draw(3) == 0:
      index.claim(LeadID(lead), list: slots[list])
      model.leads[lead] = isPresent ? NaiveIndex.Lead(list: list, state: .claimed) : nil
    default: putReady(drawEntry(lead), list)
    }
  }

  mutating func load() {
    let list = draw(slots.count)
    var seen: Set<UInt32> = []
    var entries: [LoadEntry] = []
    for _ in 0..<draw(20) {
      let lead = drawLead()
      if seen.insert(lead).inserted { entries.append(drawEntry(lead)) }
    }
    index.load(list: slots[list], entries: entries)
    guard model.lists[list].isPresent else { return }
    for entry in entries { model.leads[entry.key.lead.rawValue] = Self.ready(entry, list) }
  }

  mutating func pick() {
    let expected = model.pick()
    let pick = index.pick()
    #expect(pick?.key == expected?.key)
    #expect(pick?.list.index == expected?.list)
    guard let pick else { return }
    log.append(pick.key)
    // One in four is rejected at the claim.
    if draw(4) != 0 {
      index.charge(pick.list)
      model.charge(pick.list.index)
      if draw(8) == 0 {
        index.giveBack(pick.list)
        if model.isWeighted { model.shares.giveBack(pick.list.index) }
      }
    }
    put(pick.lead.rawValue, pick.list.index)
  }

  mutating func advance() {
    let steps: [Int64] = [0, 1, 64, 1000, 59_999, 60_000, 600_000, 86_400_000, 1_300_000_000, -1, -70_000, -7_200_000]
    now.milliseconds += steps[draw(steps.count)]
    let expected = model.due(at: now)
    var answers = expected.map { _ in drawEntry(1) }
    for place in answers.indices {
      let key = answers[place].key
      answers[place].key = SelectionKey(
        first: key.first, second: key.second, third: key.third, lead: LeadID(expected[place]))
    }
    var came: [UInt32] = []
    let profileSeed = generator.next()
    let (start, open) = (now, { (profile: UInt32) in SeededGenerator.mix(profileSeed ^ UInt64(profile)) % 3 != 0 })
    var asked: [UInt32] = []
    index.advance(
      to: now,
      profileState: { profile in
        asked.append(profile)
        return ProfileState(isOpen: open(profile), until: start + .seconds(600))
      },
      due: { lead in
        came.append(lead.rawValue)
        guard came.count <= answers.count else { return .parked }
        let answer = answers[came.count - 1]
        guard answer.key.lead == lead else { return .parked }
        return .ready(key: answer.key, profile: answer.profile, isFresh: answer.isFresh)
      })
    #expect(came == expected)
    #expect(asked == Array(Set(asked)).sorted())
    for profile in asked {
      if open(profile) { model.openProfiles.insert(profile) } else { model.openProfiles.remove(profile) }
    }
    for (lead, answer) in zip(expected, answers) {
      model.leads[lead] = Self.ready(answer, model.leads[lead]?.list ?? 0)
    }
  }

  mutating func change() {
    let list = draw(slots.count)
    switch draw(6) {
    case 0:
      let weight = draw(1000) + 1
      index.setWeight(slots[list], weight)
      model.shares.setWeight(list, weight)
    case 1, 2:
      let toDial = draw(3) != 0
      index.setToDial(slots[list], toDial)
      if model.lists[list].isPresent { model.lists[list].toDial = toDial }
    case 3:
      let isOn = draw(2) == 0
      index.setWeighting(isOn)
      model.isWeighted = isOn
    case 4 where draw(10) == 0 && slots.count < 12:
      index.removeList(slots[list])
      model.lists[list].isPresent = false
      model.leads = model.leads.filter { $0.value.list != list }
      addList(slots.count)
    default:
      let profile = UInt32(draw(Int(Self.profileCount)))
      let isOpen = draw(2) == 0
      index.setProfile(profile, ProfileState(isOpen: isOpen, until: now + .seconds(300)))
      if isOpen { model.openProfiles.insert(profile) } else { model.openProfiles.remove(profile) }
    }
  }

  mutating func step() {
    switch draw(20) {
    case 0: advance()
    case 1: change()
    case 2: load()
    case 3:
      let lead = drawLead()
      index.remove(LeadID(lead))
      model.leads[lead] = nil
    case 4..<9: put(drawLead(), draw(slots.count))
    default: pick()
    }
  }

  mutating func check() {
    for list in slots.indices {
      #expect(index.counts(slots[list]) == model.counts(list))
    }
    let lead = drawLead()
    #expect(index.position(of: LeadID(lead)) == model.position(lead))
    #expect(index.state(of: LeadID(lead)) == model.leads[lead]?.state ?? .absent)
    #expect(index.list(of: LeadID(lead))?.index == model.leads[lead]?.list)
    if let next = index.nextEvent(), let due = model.leads.values.filter({ $0.state == .waiting }).map(\.due).min() {
      #expect(next <= due)
    }
  }
}

@Suite("The index against a naive model") struct CampaignIndexModelTests {
  @Test("every step of random operations agrees with the naive model", arguments: 0..<24)
  func agrees(seed: Int) {
    var pair = Pair(seed: UInt64(seed))
    for _ in 0..<600 {
      pair.step()
      pair.check()
    }
    #expect(pair.log.count > 50)
  }

  @Test("the same seed gives the same picks") func deterministic() {
    var first = Pair(seed: 5)
    var second = Pair(seed: 5)
    for _ in 0..<400 {
      first.step()
      second.step()
    }
    #expect(first.log == second.log)
  }
}
