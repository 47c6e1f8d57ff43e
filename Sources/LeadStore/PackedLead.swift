import DialerModel

/// Small numbers of a lead in one column. The places are those of the schema's generated columns.
enum PackedLead {
  @inline(__always) static func location(of lead: LeadRecord) -> Int64 {
    Int64(lead.zone) | Int64(lead.zoneSource.rawValue) << 16 | Int64(lead.place) << 24
  }

  @inline(__always) static func setLocation(_ packed: Int64, of lead: inout LeadRecord) {
    lead.zone = UInt16(truncatingIfNeeded: packed)
    lead.zoneSource = TimeZoneSource(rawValue: UInt8(truncatingIfNeeded: packed >> 16)) ?? .lead
    lead.place = UInt32(truncatingIfNeeded: packed >> 24)
  }

  @inline(__always) static func progress(of state: LeadState) -> Int64 {
    let flags: Int64 = (state.completed ? 1 : 0) | (state.archived ? 2 : 0)
    let counts = Int64(state.calledCount) | Int64(state.lastOutcomeValue) << 16 | Int64(state.stageValue) << 24
    let phones = Int64(state.spentPhones & 31) << 40 | Int64(state.phoneCursor) << 45
    return counts | flags << 32 | phones | Int64(state.priority) << 53
  }

  @inline(__always) static func setProgress(_ packed: Int64, of state: inout LeadState) {
    state.calledCount = UInt16(truncatingIfNeeded: packed)
    state.lastOutcomeValue = UInt8(truncatingIfNeeded: packed >> 16)
    state.stageValue = UInt8(truncatingIfNeeded: packed >> 24)
    state.completed = packed >> 32 & 1 != 0
    state.archived = packed >> 33 & 1 != 0
    state.spentPhones = UInt8(truncatingIfNeeded: packed >> 40 & 31)
    state.phoneCursor = UInt8(truncatingIfNeeded: packed >> 45)
    state.priority = UInt8(truncatingIfNeeded: packed >> 53)
  }
}
