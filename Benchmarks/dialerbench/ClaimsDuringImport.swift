import DialerModel
import Foundation

/// Dials one after the other, so many on their way, each answered when its claim is on disk: alone, and while a million
/// rows are committed.
struct ClaimsDuringImport: Benchmark {
  let name = "import-claims"
  let summary = "Claims while the rows of a file are committed."

  func run(_ context: Context) throws -> [Row] {
    let rows = context.size(1_000_000, quick: 3_000)
    let place = try Workplace(context, "import-claims")
    defer { place.remove() }
    let leads = context.size(400_000, quick: 4_000)
    var sample = SampleLeads(leads: leads)
    sample.lists = 1
    sample.lastDigit = 5
    try place.fill { try sample.fill($0, campaign: sample.campaign(mode: .manual)) }
    let file = try ImportFile(path: place.path + "/leads.csv", rows: rows)
    let daemon = try DaemonProcess(directory: place.path, speed: 100_000, callsPerSecond: 10_000)
    let client = try daemon.connect()
    try client.call("list.create", ["listID": 9, "name": "Imported"])
    try client.call("campaign.assignList", ["campaignID": "bench", "listID": 9, "toDial": true])
    let (id, _) = try ImportRun.read(file, list: 9, client)
    let dialler = Dialler(try daemon.connect(), leads: leads)
    let alone = try dialler.run(forSeconds: context.isQuick ? 0.2 : 4) { false }
    try client.send(ControlClient.line("import.commit", ["importID": id], id: 1))
    let state = try daemon.connect()
    let during = try dialler.run(forSeconds: 300) {
      try state.call("import.status", ["importID": id])["state"] == "committed"
    }
    daemon.stop()
    context.note(
      "alone \(Int(alone.rate))/s, longest \(Table.number(alone.longest)) ms; "
        + "during \(Int(during.rate))/s, longest \(Table.number(during.longest)) ms, commit \(Table.number(during.seconds)) s"
    )
    return [
      Row(
        "claims a second while \(rows) rows are committed", value: during.rate, unit: "/s", referenceName: "alone",
        reference: alone.rate, target: .ratioAtLeast(0.5),
        remark: "lead.dial, \(Dialler.window) on their way; the commit took \(Table.number(during.seconds)) s"),
      Row(
        "longest wait of a claim meanwhile", value: during.longest, unit: "ms", referenceName: "alone",
        reference: alone.longest, target: .atMost(50)),
    ]
  }
}
