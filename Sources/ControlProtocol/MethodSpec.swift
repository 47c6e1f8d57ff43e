import DialerModel

/// A part of the table of methods.
public enum MethodGroup: String, Sendable, Hashable, CaseIterable {
  case daemon, campaign, list, strategy, callingHours, lead, imports, call, agent, dnc, report, evidence, event

  public var title: String {
    switch self {
    case .daemon: "The daemon"
    case .campaign: "Campaigns"
    case .list: "Lists"
    case .strategy: "Strategies"
    case .callingHours: "Calling hours"
    case .lead: "Leads"
    case .imports: "Imports"
    case .call: "Calls"
    case .agent: "Agents"
    case .dnc: "Do not call"
    case .report: "Reports"
    case .evidence: "Evidence"
    case .event: "Events"
    }
  }
}

/// Which parameters stand for each other.
public enum ParameterChoice: Sendable, Hashable {
  case exactlyOne([String])
  case atLeastOne([String])
  case atMostOne([String])

  public var names: [String] {
    switch self {
    case .exactlyOne(let names), .atLeastOne(let names), .atMostOne(let names): names
    }
  }

  /// One sentence for a person.
  public var sentence: String {
    switch self {
    case .exactlyOne(let names): "Give exactly one of \(names.joined(separator: ", "))."
    case .atLeastOne(let names): "Give at least one of \(names.joined(separator: ", "))."
    case .atMostOne(let names): "Give at most one of \(names.joined(separator: ", "))."
    }
  }

  func isMet(by count: Int) -> Bool {
    switch self {
    case .exactlyOne: count == 1
    case .atLeastOne: count >= 1
    case .atMostOne: count <= 1
    }
  }
}

/// One method as the contract has it: what the dispatcher checks, what help prints, what `rpc.discover` answers.
public final class MethodSpec: Sendable {
  public let name: String
  public let group: MethodGroup
  /// One sentence.
  public let summary: String
  public let parameters: [ParameterSpec]
  public let choices: [ParameterChoice]
  /// What the result is, in a few words.
  public let result: String
  /// An example of the result, as JSON text: it is read only when somebody asks for it.
  let exampleText: String
  /// The least role that may call it.
  public let role: Role
  /// Whether it changes something: then `requestID` and `dryRun` are accepted, and the answer waits for the disk.
  public let changes: Bool
  /// Whether some parameter needs more of the peer than the method does.
  let hasGuardedParameter: Bool
  /// Reasons of its own, beside those that follow from its parameters.
  let ownReasons: [ErrorReason]

  init(
    _ name: String, _ group: MethodGroup, role: Role, changes: Bool = false, _ summary: String,
    parameters: [ParameterSpec] = [], choices: [ParameterChoice] = [], result: String, example: String,
    reasons: [ErrorReason] = []
  ) {
    self.name = name
    self.group = group
    self.role = role
    self.changes = changes
    self.summary = summary
    self.parameters = changes ? parameters + Self.ofEveryChange : parameters
    self.choices = choices
    self.result = result
    exampleText = example
    hasGuardedParameter = parameters.contains { $0.role != nil }
    ownReasons = reasons
  }

  /// The longest `requestID`, in bytes of UTF-8.
  public static let maximumRequestIDBytes = 64

  static let ofEveryChange = [
    ParameterSpec(
      "requestID", .text(bytes: 1...maximumRequestIDBytes),
      "The same one again within 24 hours gets the first answer, a refusal too, and changes nothing; after busy or "
        + "unavailable the request is made anew."),
    ParameterSpec("dryRun", .boolean, standard: "false", "Says what would happen, and changes nothing."),
  ]

  /// An example of the result; null if the table holds no JSON there, which its test excludes.
  public var example: JSON { (try? JSON(parsing: exampleText)) ?? .null }

  public func parameter(_ name: String) -> ParameterSpec? { parameters.first { $0.name == name } }

  /// The reasons for which it may be answered with an error, in the order of the page.
  public var reasons: [ErrorReason] {
    var reasons: Set<ErrorReason> = [.invalidParams, .internalError, .notPermitted, .unavailable]
    reasons.formUnion(ownReasons)
    if changes { reasons.formUnion([.conflict, .busy]) }
    if parameters.contains(where: { $0.name.hasSuffix("ID") && $0.name != "requestID" }) { reasons.insert(.notFound) }
    if choices.contains(where: { $0.names.contains("vendorLeadCode") }) { reasons.insert(.ambiguous) }
    return ErrorReason.allCases.filter { reasons.contains($0) }
  }
}
