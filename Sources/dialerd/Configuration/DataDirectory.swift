/// Where the number plan and the zones of number prefixes are.
enum DataDirectory {
  static let numberingPlan = "numbering-plan.json"
  static let phoneTimeZones = "phone-timezones.json"

  /// The directories to look in, the first that holds both files is the one: what the configuration names, and only
  /// that; else beside the configuration, then where an installation has it, then the `Config` of a source tree that
  /// the program was built in.
  ///
  /// - Parameters:
  ///   - configured: absolute; nil when the configuration leaves it open.
  ///   - file: the configuration's path, absolute; nil when there is none.
  ///   - executable: the program's path, absolute.
  static func candidates(configured: String?, file: String?, executable: String) -> [String] {
    if let configured { return [configured] }
    var candidates: [String] = []
    if let file { candidates.append(parent(of: file)) }
    var folder = parent(of: executable)
    candidates.append(join(parent(of: folder), "share/dialerd"))
    while true {
      candidates.append(join(folder, "Config"))
      if folder == "/" || folder.isEmpty { return candidates }
      folder = parent(of: folder)
    }
  }

  /// - Returns: nil when none of the candidates holds both files.
  static func find(among candidates: [String], kind: (String) -> Surroundings.PathKind?) -> String? {
    candidates.first { directory in
      [numberingPlan, phoneTimeZones].allSatisfy { kind(join(directory, $0)) == .other }
    }
  }

  /// The directory that holds what an absolute path names; `/` holds itself.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
  }

  static func join(_ directory: String, _ name: String) -> String {
    directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
  }
}
