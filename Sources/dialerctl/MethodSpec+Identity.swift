import ControlProtocol

/// A method is known by its name, which stands in the table once.
extension MethodSpec: Hashable {
  public static func == (left: MethodSpec, right: MethodSpec) -> Bool { left.name == right.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension MethodSpec {
  /// `dnc import FILE` sends the file as well: a word behind it that is no flag is its file.
  var isNumberImport: Bool { name == "dnc.import" }
}
