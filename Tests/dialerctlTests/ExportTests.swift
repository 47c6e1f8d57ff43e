import ControlProtocol
import DaemonSystem
import DialerModel
import Foundation
import Testing

@testable import dialerctl

private let lead =
  #"{"leadID":7,"vendorLeadCode":"0012","phones":["+61291234567","+61411111111"],"phone1":"+61291234567","#
  + #""phone2":"+61411111111","phone3":null,"firstName":"Ann \"A\", B","custom":{"shoe":41.5,"note":"=1+1"},"#
  + #""rank":-5,"completed":false}"#

@Suite("Exporting leads")
struct ExportTests {
  private func params(_ connection: FakeConnection) -> [JSON?] { connection.requests.map { $0["params"] } }

  @Test("every page comes below one heading, with the columns that are asked for")
  func pages() {
    let connection = FakeConnection([
      [answer(1, #"{"leads":[\#(lead)],"nextCursor":"b"}"#)], [answer(2, #"{"leads":[{"leadID":8}]}"#)],
    ])
    let host = FakeHost(.success(connection))
    let columns = "lead-id,vendorLeadCode,phones,phone1,phone3,firstName,custom.shoe,custom.note,rank,completed"
    #expect(run("export --columns \(columns) --filter {\"status\":\"NEW\"} --segment hot", on: host) == 0)
    #expect(
      host.output == """
        leadID,vendorLeadCode,phones,phone1,phone3,firstName,custom.shoe,custom.note,rank,completed\r
        7,'0012,'+61291234567 +61411111111,'+61291234567,,"Ann ""A"", B",41.5,'=1+1,-5,false\r
        8,,,,,,,,,\r

        """)
    let filter: JSON = ["and": [["segment": "hot"], ["status": "NEW"]]]
    #expect(
      params(connection) == [["limit": 1000, "filter": filter], ["limit": 1000, "filter": filter, "cursor": "b"]])
  }

  @Test("--raw writes values as they are, --bom begins with the mark, and --columns may be repeated")
  func raw() {
    let host = FakeHost(replies: [answer(1, #"{"leads":[\#(lead)]}"#)])
    #expect(run("export --raw --bom --columns phone1 --columns custom.note", on: host) == 0)
    #expect(host.output == "\u{FEFF}phone1,custom.note\r\n+61291234567,=1+1\r\n")
  }

  @Test("a file is finished only when everything is in it")
  func file() {
    let host = FakeHost(replies: [answer(1, #"{"leads":[\#(lead)]}"#)])
    #expect(run("export --columns leadID --output out.csv", on: host) == 0)
    #expect(host.outputFile.text == "leadID\r\n7\r\n" && host.outputFile.isFinished)
    #expect(host.output == "out.csv: 1 leads\n")
  }

  @Test(
    "an export that fails, is stopped or finds the disk full leaves no file", arguments: ["refused", "stopped", "full"])
  func noFile(_ how: String) {
    let reply = how == "refused" ? refusal(1, RequestError(.notFound, "No such segment.")) : answer(1, #"{"leads":[]}"#)
    let host = FakeHost(replies: [reply])
    if how == "stopped" { host.pausesBeforeInterrupt = 1 }
    if how == "full" { host.outputFile.room = 5 }
    #expect(run("export --output out.csv", on: host) == ["refused": 66, "stopped": 130, "full": 73][how])
    #expect(host.outputFile.isDiscarded && !host.outputFile.isFinished)
  }

  @Test("a page whose answer is lost is asked for again, and nothing stands twice")
  func lostPage() {
    let first = FakeConnection([[answer(1, #"{"leads":[{"leadID":1}],"nextCursor":"b"}"#)], []])
    let second = FakeConnection([[answer(1, #"{"leads":[{"leadID":2}]}"#)]])
    let host = FakeHost(.success(first), FakeHost.nobody, .success(second))
    #expect(run("export --columns leadID --output out.csv", on: host) == 0)
    #expect(host.outputFile.text == "leadID\r\n1\r\n2\r\n")
    #expect(second.requests.map { $0["params"]?["cursor"] } == ["b"])
  }

  @Test(
    "a command line that is wrong says so before anything is sent",
    arguments: [
      ("export --columns leadID,shoe", 65, "shoe is no field"), ("export --filter {", 65, "not JSON"),
      ("export x", 64, "no place"), ("export --output a --output b", 64, "twice"),
      ("export --colums a", 64, "--columns"),
    ])
  func faults(arguments: String, code: Int, words: String) {
    let host = FakeHost()
    #expect(run(arguments, on: host) == Int32(code))
    #expect(host.errors.contains(words) && host.paths.isEmpty)
  }

  @Test(
    "no cell begins a formula, and no digits are lost in a spreadsheet",
    arguments: [
      ("=1+1", "'=1+1"), ("+61291234567", "'+61291234567"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"),
      (" =1", "' =1"), ("\u{FEFF}=1", "'\u{FEFF}=1"), (" \u{200B}-1", "' \u{200B}-1"),
      ("\t=1", "\"'\t=1\""), ("\r=1", "\"'\r=1\""), ("\n=1", "\"'\n=1\""), ("＝1", "'＝1"), ("'x", "''x"),
      ("02134", "'02134"),
      ("61291234567", "61291234567"), ("447911123456", "'447911123456"), ("12E5", "'12E5"), ("1.5", "1.5"), ("0", "0"),
      ("0.5", "0.5"), ("2026-11-20T14:03:11.123Z", "2026-11-20T14:03:11.123Z"), ("a=1", "a=1"), ("", ""),
      ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("a\nb", "\"a\nb\""), (" x", "\" x\""),
      ("=\"a\"", "\"'=\"\"a\"\"\""),
    ])
  func cells(text: String, cell: String) {
    #expect(SpreadsheetCell.text(.string(text)) == cell)
  }

  @Test("values that are no text are written as JSON has them")
  func otherCells() {
    let cells: [JSON] = [nil, true, -5, 1.5, ["a", "b"], ["a": 1]]
    let long: [JSON] = [12_345_678_901, 123_456_789_012, -123_456_789_012]
    #expect(long.map { SpreadsheetCell.text($0) } == ["12345678901", "'123456789012", "'-123456789012"])
    #expect(long.map { SpreadsheetCell.text($0, isRaw: true) } == ["12345678901", "123456789012", "-123456789012"])
    #expect(
      cells.map { SpreadsheetCell.text($0) } == ["", "true", "-5", "1.5", #""[""a"",""b""]""#, #""{""a"":1}""#])
  }

  @Test("the real file appears under its name only when it is finished, and nothing is left of one that is given up")
  func realFile() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("export-\(getpid())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/out.csv"
    let given = try SystemOutputFile(path)
    try given.write(Array("x".utf8))
    given.discard()
    let file = try SystemOutputFile(path)
    for _ in 0..<3 { try file.write([UInt8](repeating: 65, count: 200_000)) }
    #expect(!FileManager.default.fileExists(atPath: path))
    try file.finish()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out.csv"])
    let input = try SystemInputFile(path)
    #expect(input.size == 600_000)
    #expect(try input.read(at: 599_990, count: 100) == [UInt8](repeating: 65, count: 10))
    #expect(throws: ClientError.self) { try SystemInputFile(folder) }
    #expect(throws: ClientError.self) { try SystemOutputFile(folder + "/none/out.csv") }
  }
}
