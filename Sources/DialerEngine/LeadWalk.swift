import DialerModel

/// How far a job has come that goes over all leads in order of id, a bounded piece a turn.
struct LeadWalk {
  /// Passed over in a turn, where few are wanted: about a millisecond.
  private static let passedOverAtOnce = 200_000
  private var next: LeadID?

  var isOver: Bool { next == nil }

  /// - Parameter isOver: for one that there is no need of.
  init(isOver: Bool = false) { next = isOver ? nil : LeadID(0) }

  /// - Returns: the next leads that are wanted, so many of them at the most.
  mutating func piece(
    of size: Int, _ leads: LeadTable, where isWanted: (LeadID, ListID) -> Bool
  ) -> [LeadID] {
    guard let start = next else { return [] }
    var found: [LeadID] = []
    var looked = 0
    next = leads.visit(from: start) { lead, list in
      looked += 1
      if isWanted(lead, list) { found.append(lead) }
      return found.count < size && looked < Self.passedOverAtOnce
    }
    return found
  }
}
