import ControlProtocol
import DialerModel
import Testing

@testable import dialerctl

private func text(_ result: JSON, columns: Int? = nil, method: String = "") -> String {
  var text = ResultText(method: method, columns: columns)
  return text.page(result)
}

@Suite("Results as people read them")
struct TextTests {
  @Test("leads become a table of the members that tell them apart")
  func leads() {
    let leads: JSON = [
      "leads": [
        [
          "leadID": 7, "vendorLeadCode": "CRM-7", "listID": 101, "firstName": "Zoë", "lastName": nil,
          "phones": ["+61291234567", "+61291234568"], "status": "NA", "stage": "new", "completed": false,
          "calledCount": 2, "lastAttemptAt": "2026-11-20T14:03:11.123Z", "email": "z@example.org",
        ],
        [
          "leadID": 1234, "listID": 101, "firstName": "王", "phones": [], "status": "NEW", "completed": true,
          "calledCount": 0,
        ],
      ]
    ]
    #expect(
      text(leads) == """
        LEAD  VENDOR CODE  LIST  FIRST NAME  PHONES                      STATUS  STAGE  DONE  CALLED  LAST ATTEMPT
           7  CRM-7         101  Zoë         +61291234567, +61291234568  NA      new    no         2  2026-11-20 14:03:11Z
        1234  -             101  王          -                           NEW     -      yes        0  -

        """)
  }

  @Test("the widest columns give way where a terminal is narrow, and no line is wider than it")
  func narrow() {
    let lists: JSON = [
      "lists": [["listID": 1, "name": "A name that is much too long", "weight": 70, "strategy": "a-long-strategy"]]
    ]
    #expect(
      text(lists, columns: 40) == """
        LIST  NAME          WEIGHT  STRATEGY
           1  A name that…      70  a-long-stra…

        """)
    for columns in 1...80 {
      #expect(
        text(lists, columns: columns).split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= columns })
    }
  }

  @Test(
    "what many would stand in, and does not, is said in a word",
    arguments: [("leads", "No leads.\n"), ("callingHours", "No calling hours.\n")])
  func none(kind: String, expected: String) {
    #expect(text([kind: []]) == expected)
  }

  @Test("a kind that is not known shows every member that a cell can hold")
  func unknownKind() {
    #expect(
      text([
        "perZone": [["timeZone": "Australia/Sydney", "leads": 5], ["leads": 12, "extra": true, "deep": ["a": 1]]]
      ]) == """
        TIME ZONE         LEADS  EXTRA
        Australia/Sydney      5  -
        -                    12  yes

        """)
  }

  @Test("one object becomes lines, with what lies deeper below them")
  func status() throws {
    let example = try #require(MethodTable.method("daemon.status")).example
    #expect(
      text(example) == """
        version:       1.0.0
        pid:           412
        startedAt:     2026-11-20T14:03:11.123Z
        uptimeSeconds: 86400
        databasePath:  dialer.sqlite
        leads:         1000
        lists:         3
        campaigns:     1
        liveCalls:     12
        lastEvent:     9041
        timeZoneData:  2026b

        trunks:
          TRUNK  KIND       STATE  LIVE  MAXIMUM  PER SECOND
          sim    simulator  up       12      200          50

        """)
    #expect(
      text(["a": 1, "outcomes": ["busy": 2, "none": [:]], "tags": ["x", "y"], "empty": []])
        == "a:     1\ntags:  x, y\nempty: -\n\noutcomes:\n  busy: 2\n  none: {}\n")
  }

  @Test("the two texts that are documents stay as they are")
  func documents() {
    #expect(text(["openMetrics": "# EOF\n"]) == "# EOF\n")
    #expect(
      text(["openrpc": "1.3.2", "methods": []], method: "rpc.discover")
        == "{\n  \"openrpc\": \"1.3.2\",\n  \"methods\": []\n}\n")
  }

  @Test(
    "every example of the table is shown, and none with a line wider than the terminal", arguments: MethodTable.methods)
  func examples(spec: MethodSpec) {
    let shown = text(spec.example, columns: 60, method: spec.name)
    #expect(shown.last?.isNewline == true && shown.count > 1)
    guard spec.example.objectValue?.count == 1, spec.example.objectValue?.members[0].value.arrayValue != nil else {
      return
    }
    #expect(
      shown.split(separator: "\n").prefix { !$0.isEmpty }.allSatisfy {
        DisplayWidth.of(String($0)) <= 60 || $0.hasPrefix("There")
      })
  }

  static let hostile: [(String, String)] = [
    ("plain", "plain"), ("a\u{1B}[2Jb", "a\\u{1b}[2Jb"), ("a\r\nb\tc", "a\\u{d}\\nb\\tc"), ("\u{202E}x", "\\u{202e}x"),
    ("\u{9B}1m", "\\u{9b}1m"), ("\u{7F}", "\\u{7f}"), ("", "-"),
  ]

  @Test("text from outside cannot command a terminal", arguments: hostile)
  func printable(raw: String, expected: String) {
    #expect(CellText.text(.string(raw)) == expected)
    #expect(!text(["leads": [["leadID": 1, "lastName": .string(raw)]]]).unicodeScalars.contains("\u{1B}"))
    #expect(!EventLine.text(["note": .string(raw)]).unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x9B })
  }

  @Test(
    "a text is cut by the columns that it takes",
    arguments: [
      ("abcdef", 4, "abc…"), ("王王王", 4, "王…"), ("王王", 4, "王王"), ("e\u{301}te\u{301}", 3, "e\u{301}te\u{301}"),
    ])
  func cut(whole: String, columns: Int, expected: String) {
    #expect(DisplayWidth.cut(whole, to: columns) == expected)
  }
}
