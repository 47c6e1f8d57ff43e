/// Why a request is answered with an error: the stable word to program against. The page "The control protocol",
/// section "Errors", is where codes and words come from.
public enum ErrorReason: String, Sendable, Hashable, CaseIterable {
  case parseError = "parse-error"
  case invalidRequest = "invalid-request"
  case unknownMethod = "unknown-method"
  case invalidParams = "invalid-params"
  case internalError = "internal-error"
  case notFound = "not-found"
  case alreadyExists = "already-exists"
  case conflict
  case refused
  case notPermitted = "not-permitted"
  case tooLarge = "too-large"
  case busy
  case unavailable
  case ambiguous

  /// The codes from -32768 to -32000 are JSON-RPC's; those of the daemon lie in the part left to servers.
  public var code: Int64 {
    switch self {
    case .parseError: -32700
    case .invalidRequest: -32600
    case .unknownMethod: -32601
    case .invalidParams: -32602
    case .internalError: -32603
    case .notFound: -32001
    case .alreadyExists: -32002
    case .conflict: -32003
    case .refused: -32004
    case .notPermitted: -32005
    case .tooLarge: -32006
    case .busy: -32007
    case .unavailable: -32008
    case .ambiguous: -32009
    }
  }

  /// Whether the same request would be refused again as things stood: such an answer is remembered under its `requestID`
  /// like a result. `busy` and `unavailable` invite to try again, a role may be changed, and an internal error is nothing
  /// to hold on to: the same `requestID` is then carried out anew. What never reached the engine is not remembered
  /// either.
  public var isRemembered: Bool {
    switch self {
    case .invalidParams, .notFound, .alreadyExists, .conflict, .refused, .tooLarge, .ambiguous: true
    case .parseError, .invalidRequest, .unknownMethod, .internalError, .notPermitted, .busy, .unavailable: false
    }
  }

  /// What it means, for the description of the daemon's errors.
  public var summary: String {
    switch self {
    case .parseError: "The line is not JSON."
    case .invalidRequest: "The JSON is not a request."
    case .unknownMethod: "There is no such method."
    case .invalidParams: "A parameter is missing, unknown or not as it must be."
    case .internalError: "The daemon failed; its log says why."
    case .notFound: "What the request names is not there."
    case .alreadyExists: "What the request would make is there already."
    case .conflict: "The request does not go with how things are now."
    case .refused: "A rule forbids the dial."
    case .notPermitted: "The role of the peer may not do this."
    case .tooLarge: "The request is larger than a limit."
    case .busy: "A named limit is reached; try again."
    case .unavailable: "The daemon cannot do this now."
    case .ambiguous: "The vendor lead code stands in several lists."
    }
  }
}
