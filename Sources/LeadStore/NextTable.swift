import DialerModel

/// Leads added with `priority: now` that have not been dialled yet, in the order in which they go out: kept, so that a
/// restart does not put them back among the others.
struct NextTable {
  let connection: Connection

  /// A lead that is there already keeps its place.
  func add(_ lead: LeadID, _ campaign: CampaignID) throws(StoreError) {
    let insert = try connection.cached("INSERT OR IGNORE INTO going_next (campaignID, leadID) VALUES (?, ?)")
    insert.bind(1, campaign.rawValue)
    insert.bind(2, Int64(lead.rawValue))
    try insert.run()
  }

  func remove(_ lead: LeadID, _ campaign: CampaignID) throws(StoreError) {
    let delete = try connection.cached("DELETE FROM going_next WHERE campaignID = ? AND leadID = ?")
    delete.bind(1, campaign.rawValue)
    delete.bind(2, Int64(lead.rawValue))
    try delete.run()
  }

  /// In every campaign. The table is small, and has no index by lead: one pass serves them all.
  func remove(_ leads: [LeadID]) throws(StoreError) {
    guard try connection.number("SELECT 1 FROM going_next LIMIT 1") != nil else { return }
    let gone = Set(leads)
    for (lead, campaign) in try all() where gone.contains(lead) { try remove(lead, campaign) }
  }

  /// Oldest first.
  func all() throws(StoreError) -> [(leadID: LeadID, campaignID: CampaignID)] {
    let rows = try connection.cached("SELECT leadID, campaignID FROM going_next ORDER BY place")
    defer { rows.reset() }
    var found: [(leadID: LeadID, campaignID: CampaignID)] = []
    while try rows.step() {
      found.append((LeadID(UInt32(truncatingIfNeeded: rows.integer(0))), CampaignID(rows.text(1))))
    }
    return found
  }
}
