import DialerModel

/// One comparison of a filter with what a lead's record holds, in whole numbers alone.
struct RecordComparison: Sendable {
  /// The fields that the record has, without the text that a custom field's name would drag along.
  private enum Source: UInt8 {
    case leadID, listID, rank, calledCount, lastAttemptAt, lastOutcome, stage, completed, archived, live, status
    case phone, phone1, phone2, phone3, phone4, phone5

    init?(_ field: FilterField) {
      switch field {
      case .leadID: self = .leadID
      case .listID: self = .listID
      case .rank: self = .rank
      case .calledCount: self = .calledCount
      case .lastAttemptAt: self = .lastAttemptAt
      case .lastOutcome: self = .lastOutcome
      case .stage: self = .stage
      case .completed: self = .completed
      case .archived: self = .archived
      case .live: self = .live
      case .status: self = .status
      case .phone: self = .phone
      case .phone1: self = .phone1
      case .phone2: self = .phone2
      case .phone3: self = .phone3
      case .phone4: self = .phone4
      case .phone5: self = .phone5
      default: return nil
      }
    }
  }

  private let source: Source
  private let comparison: FilterOperator
  private let first: Int64
  /// All values, for `in`.
  private let values: [Int64]
  /// For a beginning of a number: ten to the power of its digits.
  private let scale: Int64

  /// Whether the record can answer. Pieces of a status, and its order as text, are asked of the lead on disk.
  static func compares(_ field: FilterField, _ comparison: FilterOperator) -> Bool {
    guard let source = Source(field) else { return false }
    // A part of an id is asked of its digits as text.
    if source == .leadID, comparison == .prefix || comparison == .contains { return false }
    return source != .status || [.eq, .ne, .in, .blank].contains(comparison)
  }

  /// Nil where ``compares(_:_:)`` says no.
  init?(_ field: FilterField, _ comparison: FilterOperator, _ values: [FilterValue]) {
    guard Self.compares(field, comparison), let source = Source(field) else { return nil }
    self.source = source
    self.comparison = comparison
    var scale: Int64 = 1
    if comparison == .prefix, case .text(let text) = values.first {
      for _ in text.utf8.dropFirst() { scale *= 10 }
    }
    self.scale = scale
    self.values = values.map { Self.number($0, of: source) }
    first = self.values.first ?? Self.noMatch
  }

  /// A number that no field has.
  private static let noMatch = Int64.min

  private static func number(_ value: FilterValue, of source: Source) -> Int64 {
    switch value {
    case .integer(let number): return number
    case .boolean(let flag): return flag ? 1 : 0
    case .instant(let instant): return instant.milliseconds
    case .phone(let phone): return Int64(phone.digits)
    case .number: return noMatch
    case .text(let text):
      switch source {
      case .status: return StatusCode(text).map { Int64(bitPattern: $0.packed) } ?? noMatch
      case .stage: return LeadStage.allCases.first { $0.word == text }.map { Int64($0.rawValue) } ?? noMatch
      case .lastOutcome: return Outcome(word: text).map { Int64($0.rawValue) } ?? noMatch
      // No number in E.164 begins with a zero.
      default: return text == "+" ? 0 : text.hasPrefix("+0") ? noMatch : Int64(text.dropFirst()) ?? noMatch
      }
    }
  }

  func holds(_ record: LeadRecord) -> Bool {
    switch source {
    case .phone: anyPhone(record.phones)
    case .phone1: holds(phone(record.phones, 0))
    case .phone2: holds(phone(record.phones, 1))
    case .phone3: holds(phone(record.phones, 2))
    case .phone4: holds(phone(record.phones, 3))
    case .phone5: holds(phone(record.phones, 4))
    default: holds(value(of: record))
    }
  }

  private func value(of record: LeadRecord) -> Int64? {
    let state = record.state
    switch source {
    case .leadID: return Int64(record.leadID.rawValue)
    case .listID: return Int64(record.listID.rawValue)
    case .rank: return record.rank == LeadRecord.missingRank ? nil : Int64(record.rank)
    case .calledCount: return Int64(state.calledCount)
    case .lastAttemptAt: return state.wasAttempted ? state.lastAttemptAt.milliseconds : nil
    case .lastOutcome: return state.lastOutcomeValue == 255 ? nil : Int64(state.lastOutcomeValue)
    case .stage: return Int64(state.stageValue)
    case .completed: return state.completed ? 1 : 0
    case .archived: return state.archived ? 1 : 0
    case .live: return state.status.isLive ? 1 : 0
    case .status: return Int64(bitPattern: state.status.packed)
    case .phone, .phone1, .phone2, .phone3, .phone4, .phone5: return nil
    }
  }

  private func phone(_ phones: PhoneSet, _ index: Int) -> Int64? { phones[index].map { Int64($0.digits) } }

  private func anyPhone(_ phones: PhoneSet) -> Bool {
    switch comparison {
    case .ne: (0..<PhoneSet.capacity).allSatisfy { holds(phone(phones, $0)) }
    case .blank: ((0..<PhoneSet.capacity).allSatisfy { phones[$0] == nil }) == (first == 1)
    default: (0..<PhoneSet.capacity).contains { holds(phone(phones, $0)) }
    }
  }

  private func holds(_ value: Int64?) -> Bool {
    if comparison == .blank { return (value == nil) == (first == 1) }
    guard let value else { return comparison == .ne }
    switch comparison {
    case .eq: return value == first
    case .ne: return value != first
    case .lt: return value < first
    case .le: return value <= first
    case .gt: return value > first
    case .ge: return value >= first
    case .in: return values.contains(value)
    case .prefix: return hasPrefix(value)
    case .contains, .blank: return false
    }
  }

  private func hasPrefix(_ digits: Int64) -> Bool {
    var rest = digits
    while rest >= scale, rest > 0 { rest /= 10 }
    return rest == first
  }
}
