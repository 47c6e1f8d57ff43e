import DialerModel

/// What `dialerctl import` is asked for.
struct ImportRequest: Sendable, Hashable {
  enum Source: Sendable, Hashable {
    /// A file on this machine.
    case file(String)
    /// A file in one of the directories that the daemon's configuration names: it reads it itself.
    case path
  }

  enum Kind: Sendable, Hashable { case leads, numbers }

  var kind = Kind.leads
  var source: Source
  /// An import that is open already.
  var resumed: String?
  /// The parameters that a new one is opened with.
  var parameters: JSONObject
  /// Commits without asking.
  var isConfirmed: Bool

  /// - Parameters:
  ///   - given: what stands behind each flag.
  ///   - file: the word that is no flag.
  init(_ given: [String: [String]], file: String?) throws(ClientError) {
    for (flag, values) in given where values.count > 1 && flag != "mapping" {
      throw .usage("--\(flag) is given twice.")
    }
    func only(_ flag: String) -> String? { given[flag]?.first }
    resumed = only("resume")
    isConfirmed = given["yes"] != nil
    parameters = [:]
    switch (file, only("path")) {
    case (let file?, nil): source = .file(file)
    case (nil, let path?):
      source = .path
      parameters["path"] = .string(path)
    case (nil, nil) where resumed != nil: source = .path
    case (nil, nil): throw .usage("import needs a FILE; dialerctl help import says what else it takes.")
    default: throw .usage("import takes a FILE of this machine or a --path of the daemon's, not both.")
    }
    try setParameters(given, only("list"))
    for (flag, name) in [
      ("template", "template"), ("match", "match"), ("scope", "scope"), ("on-match", "onMatch"), ("region", "region"),
      ("delimiter", "delimiter"),
    ] {
      parameters.append(name, ifPresent: only(flag).map { .string($0) })
    }
    if resumed != nil, let extra = given.keys.sorted().first(where: { $0 != "resume" && $0 != "yes" }) {
      throw .usage("--\(extra) has no place with --resume: the import was opened with what it has.")
    }
  }

  /// `dnc import`: nothing is asked, because a number that is not called does no harm.
  init(numbers parameters: JSONObject, file: String?, resumed: String?) throws(ClientError) {
    kind = .numbers
    isConfirmed = true
    self.parameters = parameters
    self.resumed = resumed
    guard file == nil || parameters["path"] == nil else {
      throw .usage("dnc import takes a FILE of this machine or a --path of the daemon's, not both.")
    }
    guard resumed == nil || parameters.isEmpty else {
      throw .usage("With --resume nothing else is said: the import was opened with what it has.")
    }
    source = file.map { .file($0) } ?? .path
  }

  private mutating func setParameters(_ given: [String: [String]], _ list: String?) throws(ClientError) {
    if let list {
      guard let number = Int64(list), number > 0 else {
        throw .invalid(
          flag: "--list", field: "listID", value: .string(list), accepted: ["the number of a list"],
          "This is not the number of a list.")
      }
      parameters["listID"] = .integer(number)
    } else if resumed == nil {
      throw .usage("import needs --list N: the list that the leads come into.")
    }
    if given["no-header"] != nil { parameters["header"] = false }
    var mapping = JSONObject()
    for text in given["mapping"] ?? [] {
      guard let equals = text.lastIndex(of: "="), equals > text.startIndex, text.index(after: equals) < text.endIndex
      else {
        throw .invalid(
          flag: "--mapping", field: "mapping", value: .string(text), accepted: ["COLUMN=FIELD, such as Mobile=phone1"],
          "A mapping is a column, an equals sign and a field.")
      }
      let column = String(text[..<equals])
      let field = JSON.string(String(text[text.index(after: equals)...]))
      mapping[column] = mapping[column].map { FlagValue.joined($0, field) } ?? field
    }
    if !mapping.isEmpty { parameters["mapping"] = .object(mapping) }
  }
}
