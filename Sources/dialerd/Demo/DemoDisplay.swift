import DialerModel

/// What the demonstration shows: a line for each call that ends, and now and then how the lists stand and why the rest
/// waits.
final class DemoDisplay {
  private static let secondsBetweenBlocks = 5
  private let socket: String
  private let log: String
  private var names: [Int64: String] = [101: "Fresh", 102: "Aged", 103: "Referral"]
  private var seconds = 0
  private var phones: [AttemptID: String] = [:]
  var lists: [JSON] = []
  var why: JSON = .null

  init(socket: String, log: String) {
    self.socket = socket
    self.log = log
  }

  func begin(leads: Int) {
    Output.line("dialerd demonstration: \(leads) sample leads, three lists weighted 70 : 30 : 100, simulated carrier.")
    Output.line("Calls go out from 9:00 to 20:00 of each lead's own time zone.")
    Output.line("In another terminal:  dialerctl --socket \(socket) status --watch")
    Output.line("Log: \(log)    Stop: Ctrl-C")
    Output.line("")
  }

  func note(_ text: String) { Output.line("* \(text)") }

  func show(_ events: [JournalEvent]) {
    for event in events {
      switch event.type {
      case .attemptEnded: ended(event)
      case .attemptConnected:
        let agent = member("agentID", event) ?? ""
        Output.line("\(clock(event.at))  connected  \(who(event))  to \(agent)")
      case .campaignState: note("campaign \(event.campaignID?.rawValue ?? "") is \(member("state", event) ?? "")")
      case .trunkState: note("trunk \(member("trunk", event) ?? "") is \(member("state", event) ?? "")")
      default: break
      }
    }
  }

  private func ended(_ event: JournalEvent) {
    let outcome = member("outcome", event) ?? ""
    let list = event.listID.flatMap { names[Int64($0.rawValue)] } ?? ""
    let phone = member("phone", event) ?? ""
    Output.line("\(clock(event.at))  \(pad(outcome, 12)) \(who(event))  \(pad(phone, 16)) list \(list)")
  }

  private func who(_ event: JournalEvent) -> String { pad(event.vendorLeadCode ?? "", 11) }

  /// Each few seconds.
  func status(_ status: JSON, at now: Instant) {
    seconds += 1
    guard seconds % Self.secondsBetweenBlocks == 1, !lists.isEmpty else { return }
    Output.line("")
    Output.line("\(clock(now))  \(number(status, "liveCalls")) live calls, event \(number(status, "lastEvent"))")
    Output.line("  list       weight  dialled  of all   dialable  outside hours  waiting")
    let dialled = lists.reduce(0) { $0 + ($1["dialled"]?.integerValue ?? 0) }
    for list in lists {
      let own = list["dialled"]?.integerValue ?? 0
      let percent = dialled > 0 ? Double(own) * 100 / Double(dialled) : 0
      let share = "\((percent * 10).rounded() / 10) %"
      Output.line(
        "  \(pad(list["name"]?.stringValue ?? "", 10)) \(left(number(list, "weight"), 6)) \(left(String(own), 8)) "
          + "\(left(share, 8)) \(left(number(list, "dialableNow"), 9)) \(left(number(list, "outsideHours"), 14)) "
          + "\(left(number(list, "waiting"), 8))")
    }
    for bucket in why["byFirstGate"]?.arrayValue ?? [] {
      let next = bucket["nextAt"]?.stringValue.map { ", the next at \($0)" } ?? ""
      Output.line("  \(number(bucket, "leads")) leads wait: \(bucket["gate"]?.stringValue ?? "")\(next)")
    }
    Output.line("")
  }

  private func clock(_ at: Instant) -> String { String(at.description.dropFirst(11).prefix(8)) }

  private func number(_ json: JSON, _ key: String) -> String { json[key]?.integerValue.map { String($0) } ?? "-" }

  private func member(_ key: String, _ event: JournalEvent) -> String? {
    (try? JSON(parsing: [UInt8(ascii: "{")] + event.members + [UInt8(ascii: "}")]))?[key]?.stringValue
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func left(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
