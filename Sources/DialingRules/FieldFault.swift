/// One thing that is wrong in what a client sent.
public struct FieldFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where: `regions.US-FL.weekly.monday[0]`; empty for the whole.
  public var path: String
  /// The value that stands there, shortened; nil when it is missing.
  public var value: String?
  /// What would be accepted there.
  public var accepted: String

  public init(path: String, value: String?, accepted: String) {
    self.path = path
    self.value = value
    self.accepted = accepted
  }

  /// One sentence for a person.
  public var message: String {
    let place = path.isEmpty ? "The value" : path
    return value.map { "\(place) is \($0), but \(accepted) is accepted." } ?? "\(place) is missing: \(accepted)."
  }
  public var description: String { message }
}

/// Everything that is wrong, in the order in which it stands.
public struct FieldFaults: Error, Hashable, Sendable, CustomStringConvertible {
  public var faults: [FieldFault]
  public init(_ faults: [FieldFault]) { self.faults = faults }
  public var description: String { faults.map(\.message).joined(separator: " ") }
}
