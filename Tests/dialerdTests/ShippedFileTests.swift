import DialerModel
import Testing

@testable import dialerd

struct ShippedFileTests {
  @Test("the shipped US federal hours are those of a new database")
  func callingHours() throws {
    let file = try ShippedFile.json5("calling-hours/us-federal.json5")
    let standard = CallingHours.usFederal
    #expect(file.keys == ["callingHoursID", "name", "source", "weekly", "dates", "regions", "unknownRegion"])
    #expect(file["callingHoursID"] == .text(standard.callingHoursID.rawValue))
    #expect(file["name"] == .text(standard.name))
    #expect(file["source"]?.text == standard.source)
    #expect(file["unknownRegion"] == .text(standard.unknownRegion.rawValue))
    #expect(file["dates"]?.array?.count == standard.dates.count)
    #expect(file["regions"]?.keys.count == standard.regions.count)
    let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    #expect(file["weekly"]?.keys == Set(names))
    for (index, name) in names.enumerated() {
      let windows = standard.weekly[index + 1]?.map { "\(clock($0.startMinute))-\(clock($0.endMinute))" }
      #expect(file["weekly"]?[name]?.array?.map(\.text) == windows)
    }
  }

  private func clock(_ minute: Int) -> String {
    let (hours, minutes) = (minute / 60, minute % 60)
    return "\(hours / 10)\(hours % 10):\(minutes / 10)\(minutes % 10)"
  }

  @Test(
    "each state of a shipped mapping has one known zone",
    arguments: [("us-states", 56), ("ca-provinces", 13), ("au-states", 8)])
  func timeZoneRules(_ name: String, _ count: Int) throws {
    let zones = try Surroundings.zones.get()
    let rules = try #require(try ShippedFile.json5("time-zones/\(name).json5").array)
    #expect(rules.count == count)
    #expect(Set(rules.compactMap { $0["equals"]?.text }).count == count)
    for rule in rules {
      #expect(rule.keys == ["field", "equals", "timeZone"])
      #expect(rule["field"] == .text("state"))
      #expect(rule["timeZone"]?.text.flatMap { zones.zone(named: $0) } != nil, "\(rule)")
    }
  }

  @Test("the sample leads are 2,000 in three lists, each with a phone, an id of its own and a known zone")
  func sampleLeads() throws {
    let zones = try Surroundings.zones.get()
    let file = try LeadFile(try ShippedFile.bytes("leads-sample.csv"))
    #expect(file.rows.count == 2000)
    #expect(Set(file.rows.map { $0["list"] }).count == 3)
    #expect(Set(file.rows.map { $0["vendor_lead_code"] }).count == 2000)
    #expect(file.rows.allSatisfy { !$0["phone1"].isEmpty && zones.zone(named: $0["timezone"]) != nil })
  }
}
