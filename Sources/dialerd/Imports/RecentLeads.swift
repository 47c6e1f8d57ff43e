import DialerEngine
import DialerModel

/// Leads of the rows before that may not be in the database yet, by what later rows may have in common with them.
struct RecentLeads {
  private struct Chunk {
    var byKey: [UInt64: LeadID] = [:]
    var byValue: [UInt64: LeadID] = [:]
    var subjects: [LeadID: MatchSubject] = [:]
  }
  private var chunks: [Chunk] = []

  var isEmpty: Bool { chunks.isEmpty }

  /// Begins a chunk; those before the last ones are on disk, where the index finds them.
  mutating func beginChunk() { chunks = chunks.suffix(ImportRequest.commitDepth - 1) + [Chunk()] }

  /// - Parameter subject: where a later row may give the lead other numbers.
  mutating func add(_ lead: LeadID, keys: [UInt64], values: [UniqueValue], subject: MatchSubject?) {
    let last = chunks.count - 1
    for key in keys where chunks[last].byKey[key] == nil { chunks[last].byKey[key] = lead }
    for value in values { chunks[last].byValue[value.key] = lead }
    if let subject { chunks[last].subjects[lead] = subject }
  }

  /// The oldest.
  func lead(matching key: UInt64) -> LeadID? {
    for chunk in chunks { if let lead = chunk.byKey[key] { return lead } }
    return nil
  }

  func lead(with value: UniqueValue) -> LeadID? {
    for chunk in chunks { if let lead = chunk.byValue[value.key] { return lead } }
    return nil
  }

  func subject(of lead: LeadID) -> MatchSubject? {
    for chunk in chunks { if let subject = chunk.subjects[lead] { return subject } }
    return nil
  }
}
