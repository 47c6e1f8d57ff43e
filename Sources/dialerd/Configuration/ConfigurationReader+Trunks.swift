import DialerModel
import Telephony

extension ConfigurationReader {
  private static let maximumTrunks = 64

  mutating func readTrunks(_ file: Section, _ trunks: inout [Configuration.Trunk]) {
    guard let value = file.members["trunks"] else { return }
    guard case .array(let elements) = value.content, elements.count <= Self.maximumTrunks else {
      let accepted = "an array of at most \(Self.maximumTrunks) trunks"
      return fault(offset: value.offset, "trunks", value.shown, "is not accepted", accepted: accepted)
    }
    trunks = []
    for (index, element) in elements.enumerated() {
      let trunk = trunk(element, path: "trunks[\(index)]")
      if trunks.contains(where: { $0.name == trunk.name }), case .object = element.content {
        fault(
          "trunks[\(index)].name", default: trunk.name, "is the name of another trunk", accepted: "a name of its own")
      }
      trunks.append(trunk)
    }
  }

  private mutating func trunk(_ value: JSON5Value, path: String) -> Configuration.Trunk {
    var trunk = Configuration.Trunk()
    let section = section(
      value, path: path, keys: ["name", "kind", "maximumCalls", "callsPerSecond", "simulator"])
    text(
      "name", in: section, into: &trunk.name, accepted: "1 to 64 letters, digits, -, _ and ."
    ) { $0.utf8.count <= 64 && $0.utf8.allSatisfy(Self.isNameByte) }
    readKind(section, &trunk.kind)
    integer("maximumCalls", in: section, into: &trunk.maximumCalls, 1...100_000)
    number("callsPerSecond", in: section, into: &trunk.callsPerSecond, accepted: "a number, 0.01 to 10000") {
      (0.01...10_000).contains($0)
    }
    readSimulator(section, &trunk.simulator)
    if case .object = value.content {
      for key in ["name", "kind"] where section.members[key] == nil {
        fault(
          offset: value.offset, section.path(of: key), nil, "is missing", accepted: "every trunk has a name and a kind")
      }
    }
    return trunk
  }

  private mutating func readKind(_ section: Section, _ kind: inout Configuration.Trunk.Kind) {
    guard let value = value("kind", in: section) else { return }
    let path = section.path(of: "kind")
    guard case .text(let word) = value.content else {
      return fault(offset: value.offset, path, value.shown, "is not accepted", accepted: "\"simulator\"")
    }
    if let known = Configuration.Trunk.Kind(rawValue: word) {
      kind = known
    } else if word == "asterisk" || word == "freeswitch" {
      fault(
        offset: value.offset, path, value.shown, "is not built yet: it comes with its own release; use simulator",
        accepted: "\"simulator\"")
    } else {
      fault(offset: value.offset, path, value.shown, "is no kind of trunk", accepted: "\"simulator\"")
    }
  }

  private mutating func readSimulator(_ trunk: Section, _ simulator: inout Configuration.Simulator) {
    let section = section("simulator", in: trunk, keys: ["seed", "speed", "outcomes", "agents", "dialLog"])
    read("seed", in: section, into: &simulator.seed, accepted: "a whole number, 0 to \(Int64.max)") { content in
      if case .integer(let number) = content { UInt64(exactly: number) } else { nil }
    }
    number("speed", in: section, into: &simulator.speed, accepted: "a number above 0, at most 1000000") {
      $0 > 0 && $0 <= 1_000_000
    }
    readOutcomes(section, &simulator.outcomes)
    integer("agents", in: section, into: &simulator.agents, 0...100_000)
    optionalText("dialLog", in: section, into: &simulator.dialLog, accepted: "the path of a file")
  }

  private mutating func readOutcomes(_ simulator: Section, _ outcomes: inout Configuration.Simulator.Outcomes) {
    guard let value = value("outcomes", in: simulator) else { return }
    let path = simulator.path(of: "outcomes")
    let words = OutcomeMix.outcomes.map(\.word)
    if case .text("by-last-digit") = value.content {
      outcomes = .byLastDigit
      return
    }
    guard case .object = value.content else {
      let accepted = "\"by-last-digit\", or weights for \(words.joined(separator: ", "))"
      return fault(offset: value.offset, path, value.shown, "is not accepted", accepted: accepted)
    }
    let section = section(value, path: path, keys: words)
    var weights: [String: Double] = [:]
    var isFaulty = false
    for word in section.keys {
      guard let weight = section.members[word] else { continue }
      if let number = Self.number(weight.content), (0...1_000_000).contains(number) {
        weights[word] = number
      } else {
        isFaulty = true
        let accepted = "a weight, 0 to 1000000"
        fault(offset: weight.offset, section.path(of: word), weight.shown, "is not accepted", accepted: accepted)
      }
    }
    if !isFaulty, !weights.values.contains(where: { $0 > 0 }) {
      fault(offset: value.offset, path, value.shown, "has no weight above 0", accepted: "one weight above 0 at least")
    }
    outcomes = .mix(weights)
  }
}
