import ControlProtocol
import DialerModel

/// One method called, and its result printed; or every page of it.
struct CallCommand {
  let spec: MethodSpec
  var params: JSONObject
  let output: Invocation.Output

  mutating func run(
    _ session: DaemonSession, everyPage: Bool, on host: some ClientHost
  ) throws(ClientError) {
    var text = ResultText(method: spec.name, columns: host.screen?.columns)
    while true {
      let result = try session.call(spec.name, params)
      let next = everyPage ? result["nextCursor"]?.stringValue : nil
      switch output {
      case .json: host.write(result.text + "\n")
      case .prettyJSON: host.write(result.prettyText + "\n")
      case .people: host.write(text.page(next == nil ? result : Self.withoutCursor(result)))
      }
      guard let next else { return }
      guard params["cursor"]?.stringValue != next else {
        throw .unreadableAnswer("The daemon names the same page again as the next one.")
      }
      params["cursor"] = .string(next)
    }
  }

  private static func withoutCursor(_ result: JSON) -> JSON {
    var object = result.objectValue ?? [:]
    object["nextCursor"] = nil
    return .object(object)
  }
}
