import DialerModel

/// A stretch of minutes counted from the midnight of the day on which it starts: start included, end not. An end past
/// 1,440 lies in the next day.
struct MinuteSpan: Hashable, Sendable {
  static let day: Int32 = 1440
  var start: Int32
  var end: Int32

  init(start: Int32, end: Int32) {
    self.start = start
    self.end = end
  }

  init(_ window: HoursWindow) {
    start = Int32(window.startMinute)
    end = Int32(window.endMinute) + (window.crossesMidnight ? Self.day : 0)
  }

  var window: HoursWindow {
    HoursWindow(startMinute: Int(start), endMinute: Int(end > Self.day ? end - Self.day : end))
  }

  /// In order, with those that touch or overlap joined.
  static func normalised(_ windows: [HoursWindow]) -> [MinuteSpan] {
    var joined: [MinuteSpan] = []
    for span in windows.map({ MinuteSpan($0) }).sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
      if let last = joined.last, span.start <= last.end {
        joined[joined.count - 1].end = max(last.end, span.end)
      } else {
        joined.append(span)
      }
    }
    return joined
  }

  /// What two normalised lists have in common.
  static func intersection(_ left: [MinuteSpan], _ right: [MinuteSpan]) -> [MinuteSpan] {
    var common: [MinuteSpan] = []
    for one in left {
      for other in right where max(one.start, other.start) < min(one.end, other.end) {
        common.append(MinuteSpan(start: max(one.start, other.start), end: min(one.end, other.end)))
      }
    }
    return common.sorted { $0.start < $1.start }
  }
}
