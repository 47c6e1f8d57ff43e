import ControlProtocol
import DialerModel
import Testing

@testable import dialerctl

/// A value that a parameter of this type takes, and one more for where several must differ.
private func sample(_ type: ParameterType) -> JSON {
  switch type {
  case .text(let bytes): .string(String(repeating: "x", count: max(1, bytes.lowerBound)))
  case .identifier: "spring"
  case .statusCode: "NA"
  case .integer(let range): .integer(range.lowerBound)
  case .number(let range), .seconds(let range): JSON(range.upperBound)
  case .boolean: false
  case .instant: "2026-11-20T14:03:11.123Z"
  case .phone: "+61291234567"
  case .word(let words): .string(words[words.count - 1])
  case .object(let specs): .object(sampleObject(specs.filter(\.required) + specs.filter { !$0.required }.prefix(1)))
  case .map(let type, _): ["US-FL": sample(type)]
  case .array(let type, _): .array([sample(type)])
  case .filter: ["status": "NEW"]
  case .scalar, .json: 7
  case .either(let types): sample(types[0])
  }
}

private func sampleObject(_ specs: [ParameterSpec]) -> JSONObject {
  var object = JSONObject()
  for spec in specs { object[spec.name] = sample(spec.type) }
  return object
}

/// As a shell would hand the value over.
private func text(_ value: JSON) -> String {
  if let text = value.stringValue { return text }
  if let elements = value.arrayValue, elements.count == 1, let only = elements[0].stringValue { return only }
  return value.text
}

/// Each method with each of its parameters.
struct MethodAndParameter: CustomTestStringConvertible {
  let spec: MethodSpec
  let parameter: ParameterSpec?
  var testDescription: String { "\(spec.name) \(parameter?.name ?? "")" }

  static let all: [MethodAndParameter] = MethodTable.methods.flatMap { spec in
    [MethodAndParameter(spec: spec, parameter: nil)]
      + spec.parameters.map { MethodAndParameter(spec: spec, parameter: $0) }
  }

  /// This parameter, and what cannot be left out beside it.
  var params: JSONObject {
    var object = sampleObject(spec.parameters.filter { $0.required || $0.name == parameter?.name })
    for choice in spec.choices {
      if case .atMostOne = choice { continue }
      if choice.names.contains(where: { object[$0] != nil }) { continue }
      if let first = spec.parameter(choice.names[0]) { object[first.name] = sample(first.type) }
    }
    return object
  }
}

@Suite("Every method of the table")
struct EveryMethodTests {
  @Test("each parameter given as a flag makes params that the table takes", arguments: MethodAndParameter.all)
  func roundTrip(_ place: MethodAndParameter) throws {
    let expected = place.params
    let attached = expected.members.map { "--\($0.key)=\(text($0.value))" }
    let apart = expected.members.flatMap { ["--\(kebab($0.key))", text($0.value)] }
    for arguments in [
      CommandName.words(of: place.spec).split(separator: " ").map(String.init) + attached,
      [place.spec.name] + apart, [kebab(place.spec.name)] + attached,
    ] {
      guard case .call(let spec, let params, false) = try parsed(arguments).command else {
        Issue.record("no call")
        return
      }
      #expect(spec == place.spec)
      #expect(params.canonical == expected.canonical)
      _ = try Parameters(params, of: spec)
    }
  }

  @Test("the same params are taken as one object, as text and from standard input", arguments: MethodTable.methods)
  func wholeObject(spec: MethodSpec) throws {
    let expected = MethodAndParameter(spec: spec, parameter: nil).params
    let text = JSON.object(expected).text
    #expect(try params([spec.name, "--params", text]) == .object(expected))
    #expect(try params([spec.name, "--params", "-"], input: text) == .object(expected))
  }

  @Test("help of a method names every flag, its type and its default", arguments: MethodTable.methods)
  func help(spec: MethodSpec) throws {
    let words = CommandName.words(of: spec).split(separator: " ").map(String.init)
    let page = HelpText.text(.method(spec))
    for arguments in [words + ["--help"], ["help"] + words, ["help", spec.name], words + ["-h"]] {
      #expect(try parsed(arguments).command == .help(.method(spec)))
    }
    #expect(page.hasPrefix("Usage: dialerctl \(CommandName.words(of: spec))"))
    #expect(page.contains(spec.summary) && page.contains(spec.example.prettyText))
    for parameter in spec.parameters {
      let line = page.split(separator: "\n").first { $0.hasPrefix("  --\(parameter.name) ") }
      let row = try #require(line)
      #expect(row.contains(parameter.type.word) && row.contains(parameter.summary))
      #expect(row.contains(parameter.required ? "required" : parameter.standard.isEmpty ? " - " : parameter.standard))
    }
  }

  @Test("a null clears each field that may be cleared, and no other", arguments: MethodAndParameter.all)
  func clear(_ place: MethodAndParameter) throws {
    guard let parameter = place.parameter else { return }
    let others = place.params.members.filter { $0.key != parameter.name }.map { "--\($0.key)=\(text($0.value))" }
    let fault = parseFault([place.spec.name, "--clear", parameter.name] + others)
    if parameter.isNullable {
      #expect(fault == nil)
    } else {
      #expect(fault?.reason == "invalid-params")
    }
  }

  @Test("no name differs from another only by case or hyphens, and none is a flag of the program")
  func names() {
    #expect(Set(MethodTable.methods.map { FlagName.folded($0.name) }).count == MethodTable.methods.count)
    let own =
      (ClientOption.everywhere + ClientOption.ofCalls + ClientOption.ofPages + ClientOption.ofEvents
      + ClientOption.ofStatus).map { FlagName.folded($0.name) }
    for spec in MethodTable.methods {
      let names = spec.parameters.map { FlagName.folded($0.name) }
      #expect(Set(names).count == names.count)
      #expect(Set(names).isDisjoint(with: own))
    }
  }

  @Test("the program's help lists every method, every exit status and where the socket is looked for")
  func programHelp() {
    let host = FakeHost()
    #expect(run("--help", on: host) == 0)
    for spec in MethodTable.methods { #expect(host.output.contains("  \(CommandName.words(of: spec)) ")) }
    for row in ExitCode.table { #expect(host.output.contains("  \(row.code) \(row.reason) ")) }
    for word in ["--socket", "DIALERD_SOCKET", "DIALERD_CONFIG", SocketPath.standard] {
      #expect(host.output.contains(word))
    }
  }

  /// Groups that share their word with a command of this program show that command's help.
  private static let groupsAlone = CommandName.groups.filter { ClientTool(rawValue: $0) == nil }

  @Test("help of a group lists its methods and no others", arguments: groupsAlone)
  func groupHelp(group: String) throws {
    #expect(try parsed(["help", group]).command == .help(.group(group)))
    #expect(try parsed([group, "--help"]).command == .help(.group(group)))
    let page = HelpText.text(.group(group))
    for spec in MethodTable.methods {
      let isListed = page.contains("  \(CommandName.words(of: spec)) ")
      #expect(isListed == (CommandName.group(of: spec) == group))
    }
  }
}

private func kebab(_ name: String) -> String {
  name.reduce(into: "") { $0 += $1.isUppercase ? "-\($1.lowercased())" : String($1) }
}
