import ControlProtocol
import DialerModel

/// Strategies and sets of calling hours are there for every tenant: a peer that is bound to one makes its own, and
/// changes none that another tenant's campaign goes by.
extension Engine {
  func checkMayChange(_ id: StrategyID, _ command: Command) throws(RequestError) {
    try checkMayChange(command, isBuiltIn: id == .standard) { campaign in
      campaign.assigned.values.contains { $0.assignment.strategyID == id }
    }
  }

  func checkMayChange(_ id: CallingHoursID, _ command: Command) throws(RequestError) {
    let standard = [CallingHours.always.callingHoursID, CallingHours.usFederal.callingHoursID]
    let isBuiltIn = standard.contains(id) || id == settings.defaultCallingHours
    try checkMayChange(command, isBuiltIn: isBuiltIn) { $0.campaign.callingHours == id }
  }

  private func checkMayChange(
    _ command: Command, isBuiltIn: Bool, isUsedBy uses: (CampaignRuntime) -> Bool
  ) throws(RequestError) {
    guard let tenant = command.peer.tenant else { return }
    guard isBuiltIn || campaignOrder.contains(where: { $0.campaign.tenant != tenant && uses($0) }) else { return }
    throw RequestError(
      .notPermitted, "Other tenants go by this as well: a peer that is bound to one may not change it.",
      details: ["role": .string(command.peer.role.rawValue), "method": .string(command.request.method)])
  }
}
