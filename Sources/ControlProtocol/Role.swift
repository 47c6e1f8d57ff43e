/// What a peer may do, from least to most.
public enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
  /// Reads and events.
  case observer
  /// Also leads, lists, dialling, agents, DNC, and starting and pausing campaigns and setting their lists.
  case crm
  /// Everything.
  case admin

  private var rank: Int {
    switch self {
    case .observer: 0
    case .crm: 1
    case .admin: 2
    }
  }

  public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }
}
