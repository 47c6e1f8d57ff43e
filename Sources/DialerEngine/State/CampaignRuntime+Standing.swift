import DialerModel
import DialingRules
import LeadSelection

/// Index and ledger are changed here and nowhere else, so that they never say different things of a lead's list.
extension CampaignRuntime {
  func put(_ lead: LeadID, _ standing: Standing, list slot: ListSlot) {
    note(lead, standing, from: index.list(of: lead), to: slot)
    switch standing.place {
    case .ready(let key, let profile, let isFresh):
      index.putReady(key: key, profile: profile, isFresh: isFresh, list: slot)
    case .waiting(let until): index.putWaiting(lead, until: until, list: slot)
    case .parked: index.park(lead, list: slot)
    case .removed: index.remove(lead)
    }
  }

  /// What the ledger keeps of it; what the index is told follows, or is under way.
  func note(_ lead: LeadID, _ standing: Standing, from old: ListSlot?, to new: ListSlot) {
    if case .removed = standing.place { return ledger.remove(lead, from: old) }
    let profile = ledger.isCoarse ? firstProfile(likeZoneOf: standing.profile) : standing.profile
    ledger.set(lead, profile: profile, cause: standing.cause, from: old, to: new)
  }

  func drop(_ lead: LeadID) {
    ledger.remove(lead, from: index.list(of: lead))
    index.remove(lead)
  }

  func drop(_ slot: ListSlot) {
    ledger.removeList(slot)
    index.removeList(slot)
  }

  /// The lead is in a call or a reservation of this campaign, and stands for that where it stood.
  func hold(_ lead: LeadID, list slot: ListSlot, _ cause: StandingCause, profile: @autoclosure () -> UInt32) {
    let old = index.list(of: lead)
    let known = old == slot ? ledger.standing(of: lead).profile : profile()
    note(lead, Standing(place: .parked, cause: cause, profile: known), from: old, to: slot)
    index.claim(lead, list: slot)
  }

  /// The lead is in a call or a reservation: the index learns of it when it picks the lead.
  func noteBusy(_ lead: LeadID, _ cause: StandingCause, list slot: ListSlot) {
    guard index.list(of: lead) == slot else { return }
    ledger.setCause(lead, cause, in: slot)
  }
}
