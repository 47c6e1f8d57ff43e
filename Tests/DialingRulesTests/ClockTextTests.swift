import DialerModel
import Testing

@testable import DialingRules

@Suite("Clock and calendar as text") struct ClockTextTests {
  @Test(
    "local time is written with all its digits",
    arguments: [
      (0, "1970-01-01T00:00:00"), (59, "1970-01-01T00:00:59"), (86_399, "1970-01-01T23:59:59"),
      (-1, "1969-12-31T23:59:59"), (1_795_158_723, "2026-11-20T07:12:03"), (-62_167_219_200, "0000-01-01T00:00:00"),
      (253_402_300_799, "9999-12-31T23:59:59"), (253_402_300_800, "10000-01-01T00:00:00"),
    ])
  func localTime(seconds: Int64, text: String) {
    #expect(LocalTime(localSeconds: seconds).description == text)
  }

  @Test(
    "a minute of the day is written as hours and minutes", arguments: [(0, "00:00"), (432, "07:12"), (1440, "24:00")])
  func minute(minute: Int, text: String) {
    #expect(HoursWindow.clock(minute) == text)
  }
}
