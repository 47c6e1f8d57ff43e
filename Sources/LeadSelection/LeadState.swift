/// Where a lead stands in the index of a campaign.
@frozen public enum LeadState: UInt8, Sendable {
  /// Not in this index.
  case absent
  /// May be picked whenever its group is open and its list is to be dialled.
  case ready
  /// Comes back at a known time.
  case waiting
  /// Picked, and nothing said of it since.
  case claimed
  /// In a list, and not to be dialled until somebody changes something.
  case parked
}
