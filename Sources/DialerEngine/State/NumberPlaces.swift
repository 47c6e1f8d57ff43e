import DialerModel
import PhoneNumbers

/// Where numbers lie: asked for every lead that is judged under strict zones, so it stands behind one reference.
final class NumberPlaces {
  private let zones: PrefixZones
  private let plan: NumberingPlan

  init(_ settings: EngineSettings) {
    zones = settings.prefixZones
    plan = settings.numberingPlan
  }

  func zoneSet(of number: PhoneNumber) -> PrefixZones.ZoneSetIndex { zones.zoneSet(of: number, plan: plan) }
}
