import ControlProtocol
import DialerModel
import DialingRules

/// What a set of calling hours says about a date.
extension Engine {
  func showCallingHours(_ command: Command) throws(RequestError) -> Answer {
    let parameters = command.parameters
    let id = CallingHoursID(try parameters.text("callingHoursID"))
    guard let set = callingHoursSets[id] else { throw .notFound("set of calling hours", .string(id.rawValue)) }
    let zoneName = try parameters.text("timeZone")
    try checkTimeZone(zoneName, "timeZone")
    let text = try parameters.text("date")
    guard let date = CivilDate(isoText: text), let zone = settings.timeZones.zone(named: zoneName) else {
      throw .invalidParams(
        field: "date", value: .string(text), accepted: ["a date of the years 1970 to 2100, such as 2026-12-25"],
        message: "date: there is no such date.")
    }
    let policy = parameters.optionalText("unknownRegion").flatMap { UnknownRegionPolicy(rawValue: $0) }
    let day = HoursDay(
      CompiledHours(set, unknownRegion: policy), zone: zone, country: parameters.optionalText("region"),
      state: parameters.optionalText("state"), date: date)
    return .done(day.json)
  }
}
