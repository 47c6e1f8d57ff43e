import DialerModel
import Foundation
import Testing

@testable import LeadStore

/// Deleting is permanent: nothing personal is left in the files.
@Suite("Leads deleted for good")
struct ErasureTests {
  /// Text that stands nowhere else, once for each place where something of a person is kept.
  private static func secret(_ place: String, _ number: Int = 0) -> String { "Zyxwv-\(place)-\(number)-secret" }

  private func details(_ number: Int, _ edition: Int) -> LeadDetails {
    var details = Make.details(
      first: Self.secret("first", number), last: Self.secret("last\(edition)", number),
      email: Self.secret("mail", number) + "@example.com", owner: Self.secret("owner", number),
      // Larger than a page, so that it stands in pages of its own.
      custom: [
        "note": .string(Self.secret("custom\(edition)", number) + String(repeating: "x", count: 3_000 * edition))
      ])
    details.source = Self.secret("source", number)
    details.postalCode = Self.secret("zip", number)
    return details
  }

  private func bytes(of fixture: Fixture) throws -> [(name: String, data: Data)] {
    try FileManager.default.contentsOfDirectory(at: fixture.directory, includingPropertiesForKeys: nil).map {
      ($0.lastPathComponent, try Data(contentsOf: $0))
    }
  }

  @Test("after a delete and a checkpoint no file holds a name, an email, a field, a note or an answer of the lead's")
  func nothingIsLeft() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    for number in 1...200 {
      try store.commit(
        Make.transaction([
          .addLead(Make.lead(UInt32(number)), vendorLeadCode: "crm-\(number)", details: details(number, 1))
        ]))
    }
    // Changed several times, longer and shorter: what was replaced must not outlive it.
    for edition in [3, 1, 2, 0] {
      for number in 1...200 {
        try store.commit(
          Make.transaction([
            .updateLead(Make.lead(UInt32(number)), vendorLeadCode: "crm-\(number)", details: details(number, edition))
          ]))
      }
    }
    var attempt = Make.attempt(1, lead: 7)
    try store.commit(Make.transaction([], [Make.event(1, .attemptStarted, attempt: attempt)]))
    attempt.notes = Self.secret("note")
    attempt.recording = Self.secret("recording")
    attempt.wrapCode = "SALE"
    var transaction = Make.transaction(
      [.putNotes(attempt.attemptID, notes: attempt.notes, recording: attempt.recording)],
      [Make.event(2, .attemptWrapped, attempt: Make.ended(attempt))])
    var answer = RememberedAnswer(
      userID: 1, requestID: "r", fingerprint: 2, answer: Array(Self.secret("answer").utf8), at: .start)
    answer.leadID = LeadID(7)
    transaction.answers = [answer]
    try store.commit(transaction)
    try store.flushProjection()
    let reader = try store.makeReader()
    #expect(try reader.attempt(AttemptID(1))?.attempt.notes == Self.secret("note"))

    try store.commit(Make.transaction([.deleteLeads((1...200).map { LeadID($0) })]))
    try store.checkpoint()
    let files = try bytes(of: fixture)
    for file in files { #expect(file.data.range(of: Data("-secret".utf8)) == nil, "\(file.name)") }
    #expect(files.contains { $0.data.range(of: Data("61200000007".utf8)) != nil } == false)

    let left = try #require(try reader.attempt(AttemptID(1)))
    #expect(left.leadDeleted && left.attempt.notes == nil && left.attempt.recording == nil)
    #expect(left.attempt.phone == attempt.phone && left.attempt.leadID == LeadID(7))
    #expect(try reader.deletedVendorLeadCode(LeadID(7)) == "crm-7")
    let answers = try Fixture.load(store).image.rememberedAnswers
    #expect(answers.map { String(decoding: $0.answer, as: UTF8.self) } == [#"{"leadID":7,"leadDeleted":true}"#])
  }

  @Test("notes are kept beside the journal, and a lead that stays keeps its own")
  func notes() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try store.commit(Make.leads(1...2))
    for number in 1...2 as ClosedRange<Int64> {
      let attempt = Make.attempt(number, lead: UInt32(number))
      try store.commit(
        Make.transaction(
          [.putNotes(AttemptID(number), notes: "note \(number)", recording: nil)],
          [Make.event(number, .attemptStarted, attempt: attempt)]))
    }
    try store.commit(Make.transaction([.deleteLeads([LeadID(1)])]))
    try store.flushProjection()
    let reader = try store.makeReader()
    #expect(try reader.attempt(AttemptID(1))?.attempt.notes == nil)
    #expect(try reader.attempt(AttemptID(2))?.attempt.notes == "note 2")
  }
}
