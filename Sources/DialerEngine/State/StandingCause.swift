import DialerModel
import LeadSelection

/// What stops a lead first, but for its calling hours: those are its profile's matter.
enum StandingCause: Equatable {
  /// Nothing: it is dialled when its hours are open.
  case none
  case gate(Gate)
  /// It has an agreed time and its own queue, which only a full judgement knows about.
  case callback

  /// Four bits.
  var code: UInt32 {
    switch self {
    case .none: 0
    case .gate(let gate): UInt32(gate.rawValue) + 1
    case .callback: 15
    }
  }

  init(code: UInt32) {
    switch code {
    case 0: self = .none
    case 15: self = .callback
    default: self = Gate(rawValue: UInt8(code - 1)).map { .gate($0) } ?? .none
    }
  }

  /// As ``GateSet/counted``, with what the hours say put in its place.
  func first(hoursOpen: Bool) -> Gate? {
    switch self {
    case .gate(let gate) where gate.rawValue < Gate.callingHours.rawValue || hoursOpen: gate
    default: hoursOpen ? nil : .callingHours
    }
  }
}

extension GateSet {
  /// The gate that a lead is counted under: the first that fails in the stated order, but the list's filter before the
  /// retry time, which passes by itself. Gates that pause a campaign are not asked.
  var counted: Gate? {
    let failing = subtracting(.capacity)
    return failing.contains(.listFilter) ? failing.subtracting(GateSet(.retryTime)).first : failing.first
  }
}

/// Where a lead stands in a campaign: what the index is told, and why.
struct Standing {
  var place: DueAnswer
  var cause: StandingCause
  /// The zone and rule profile by which its hours are judged.
  var profile: UInt32
  /// What another call holds: it stands otherwise when that is free.
  var waitsFor: DialKey?
  /// When it is counted otherwise although the index does not wait for it.
  var changesAt: Instant?

  static func stopped(_ gate: Gate, _ profile: UInt32) -> Standing {
    Standing(place: .parked, cause: .gate(gate), profile: profile)
  }

  /// By a gate that stands before what stops it otherwise, and that passes by itself.
  func stopped(by gate: Gate, until moment: Instant) -> Standing {
    switch place {
    case .ready, .waiting: Standing(place: .waiting(until: moment), cause: .gate(gate), profile: profile)
    // It does not come back by itself, and is counted under what keeps it away then.
    case .parked, .removed: Standing(place: place, cause: .gate(gate), profile: profile, changesAt: moment)
    }
  }
}
