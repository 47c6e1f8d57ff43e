import DialerModel
import Testing

@testable import LeadImport

@Suite("From a row to a lead")
struct RowDrafterTests {
  private func mapping(_ headers: [String], _ options: ImportOptions = ImportOptions()) throws -> ColumnMapping {
    try ColumnMapping(first: CSVRecord(line: 1, fields: headers), options: options)
  }

  private func draft(
    _ headers: [String], _ fields: [String], options: ImportOptions = ImportOptions(),
    rules change: (inout ImportRules) -> Void = { _ in }
  ) throws -> LeadDraft {
    var context = try ShippedData.context.get()
    change(&context.rules)
    var draft = LeadDraft()
    try RowDrafter(mapping: try mapping(headers, options), context: context).draft(
      CSVRecord(line: 2, fields: fields), into: &draft)
    return draft
  }

  @Test("columns are known by the names that people give them, and others are dropped")
  func names() throws {
    let mapping = try mapping(["Lead ID", "First Name", "surname", "E-Mail", "Mobile", "Phone 1", "ZIP", "Shoe size"])
    #expect(
      mapping.fields == [
        [.vendorLeadCode], [.firstName], [.lastName], [.email], [.phoneAt(1)], [.phoneAt(0)], [.postalCode], [],
      ])
  }

  @Test("a column can fill several fields, and a column without a header is named by its number")
  func byHand() throws {
    var options = ImportOptions()
    options.hasHeader = false
    options.mapping = ["1": ["vendorLeadCode", "custom.key"], "2": ["phone"]]
    let lead = try draft(["A1", "2125550123"], ["A1", "2125550123"], options: options)
    #expect(lead.vendorLeadCode == "A1")
    #expect(lead.custom == ["key": "A1"])
    #expect(lead.phones[0]?.e164 == "+12125550123")
  }

  @Test(
    "a mapping that cannot give a lead is refused",
    arguments: [
      (["Phone"], ["Telefax": ["phone1"]], ImportFault.unknownColumn("Telefax")),
      (["Name", "City"], nil, ImportFault.noMapping), (["Phone"], ["Phone": ["email"]], ImportFault.noMapping),
    ])
  func badMapping(headers: [String], columns: [String: [String]]?, fault: ImportFault) {
    var options = ImportOptions()
    options.mapping = columns
    #expect(throws: fault) { try mapping(headers, options) }
  }

  @Test("numbers are read in the row's region")
  func region() throws {
    let lead = try draft(["phone", "country"], ["02 9123 4567", "au"])
    #expect(lead.phones[0]?.e164 == "+61291234567")
    #expect(lead.region == "AU")
  }

  @Test(
    "a row that cannot be a lead is named with field and reason",
    arguments: [
      (["phone", "rank"], ["12", ""], "phone1", "too-short"), (["phone", "rank"], ["", "3"], "phone1", "no-phone"),
      (["phone", "rank"], ["2125550123", "high"], "rank", "not-a-number"),
      (["phone", "timezone"], ["2125550123", "PST"], "timeZone", "unknown-time-zone"),
      (["phone", "country"], ["2125550123", "USA"], "region", "unknown-region"),
      (["phone", "id"], ["2125550123", String(repeating: "x", count: 129)], "vendorLeadCode", "too-long"),
      (["phone"], ["2125550123", "x"], "row", "too-many-fields"),
    ])
  func faults(headers: [String], fields: [String], field: String, reason: String) {
    let fault = #expect(throws: RowFault.self) { try draft(headers, fields) }
    #expect(fault?.field == field)
    #expect(fault?.reason == reason)
  }

  @Test(
    "the zone is the row's own, then a rule's, the number's, the list's, the campaign's, the configuration's",
    arguments: [
      (["2125550123", "CA", "Asia/Tokyo"], "Asia/Tokyo", TimeZoneSource.lead),
      (["2125550123", "ca", ""], "America/Los_Angeles", .rule), (["2125550123", "NV", ""], "America/New_York", .phone),
      (["8005550123", "NV", ""], "Europe/Paris", .list),
    ])
  func zones(fields: [String], zone: String, source: TimeZoneSource) throws {
    let lead = try draft(["phone", "state", "timezone"], fields) { rules in
      rules.timeZoneRules = [
        TimeZoneRule(field: "postalCode", equals: "1", timeZone: "Asia/Dubai"),
        TimeZoneRule(field: "state", equals: "CA", timeZone: "America/Los_Angeles"),
        TimeZoneRule(field: "state", equals: "ca", timeZone: "America/Denver"),
      ]
      rules.zoneFromPhone = true
      rules.listZone = "Europe/Paris"
    }
    #expect(lead.zone == zone)
    #expect(lead.zoneSource == source)
  }

  @Test("a text that is too long is cut at a character and counted; a blank is none")
  func cut() throws {
    let lead = try draft(["phone", "first", "last"], ["2125550123", String(repeating: "ä", count: 100), "  "])
    #expect(lead.firstName == String(repeating: "ä", count: 64))
    #expect(lead.cut.count == 1)
    #expect(lead.lastName == nil)
  }
}
