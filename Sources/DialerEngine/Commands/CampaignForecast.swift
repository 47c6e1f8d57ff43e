import DialerModel

/// How many leads of a campaign are dialable in the time ahead, if nobody is called and nothing else changes.
///
/// Leads are grouped by list and profile of calling hours: a group is open or closed as a whole between two moments, and
/// has leads that are there already and leads that come back at a moment of their own.
struct CampaignForecast {
  struct Group {
    var list: ListID
    var profile: UInt32
    /// There from the beginning.
    var ready = 0
    /// Come back within a step, after its first moment and before the next one's.
    var within: [Int: Int] = [:]
    /// Come back at the first moment of a step.
    var atStart: [Int: Int] = [:]
  }

  /// One step: from a moment up to the next.
  struct Step: Equatable {
    /// Leads that are dialable at its first moment and were not just before, and the other way round.
    var opening = 0
    var closing = 0
    /// Leads that come back within it and are dialable at once.
    var returning = 0
    /// At its first moment.
    var dialable = 0

    static func += (left: inout Step, right: Step) {
      left.opening += right.opening
      left.closing += right.closing
      left.returning += right.returning
      left.dialable += right.dialable
    }
  }

  /// The first moments of the steps, and the end of the last.
  let moments: [Instant]
  private var groups: [UInt64: Int] = [:]
  private(set) var all: [Group] = []

  /// - Parameter moments: two at least, ascending.
  init(moments: [Instant]) { self.moments = moments }

  var stepCount: Int { moments.count - 1 }

  /// - Parameter due: from when on they could be dialled if their hours are open.
  mutating func add(_ leads: Int, list: ListID, profile: UInt32, due: Instant) {
    guard due < moments[moments.count - 1] else { return }
    let key = UInt64(list.rawValue) << 32 | UInt64(profile)
    let place = groups[key] ?? all.count
    if place == all.count {
      groups[key] = place
      all.append(Group(list: list, profile: profile))
    }
    guard due > moments[0] else {
      all[place].ready += leads
      return
    }
    // The last step that has begun by then.
    let step = moments.partitioningIndex { $0 > due } - 1
    if moments[step] == due {
      all[place].atStart[step, default: 0] += leads
    } else {
      all[place].within[step, default: 0] += leads
    }
  }

  /// - Parameter isOpen: whether the group is open in each step.
  func steps(of group: Group, isOpen: [Bool]) -> [Step] {
    var steps = [Step](repeating: Step(), count: stepCount)
    var there = group.ready
    for place in 0..<stepCount {
      let before = place > 0 && isOpen[place - 1] ? there : 0
      let arriving = group.atStart[place] ?? 0
      let wasOpen = place == 0 || isOpen[place - 1]
      there += arriving
      if isOpen[place] {
        steps[place].dialable = there
        if place > 0 { steps[place].opening = wasOpen ? arriving : there }
        steps[place].returning = group.within[place] ?? 0
      } else if place > 0 {
        steps[place].closing = before
      }
      there += group.within[place] ?? 0
    }
    return steps
  }

  /// When so many calls an hour have used up what is open: the first moment at which calls have left no lead to dial.
  ///
  /// Every lead is taken to be called once; those that come back within a step come evenly. Leads of a zone that closes
  /// are there again when it opens, less those that were called.
  /// - Parameters:
  ///   - groups: with whether each is open in each step.
  ///   - rate: above zero.
  /// - Returns: nil = not in the time ahead.
  func dryAt(_ groups: [(group: Group, isOpen: [Bool])], callsPerHour rate: Double) -> Instant? {
    var left = groups.map { Double($0.group.ready) }
    for place in 0..<stepCount {
      var open = 0.0
      var coming = 0.0
      for (index, one) in groups.enumerated() {
        left[index] += Double(one.group.atStart[place] ?? 0)
        guard one.isOpen[place] else { continue }
        open += left[index]
        coming += Double(one.group.within[place] ?? 0)
      }
      let start = moments[place]
      let hours = (moments[place + 1] - start).seconds / 3600
      let net = rate - coming / hours
      if open < 0.5, coming == 0 {
        // Closed for now is not dry.
        if isUsedUp(groups, left, from: place) { return start }
      } else if net > 0, open / net < hours {
        return start + Interval(seconds: open / net * 3600)
      }
      let kept = open + coming > 0 ? max(0, 1 - rate * hours / (open + coming)) : 1
      for (index, one) in groups.enumerated() {
        left[index] += Double(one.group.within[place] ?? 0)
        if one.isOpen[place] { left[index] *= kept }
      }
    }
    return nil
  }

  private func isUsedUp(_ groups: [(group: Group, isOpen: [Bool])], _ left: [Double], from step: Int) -> Bool {
    left.reduce(0, +) < 0.5
      && !groups.contains { one in
        one.group.within.keys.contains { $0 >= step } || one.group.atStart.keys.contains { $0 > step }
      }
  }
}
