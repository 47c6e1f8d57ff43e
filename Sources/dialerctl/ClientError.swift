import ControlProtocol
import DaemonSystem
import DialerModel

/// Why the program ends without having done what it was asked: found here, or answered by the daemon. Both look the same
/// to a script: a reason word, a message and details.
struct ClientError: Error, Hashable {
  let reason: String
  /// One or two sentences for a person.
  let message: String
  /// What else a program can use; `field`, `value` and `accepted` where they apply.
  var details: JSONObject
  /// The code of JSON-RPC; nil where the daemon was not asked.
  let code: Int64?

  init(_ reason: String, _ message: String, details: JSONObject = [:], code: Int64? = nil) {
    self.reason = reason
    self.message = message
    self.details = details
    self.code = code
  }

  var exitCode: Int32 { ExitCode.code(of: reason) }

  /// As the control protocol writes an error, so that a script reads one shape.
  var json: JSON {
    var data: JSONObject = ["reason": .string(reason)]
    for member in details.members { data[member.key] = member.value }
    var object = JSONObject()
    object.append("code", ifPresent: code.map { .integer($0) })
    object.append("message", .string(message))
    object.append("data", .object(data))
    return .object(object)
  }
}

extension ClientError {
  /// Nil when it is not shaped like an error of the protocol.
  init?(answer: JSON) {
    guard let reason = answer["data"]?["reason"]?.stringValue, let message = answer["message"]?.stringValue else {
      return nil
    }
    var details = answer["data"]?.objectValue ?? [:]
    details["reason"] = nil
    self.init(reason, message, details: details, code: answer["code"]?.integerValue)
  }

  /// The command line is wrong.
  static func usage(_ message: String, accepted: [String] = []) -> ClientError {
    ClientError("usage", message, details: accepted.isEmpty ? [:] : ["accepted": JSON(accepted)])
  }

  /// A value that the table of methods does not take, found before anything was sent.
  static func invalid(flag: String, field: String, value: JSON?, accepted: [String], _ message: String) -> ClientError {
    var details: JSONObject = ["flag": .string(flag), "field": .string(field)]
    details.append("value", ifPresent: value.map { RequestError.shortened($0) })
    if !accepted.isEmpty { details.append("accepted", JSON(accepted)) }
    return ClientError("invalid-params", "\(flag): \(message)", details: details)
  }

  static func unreadableAnswer(_ message: String) -> ClientError { ClientError("unreadable-answer", message) }

  /// - Parameter asked: whether a request may have reached the daemon.
  init(_ error: SystemError, socket: String, asked: Bool) {
    let socketDetail: JSONObject = ["socket": .string(socket), "problem": .string(error.description)]
    if asked {
      let doubt = "Whether it was carried out is not known; with the same --requestID it can be sent again safely."
      if error.isTimeout {
        self.init("timeout", "No answer came in time. \(doubt)", details: socketDetail)
      } else {
        self.init("connection-lost", "The connection was lost. \(doubt)", details: socketDetail)
      }
    } else if error.isPermissionDenied {
      self.init("not-permitted", "The socket may not be used by this user.", details: socketDetail)
    } else {
      self.init("no-daemon", "No daemon answers on \(socket).", details: socketDetail)
    }
  }
}
