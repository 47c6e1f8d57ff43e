import DialerModel

/// One call of a method.
public struct Request: Sendable, Hashable {
  /// Nil for a notification: it is carried out, and nothing is answered, not even an error.
  public let id: RequestID?
  public let method: String
  public let params: JSONObject

  public init(id: RequestID?, method: String, params: JSONObject = [:]) {
    self.id = id
    self.method = method
    self.params = params
  }
}

/// What one place of a message holds: a request, or something that is answered with an error.
public enum Call: Sendable, Hashable {
  case request(Request)
  case fault(RequestError, id: RequestID)
}

/// What a client sends in one line: a request, or a batch of them.
public enum Message: Sendable, Hashable {
  case single(Call)
  /// 1 to ``maximumBatch`` calls.
  case batch([Call])

  /// How many calls a batch holds at most; a larger one is refused whole.
  public static let maximumBatch = 1000
  /// The longest line, without its end, in bytes (1 MiB), unless the configuration says otherwise.
  public static let standardMaximumLineBytes = 1 << 20

  /// Reads one line without its `\n`. What is wrong with it stands in the message, ready to be answered.
  public init(parsing line: UnsafeBufferPointer<UInt8>) {
    do throws(JSONFault) {
      self.init(try JSON(parsing: line))
    } catch {
      self = .single(.fault(.parseError(error), id: .null))
    }
  }

  public init(parsing line: ArraySlice<UInt8>) {
    self = line.withUnsafeBufferPointer { Message(parsing: $0) }
  }

  public init(parsing line: [UInt8]) { self = line.withUnsafeBufferPointer { Message(parsing: $0) } }

  public init(_ json: JSON) {
    guard case .array(let elements) = json else {
      self = .single(Call(json))
      return
    }
    if elements.isEmpty {
      self = .single(
        .fault(
          .invalidRequest("A batch holds at least one call.", accepted: ["1 to \(Self.maximumBatch) calls"]), id: .null)
      )
    } else if elements.count > Self.maximumBatch {
      self = .single(.fault(.tooLarge("the calls of a batch", maximum: Self.maximumBatch), id: .null))
    } else {
      self = .batch(elements.map { Call($0) })
    }
  }
}

extension Call {
  private static let members = ["jsonrpc", "id", "method", "params"]

  /// Checks that the value is a request by JSON-RPC 2.0. A member that it does not know is refused, because a `dryRun`
  /// that stands beside `params` instead of in it would be overlooked.
  init(_ json: JSON) {
    guard let object = json.objectValue else {
      self = .fault(.invalidRequest("A request is an object.", value: json, accepted: ["an object"]), id: .null)
      return
    }
    let given = object["id"]
    let id = given.map { RequestID($0) } ?? nil
    do throws(RequestError) {
      if let given, id == nil {
        throw .invalidRequest(
          "An id is text, an integer or null.", field: "id", value: given, accepted: ["text", "an integer", "null"])
      }
      self = .request(Request(id: id, method: try Self.method(of: object), params: try Self.params(of: object)))
    } catch {
      self = .fault(error, id: id ?? .null)
    }
  }

  private static func method(of object: JSONObject) throws(RequestError) -> String {
    guard object["jsonrpc"] == "2.0" else {
      throw .invalidRequest("The version is missing.", field: "jsonrpc", value: object["jsonrpc"], accepted: ["2.0"])
    }
    for member in object.members where !members.contains(member.key) {
      throw .invalidRequest(
        "A request has no member of this name; parameters stand in params.",
        field: RequestError.shortened(member.key), value: member.value, accepted: members)
    }
    guard let method = object["method"]?.stringValue else {
      throw .invalidRequest(
        "A request names its method.", field: "method", value: object["method"], accepted: ["the name of a method"])
    }
    return method
  }

  private static func params(of object: JSONObject) throws(RequestError) -> JSONObject {
    switch object["params"] {
    case nil, .null?: return [:]
    case .object(let params)?: return params
    case .array(let elements)?:
      throw .invalidParams(
        field: "params", value: .array(elements), accepted: ["an object of named parameters"],
        message: "Parameters are given by name, not by position.")
    case let other?:
      throw .invalidRequest(
        "The params are an object.", field: "params", value: other, accepted: ["an object of named parameters"])
    }
  }
}
