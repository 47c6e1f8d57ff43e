import DialerModel

/// One thing that is wrong with a configuration.
struct ConfigurationFault: Sendable, Hashable, CustomStringConvertible {
  /// Nil when the file is not at fault in one place: it cannot be read, or a default does not hold on this machine.
  var position: SourceText.Position?
  /// Such as `trunks[0].simulator.speed`; empty for the file as a whole.
  var keyPath: String
  /// As it is written, shortened; nil where nothing is written.
  var value: String?
  var problem: String
  /// What would be accepted instead; nil where the problem says it.
  var accepted: String?

  /// `line:column: key path: value: problem; accepted: …`, each part only where there is one.
  var description: String {
    var text = ""
    if let position { text += "\(position.line):\(position.column): " }
    if !keyPath.isEmpty { text += "\(keyPath): " }
    if let value { text += "\(value) " }
    text += problem
    if let accepted { text += "; accepted: \(accepted)" }
    return text
  }
}

/// Why a configuration cannot be used: every fault, in the order of the file, those without a line first.
struct ConfigurationFaults: Error, Sendable, Hashable, CustomStringConvertible {
  /// The path as it was given.
  var file: String
  /// Never empty; at most ``ConfigurationReader/maximumFaults``.
  var faults: [ConfigurationFault]
  /// Found beyond that.
  var further = 0

  /// One line for each fault, as compilers write them: `dialerd.json5:12:9: …`.
  var lines: [String] {
    var lines = faults.map { fault in
      let text = fault.description
      return fault.position == nil ? "\(file): \(text)" : "\(file):\(text)"
    }
    if further > 0 { lines.append("\(file): \(further) more faults") }
    return lines
  }

  var description: String { lines.joined(separator: "\n") }
}
