import DialerModel
import LeadSelection

/// Leads whose outcome is simulated: nine in ten come back through the wheel, one in ten at once.
struct IndexRun {
  private(set) var loadSeconds = 0.0
  private(set) var mostBytes = 0.0
  private let setting: SelectionSetting
  private let encoder: SelectionKeyEncoder
  private var index: CampaignIndex
  private var now = Instant(seconds: 1_800_000_000)
  /// Lead → attempts, where an engine has its table of leads: in huge pages, and never asked whether it is shared.
  private let attempts: UnsafeMutablePointer<UInt8>
  private let slots: [ListSlot]
  private var generator = SeededGenerator(seed: 7)

  init(_ setting: SelectionSetting) {
    self.setting = setting
    guard let encoder = try? SelectionKeyEncoder(words: ["attempts", "lastAttempt", "leadID"], seed: 1) else {
      preconditionFailure("the standard order is an order")
    }
    self.encoder = encoder
    index = CampaignIndex(now: now)
    attempts = HugePages.allocate(setting.leads + 1).bindMemory(to: UInt8.self, capacity: setting.leads + 1)
    attempts.initialize(repeating: 0, count: setting.leads + 1)
    var slots: [ListSlot] = []
    for list in 0..<setting.lists {
      slots.append(
        index.addList(ListID(UInt32(list + 1)), weight: 1 + list * 37 % 100, toDial: true, newEvery: nil))
    }
    self.slots = slots
    load()
  }

  var bytesPerLead: Double { Double(index.bytes) / Double(setting.leads) }

  private static func profile(of lead: LeadID, _ zones: Int) -> UInt32 {
    UInt32(((SeededGenerator.mix(UInt64(lead.rawValue)) >> 32) * UInt64(zones)) >> 32)
  }

  private mutating func load() {
    var spent = 0.0
    let perList = setting.leads / setting.lists
    for list in 0..<setting.lists {
      let first = list * perList + 1
      let last = list == setting.lists - 1 ? setting.leads : first + perList - 1
      let entries = (first...last).map { number in
        let lead = LeadID(UInt32(number))
        return LoadEntry(
          key: encoder.key(for: KeyInputs(lead: lead, entered: now)),
          profile: Self.profile(of: lead, setting.zones), isFresh: true)
      }
      spent += Stopwatch.processorNanoseconds { index.load(list: slots[list], entries: entries) }
    }
    loadSeconds = spent / 1e9
    advance()
  }

  private mutating func advance() {
    let (encoder, now, zones, attempts) = (encoder, now, setting.zones, attempts)
    index.advance(
      to: now, profileState: { _ in ProfileState(isOpen: true, until: .distantFuture) },
      due: { lead in
        let key = encoder.key(
          for: KeyInputs(
            lead: lead, attempts: UInt16(attempts[Int(lead.rawValue)]), lastAttempt: now, entered: now))
        return .ready(key: key, profile: Self.profile(of: lead, zones), isFresh: false)
      })
  }

  /// Gives back what the index does not own; the run is over.
  func free() { attempts.deallocate() }

  /// Nanoseconds of this thread for so many times: bring to now, pick, count, and put back after the outcome. A cycle is a millisecond of the clock.
  /// With `waits` nine leads in ten come back through the wheel, else all go back at once.
  mutating func cycle(_ count: Int, waits: Bool = true) -> Double {
    Stopwatch.processorNanoseconds {
      for _ in 0..<count {
        now.milliseconds += 1
        advance()
        guard let pick = index.pick() else { continue }
        index.charge(pick.list)
        putBack(pick, waits)
      }
    }
  }

  private mutating func putBack(_ pick: Pick, _ waits: Bool) {
    let lead = pick.lead
    let tries = attempts[Int(lead.rawValue)] &+ 1
    attempts[Int(lead.rawValue)] = tries
    let draw = generator.next()
    if !waits || draw % 10 == 0 {
      let key = encoder.key(
        for: KeyInputs(lead: lead, attempts: UInt16(tries), lastAttempt: now, entered: now))
      index.putReady(key: key, profile: pick.profile, isFresh: false, list: pick.list)
    } else {
      // A second to four minutes, so that within the run most come back; with few leads less, or all would wait.
      let longest = UInt64(min(240_000, setting.leads / 4))
      let wait = Int64(1000 + ((draw >> 32) * longest) >> 32)
      index.putWaiting(lead, until: Instant(milliseconds: now.milliseconds + wait), list: pick.list)
    }
  }

  /// Dials until each lead has had an attempt, so that what was loaded is used up and all came back.
  mutating func dialThrough() {
    var done = 0
    while done < setting.leads * 11 / 10 {
      _ = cycle(setting.leads / 20)
      done += setting.leads / 20
      mostBytes = max(mostBytes, bytesPerLead)
    }
  }

  /// In microseconds: to close the zone, and to open it.
  mutating func toggleZone() -> (Double, Double) {
    let close = Stopwatch.processorNanoseconds {
      index.setProfile(3, ProfileState(isOpen: false, until: .distantFuture))
    }
    let open = Stopwatch.processorNanoseconds { index.setProfile(3, ProfileState(isOpen: true, until: .distantFuture)) }
    return (close / 1000, open / 1000)
  }
}
