import ControlProtocol

/// Where a flag's value goes: a parameter, or with dots in the name a member of an object in it (`--filter.leadID`,
/// `--custom.colour`).
struct ParameterPlace {
  /// The names as the table, or the client, spells them.
  let path: [String]
  let type: ParameterType
  let isNullable: Bool
  /// `--no-NAME`, of a boolean.
  let isNegated: Bool

  var field: String { path.joined(separator: ".") }

  /// Nil when the method takes nothing of this name.
  init?(_ flag: Substring, in spec: MethodSpec) {
    let parts = flag.split(separator: ".", omittingEmptySubsequences: false)
    if let found = Self.place(parts, among: spec.parameters) {
      (path, type, isNullable) = found
      isNegated = false
      return
    }
    guard flag.hasPrefix("no-"), let found = Self.place([flag.dropFirst(3)], among: spec.parameters),
      case .boolean = found.type
    else { return nil }
    (path, type, isNullable) = found
    isNegated = true
  }

  private typealias Found = (path: [String], type: ParameterType, isNullable: Bool)

  private static func place(_ parts: [Substring], among specs: [ParameterSpec]) -> Found? {
    guard let first = parts.first,
      let spec = specs.first(where: { FlagName.folded($0.name) == FlagName.folded(first) })
    else { return nil }
    guard parts.count > 1 else { return ([spec.name], spec.type, spec.isNullable) }
    switch spec.type {
    case .object(let members):
      guard var found = place(Array(parts.dropFirst()), among: members) else { return nil }
      found.path.insert(spec.name, at: 0)
      return found
    case .map(let type, _):
      // A client's own names may hold dots, case and hyphens that count.
      let key = parts.dropFirst().joined(separator: ".")
      return key.isEmpty ? nil : ([spec.name, key], type, type.isScalar)
    default: return nil
    }
  }
}

extension ParameterType {
  /// Any one value, null among them.
  fileprivate var isScalar: Bool {
    switch self {
    case .scalar, .json: true
    default: false
    }
  }
}
