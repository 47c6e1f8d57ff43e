import DialerModel
import DialingRules
import LeadSelection
import PhoneNumbers
import TimeZones

/// The past of one lead, its numbers and its person, read from the log when a limit asks.
struct LeadHistory: AttemptHistory {
  let log: AttemptLog
  let record: LeadRecord
  let codeKey: UInt64
  let tenantKey: UInt64

  func nth(
    _ n: Int, newest scope: AttemptLimit.Scope, counts: AttemptLimit.Counted, phone: PhoneNumber
  ) -> Instant? {
    guard log.window > .zero else { return nil }
    let answersOnly = counts == .answers
    switch scope {
    case .lead: return log.nth(n, answersOnly: answersOnly, keys: CollectionOfOne(DialKey.lead(record.leadID)))
    case .phone:
      return log.nth(n, answersOnly: answersOnly, keys: CollectionOfOne(DialKey.phone(phone, tenant: tenantKey)))
    case .person: return log.nth(n, answersOnly: answersOnly, keys: personKeys)
    }
  }

  var lastToPerson: Instant? {
    guard log.window > .zero else { return nil }
    return log.nth(1, answersOnly: false, keys: personKeys)
  }

  /// Whichever is later: the person's, or that of whoever answers the number.
  func lastAbandoned(phone: PhoneNumber) -> Instant? {
    guard log.window > .zero else { return nil }
    return log.lastAbandoned(keys: personKeys + [DialKey.phone(phone, tenant: tenantKey)])
  }

  /// A lead without any key of its person is a person of its own.
  private var personKeys: [DialKey] {
    var keys = [DialKey.lead(record.leadID)]
    DialKey.forEachPerson(record, codeKey: codeKey, tenant: tenantKey) { keys.append($0) }
    return keys
  }
}

/// The hours of one lead in a campaign, from the profiles that the campaign keeps.
struct LeadHoursInCampaign: LeadHours {
  unowned let engine: Engine
  let campaign: CampaignRuntime
  let record: LeadRecord

  func status(phone: Int, at now: Instant) -> HoursStatus {
    campaign.status(profile: engine.profile(of: record, phone: phone, in: campaign), at: now)
  }

  func limits(phone: Int) -> [TimedLimit] {
    engine.hoursProfile(of: record, phone: phone, in: campaign).limits
  }

  func holds(phone: Int) -> [TimedHold] {
    engine.hoursProfile(of: record, phone: phone, in: campaign).holds
  }
}

extension Engine {
  /// The zone and rule profile for which calling hours are judged when this phone is dialled.
  func profile(of record: LeadRecord, phone: Int, in campaign: CampaignRuntime) -> UInt32 {
    var prefixSet: UInt16?
    let number = phone >= 0 ? record.phones[phone] : record.phones[0]
    if campaign.campaign.strictZones, let number {
      prefixSet = settings.prefixZones.zoneSet(of: number, plan: settings.numberingPlan)
    }
    let phoneRegion = number.flatMap { campaign.hours.phoneRegion(of: $0) }
    let key = ProfileKey(zone: record.zone, prefixZones: prefixSet, place: record.place, phoneRegion: phoneRegion)
    return campaign.profile(key) {
      makeProfile(
        zone: record.zone, prefixSet: prefixSet, place: record.place, phoneRegion: phoneRegion, in: campaign)
    }
  }

  /// The id comes first: to ask for it may add a profile to the table.
  func hoursProfile(of record: LeadRecord, phone: Int, in campaign: CampaignRuntime) -> HoursProfile {
    let id = profile(of: record, phone: phone, in: campaign)
    return campaign.profiles[Int(id)].hours
  }

  private func makeProfile(
    zone: UInt16, prefixSet: UInt16?, place: UInt32, phoneRegion: Int?, in campaign: CampaignRuntime
  ) -> HoursProfile {
    let name = names.zoneName(zone)
    guard let own = settings.timeZones.zone(named: name) else {
      // An update of the tz database took it away: its leads wait rather than being called at a guess.
      var closed = campaign.hours.profile(zones: [.utc], country: nil, state: nil)
      closed.missingZone = name
      return closed
    }
    var zones = [own]
    if let prefixSet {
      for name in settings.prefixZones.zoneSets[Int(prefixSet)] {
        guard let rules = settings.timeZones.zone(named: name), !zones.contains(where: { $0 === rules }) else {
          continue
        }
        zones.append(rules)
      }
    }
    let place = names.place(place)
    return campaign.hours.profile(
      zones: zones, country: place.region, state: place.state, phoneRegion: phoneRegion)
  }

  /// Everything that the gates ask of a lead now.
  ///
  /// - Parameter agentInHand: whether an agent is there for the call; nil = as the campaign's way of dialling has it, or
  ///   because it is `agent` who asks.
  func facts(
    _ record: LeadRecord, in campaign: CampaignRuntime, list: AssignedList?, locks keys: [DialKey],
    requestedPhone: Int8 = -1, agent: AgentID? = nil, agentInHand: Bool? = nil
  ) -> LeadFacts {
    let tenant = campaign.campaign.tenant
    var facts = LeadFacts(record: record, requestedPhone: requestedPhone)
    facts.agentInHand = agentInHand ?? (agent != nil || campaign.campaign.dialMode.hasAgentInHand)
    if let stored = lists[record.listID] {
      facts.list = ListFacts(
        active: stored.active, expiresAt: stored.expiresAt ?? .distantFuture, assigned: list != nil,
        toDial: list?.assignment.toDial ?? false)
    } else {
      facts.list = ListFacts(active: false, assigned: false, toDial: false)
    }
    if callByLead[record.leadID] != nil { facts.live.insert(.lead) }
    if reservations[record.leadID].map({ $0.agentID != agent || agent == nil }) ?? false {
      facts.live.insert(.reserved)
    }
    // What this lead's own call or reservation holds says nothing about others.
    let isHolder = callByLead[record.leadID] != nil || reservations[record.leadID] != nil
    if !isHolder, keys.contains(where: { locks.isHeld($0) }) { facts.live.insert(.person) }
    for place in 0..<PhoneSet.capacity {
      guard let phone = record.phones[place] else { continue }
      if !isHolder, locks.isHeld(.line(phone)) { facts.livePhones |= 1 << UInt8(place) }
      if doNotCall.forbids(phone, tenant: tenant, campaign: campaign.id) { facts.doNotCallPhones |= 1 << UInt8(place) }
    }
    if let list, let filter = list.filter {
      facts.filterTakes = takes(filter, list, record)
    }
    if let callback = callbacks[record.leadID, campaign.id] {
      facts.callback = CallbackFacts(
        at: callback.at, until: callback.until ?? .distantFuture,
        waitsForAgent: callback.agentID != nil && callback.agentID != agent, then: callback.then)
    }
    return facts
  }

  func takes(_ filter: CompiledFilter, _ list: AssignedList, _ record: LeadRecord) -> Bool {
    guard let bits = list.filterBits else { return false }
    return filter.evaluate(staticBits: bits[record.leadID.rawValue] ?? 0, record: record, now: now.wall)
  }

  /// The keys under which a lead's person is found. Lines are locked only as they are dialled.
  func personKeys(_ record: LeadRecord, in campaign: CampaignRuntime) -> [DialKey] {
    var keys = [DialKey.lead(record.leadID)]
    DialKey.forEachPerson(record, codeKey: leads.codeKey(record.leadID), tenant: campaign.tenantKey) { keys.append($0) }
    return keys
  }

  func history(_ record: LeadRecord, in campaign: CampaignRuntime) -> LeadHistory {
    LeadHistory(
      log: log, record: record, codeKey: log.window > .zero ? leads.codeKey(record.leadID) : 0,
      tenantKey: campaign.tenantKey)
  }
}
