import DialerModel

/// Clock and calendar as text, digit by digit: every claim's evidence carries them, and strings put together out of
/// strings cost a tenth of the claim.
enum ClockText {
  /// `07:12`.
  static func minute(_ minute: Int) -> String {
    String(unsafeUninitializedCapacity: 5) { text in
      putMinute(minute, at: 0, in: text)
      return 5
    }
  }

  /// `2026-11-20T07:12:03`. Nil for a year that does not have four digits.
  static func second(_ second: Int, on date: CivilDate) -> String? {
    guard 0...9999 ~= date.year else { return nil }
    return String(unsafeUninitializedCapacity: 19) { text in
      put(date.year / 100, at: 0, in: text)
      put(date.year % 100, at: 2, in: text)
      text[4] = UInt8(ascii: "-")
      put(date.month, at: 5, in: text)
      text[7] = UInt8(ascii: "-")
      put(date.day, at: 8, in: text)
      text[10] = UInt8(ascii: "T")
      putMinute(second / 60, at: 11, in: text)
      text[16] = UInt8(ascii: ":")
      put(second % 60, at: 17, in: text)
      return 19
    }
  }

  private static func putMinute(_ minute: Int, at place: Int, in text: UnsafeMutableBufferPointer<UInt8>) {
    put(minute / 60, at: place, in: text)
    text[place + 2] = UInt8(ascii: ":")
    put(minute % 60, at: place + 3, in: text)
  }

  /// - Parameter number: 0 to 99.
  private static func put(_ number: Int, at place: Int, in text: UnsafeMutableBufferPointer<UInt8>) {
    text[place] = UInt8(ascii: "0") + UInt8(number / 10)
    text[place + 1] = UInt8(ascii: "0") + UInt8(number % 10)
  }
}
