import ControlProtocol
import DialerModel

/// One method called, and its result printed; or every page of it.
struct CallCommand {
  let spec: MethodSpec
  var params: JSONObject
  let output: Invocation.Output

  /// The status to exit with.
  mutating func run(
    _ session: DaemonSession, everyPage: Bool, on host: some ClientHost
  ) throws(ClientError) -> Int32 {
    var text = ResultText(method: spec.name, columns: host.screen?.columns)
    while true {
      let result = try session.call(spec.name, params)
      let isFile = ResultText.file(result, of: spec.name) != nil
      let next = everyPage || isFile ? result["nextCursor"]?.stringValue : nil
      switch output {
      case .json: host.write(result.text + "\n")
      case .prettyJSON: host.write(result.prettyText + "\n")
      case .people: host.write(text.page(next == nil ? result : Self.withoutCursor(result)))
      }
      guard let next else { return Self.status(of: result) }
      guard params["cursor"]?.stringValue != next else {
        throw .unreadableAnswer("The daemon names the same page again as the next one.")
      }
      params["cursor"] = .string(next)
    }
  }

  /// Some answers are not errors, and still not what was asked for.
  private static func status(of result: JSON) -> Int32 {
    if result["fits"]?.boolValue == false { return ExitCode.untrue }
    if result["reloaded"] != nil, result["faults"]?.arrayValue?.isEmpty == false { return ExitCode.code(of: "config") }
    return ExitCode.success
  }

  private static func withoutCursor(_ result: JSON) -> JSON {
    var object = result.objectValue ?? [:]
    object["nextCursor"] = nil
    return .object(object)
  }
}
