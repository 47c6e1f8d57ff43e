import DialerModel
import Foundation
import PhoneNumbers
import TimeZones

@testable import LeadImport

/// The number plan, prefix zones and tz database that a daemon has.
enum ShippedData {
  static let context: Result<ImportContext, any Error> = Result {
    let config = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Config")
    var context = ImportContext(
      plan: try NumberingPlan(json: try Data(contentsOf: config.appendingPathComponent("numbering-plan.json"))),
      prefixZones: try PrefixZones(json: try Data(contentsOf: config.appendingPathComponent("phone-timezones.json"))),
      timeZones: try TimeZoneDatabase())
    context.rules.region = "US"
    context.rules.defaultZone = "America/New_York"
    return context
  }
}
