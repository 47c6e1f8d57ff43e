import ControlProtocol
import DialerModel
import DialingRules
import LeadSelection

/// Where a dialable lead stands in a long list: its key held against those of all others, in pieces, so that no call
/// waits for it. A list that is dialled meanwhile moves on: each lead counts as it stands when its turn comes.
final class PositionJob: EngineJob {
  /// So many ready leads are gone over within one turn, by the index itself: about a millisecond.
  static let leadsAtOnce = 20_000
  /// Leads looked at in a turn, and those of the list, whose keys have to be made.
  private static let leadsLookedAt = 200_000
  private static let keysAtOnce = 5000

  let writes = false
  private let campaign: CampaignRuntime
  private let list: AssignedList
  private let own: SelectionKey
  private let command: Command
  private var form: JSONObject
  private var next: LeadID? = LeadID(0)
  private var before = 0

  /// - Parameter form: the answer but for the position.
  init(campaign: CampaignRuntime, list: AssignedList, key: SelectionKey, command: Command, form: JSONObject) {
    self.campaign = campaign
    self.list = list
    own = key
    self.command = command
    self.form = form
  }

  func step(_ engine: Engine) -> Bool {
    var looked = 0
    var keys = 0
    next = engine.leads.visit(from: next ?? LeadID(0)) { lead, listID in
      looked += 1
      if listID == list.assignment.listID, campaign.index.state(of: lead) == .ready {
        keys += 1
        if isBefore(lead, engine) { before += 1 }
      }
      return looked < Self.leadsLookedAt && keys < Self.keysAtOnce
    }
    guard next == nil else { return false }
    form.append("position", JSON(before + 1))
    engine.finish(command, .success(.object(form)))
    return true
  }

  private func isBefore(_ lead: LeadID, _ engine: Engine) -> Bool {
    guard let record = engine.leads.record(lead),
      case .ready(let key, let profile, _) = engine.standing(record, list, in: campaign).place
    else { return false }
    return key < own && campaign.status(profile: profile, at: engine.now.wall).open
  }
}
