import ControlProtocol
import DialerModel

/// Reads a command line. It asks the table of methods what each command takes, and checks the values against it before
/// anything is sent.
struct InvocationParser {
  private var arguments: ArraySlice<String>
  /// Reads all of standard input, for `--params -`.
  private let readInput: () throws(ClientError) -> [UInt8]

  private var invocation = Invocation()
  private var words: [String] = []
  private var meaning: CommandName.Meaning?
  private var flags = ParameterFlags()
  private var everyPage = false
  private var follows = false
  private var interval: Interval?
  /// What the flags of a tool were given, and its file.
  private var given: [String: [String]] = [:]
  private var file: String?
  private var rules = RulesFlags()

  /// How often `status --watch` looks when it is not told: often enough to see a campaign start, seldom enough to cost the
  /// daemon nothing.
  static let standardWatchInterval = Interval.seconds(2)

  /// - Parameter arguments: without the program's name.
  static func parse(
    _ arguments: [String], readInput: @escaping () throws(ClientError) -> [UInt8]
  ) throws(ClientError) -> Invocation {
    var parser = InvocationParser(arguments: arguments[...], readInput: readInput)
    return try parser.parse()
  }

  private init(arguments: ArraySlice<String>, readInput: @escaping () throws(ClientError) -> [UInt8]) {
    self.arguments = arguments
    self.readInput = readInput
  }

  private mutating func parse() throws(ClientError) -> Invocation {
    while let argument = arguments.popFirst() {
      if argument == "-h" || FlagName.folded(argument) == "help", argument.hasPrefix("-") {
        invocation.command = .help(try topic(of: words))
        return invocation
      }
      if argument.hasPrefix("--"), argument.count > 2 {
        try flag(argument.dropFirst(2))
      } else if argument.hasPrefix("-"), argument.count > 1, argument != "--" {
        throw .usage("There is no flag \(argument); flags begin with --.")
      } else {
        try word(argument)
      }
      if meaning == .help {
        invocation.command = .help(try topic(of: arguments.filter { !$0.hasPrefix("-") }))
        return invocation
      }
    }
    try finish()
    return invocation
  }

  // MARK: - Words

  private mutating func word(_ word: String) throws(ClientError) {
    switch meaning {
    case nil, .group, .rules(nil): break
    case .method(let spec) where spec.isNumberImport && file == nil:
      file = word
      return
    case .rules(let verb?) where verb != .show:
      rules.files.append(word)
      return
    case .method(let spec):
      let example = spec.parameters.first { $0.required } ?? spec.parameters.first
      let hint = example.map { " Parameters are given by name, such as --\($0.name) \(word)." } ?? " It takes nothing."
      throw .usage("The word \(word) has no place in \(CommandName.words(of: spec)).\(hint)")
    case .tool(let tool):
      if file == nil, given.isEmpty, case .method(let spec) = CommandName.meaning(of: words + [word]) {
        words.append(word)
        meaning = .method(spec)
        return
      }
      guard tool.takesFile, file == nil else { throw .usage("The word \(word) has no place here.") }
      file = word
      return
    default: throw .usage("The word \(word) has no place here.")
    }
    words.append(word)
    let found = CommandName.meaning(of: words)
    if case .unknown(let nearest) = found { throw Self.unknownCommand(words, nearest) }
    meaning = found
  }

  private func topic(of words: [String]) throws(ClientError) -> HelpTopic {
    guard !words.isEmpty else { return .program }
    switch CommandName.meaning(of: words) {
    case .method(let spec): return .method(spec)
    case .group(let group): return .group(group)
    case .events: return .events
    case .status: return .status
    case .tool(let tool): return CommandName.groups.contains(tool.rawValue) ? .group(tool.rawValue) : .tool(tool)
    case .rules: return .rules
    case .help: return .program
    case .unknown(let nearest): throw Self.unknownCommand(words, nearest)
    }
  }

  private static func unknownCommand(_ words: [String], _ nearest: [String]) -> ClientError {
    let hint = nearest.first.map { " The nearest is \($0)." } ?? " dialerctl --help lists them all."
    return .usage("There is no command \(words.joined(separator: " ")).\(hint)", accepted: nearest)
  }

  // MARK: - Flags

  /// The specification that the flags of the command are read by.
  private var spec: MethodSpec? {
    switch meaning {
    case .method(let spec): spec
    case .events: MethodTable.method("event.subscribe")
    default: nil
    }
  }

  /// The program's own flags that may stand at this place.
  private var options: [ClientOption] {
    switch meaning {
    case .method(let spec):
      ClientOption.everywhere + ClientOption.ofCalls + (spec.parameter("cursor") == nil ? [] : ClientOption.ofPages)
        + (spec.isNumberImport ? ClientOption.ofNumberImports : [])
    case .events: ClientOption.everywhere + ClientOption.ofEvents
    case .status: ClientOption.everywhere + ClientOption.ofStatus
    case .tool(let tool): ClientOption.everywhere + tool.options
    case .rules(let verb): ClientOption.everywhere + (verb?.options ?? [])
    default: ClientOption.everywhere
    }
  }

  private mutating func flag(_ text: Substring) throws(ClientError) {
    let name = text.prefix { $0 != "=" }
    let value = name.endIndex == text.endIndex ? nil : String(text[text.index(after: name.endIndex)...])
    if let option = options.first(where: { FlagName.folded($0.name) == FlagName.folded(name) }) {
      try self.option(option, try self.value(of: option, attached: value))
      return
    }
    guard let spec else {
      let place = meaning == nil ? "before a command" : "here"
      throw unknownFlag(name, among: [], "There is no flag --\(name) \(place).")
    }
    guard let place = ParameterPlace(name, in: spec) else {
      throw unknownFlag(name, among: spec.parameters.map(\.name), "\(commandWords) has no flag --\(name).")
    }
    let flag = "--\(name)"
    switch (place.type, value) {
    case (.boolean, nil) where place.isNegated: try flags.set(place, flag, "false")
    case (.boolean, nil):
      let next = arguments.first.flatMap { ["true", "false"].contains($0) ? $0 : nil }
      if next != nil { arguments.removeFirst() }
      try flags.set(place, flag, next ?? "true")
    case (_, let value?) where !place.isNegated: try flags.set(place, flag, value)
    case (_, nil): try flags.set(place, flag, try next(for: flag, place.type.accepted))
    default: throw .usage("\(flag) takes no value.")
    }
  }

  private var commandWords: String {
    if case .method(let spec) = meaning { CommandName.words(of: spec) } else { words.joined(separator: " ") }
  }

  private func unknownFlag(_ name: Substring, among names: [String], _ message: String) -> ClientError {
    let names = names + options.map(\.name)
    let nearest = NearestNames.nearest(to: String(name), among: names)
    let hint = nearest.first.map { " The nearest is --\($0)." } ?? ""
    return .usage(message + hint, accepted: names.map { "--\($0)" })
  }

  /// What stands behind a flag. One that begins with two hyphens is taken for the next flag, because a value that was
  /// forgotten is likelier.
  private mutating func next(for flag: String, _ accepted: String) throws(ClientError) -> String {
    guard let value = arguments.first else { throw .usage("\(flag) needs a value: \(accepted).") }
    guard !value.hasPrefix("--") else {
      throw .usage("\(flag) needs a value: \(accepted). One that begins with -- is written \(flag)=VALUE.")
    }
    arguments.removeFirst()
    return value
  }

  private mutating func value(of option: ClientOption, attached: String?) throws(ClientError) -> String? {
    switch option.value {
    case .none:
      if attached != nil { throw .usage("--\(option.name) takes no value.") }
      return nil
    case .required(let what):
      if let attached { return attached }
      return try next(for: "--\(option.name)", what)
    case .optional:
      if let attached { return attached }
      guard let first = arguments.first, first.utf8.first.map({ (48...57).contains($0) }) == true else { return nil }
      return arguments.popFirst()
    }
  }

  private mutating func option(_ option: ClientOption, _ value: String?) throws(ClientError) {
    switch option.name {
    case "socket": invocation.socket = value
    case "config": invocation.configuration = value
    case "timeout": invocation.timeout = try Self.seconds(value ?? "", "--timeout")
    case "json": invocation.output = .json
    case "pretty": invocation.output = .prettyJSON
    case "all": everyPage = true
    case "follow": follows = true
    case "watch": interval = if let value { try Self.seconds(value, "--watch") } else { Self.standardWatchInterval }
    case "params": try flags.setAll(value == "-" ? .bytes(try readInput()) : .text(value ?? ""))
    case "clear": if let spec { try flags.clear(value ?? "", spec) }
    default:
      if case .rules = meaning {
        rules.values[option.name] = value ?? ""
      } else {
        given[option.name, default: []].append(value ?? "")
      }
    }
  }

  /// A tenth of a second to a day: less would burn a processor, more is not waited for.
  private static func seconds(_ text: String, _ flag: String) throws(ClientError) -> Interval {
    guard let value = (try? FlagValue.json(text, .seconds(0.1...86_400)))?.numberValue, (0.1...86_400).contains(value)
    else {
      throw ClientError(
        "usage", "\(flag) is given in seconds.",
        details: ["flag": .string(flag), "value": .string(text), "accepted": ["seconds from 0.1 to 86400"]])
    }
    return Interval(seconds: value)
  }

  // MARK: - The end

  private mutating func finish() throws(ClientError) {
    switch meaning {
    case nil: throw .usage("A command is missing; dialerctl --help lists them all.")
    case .group(let group):
      let verbs = CommandName.methods(ofGroup: group).map(CommandName.words(of:))
      throw .usage("\(group) needs a second word; dialerctl help \(group) lists them.", accepted: verbs)
    case .method(let spec) where spec.isNumberImport && (file != nil || given["resume"] != nil):
      invocation.command = .importFile(
        try ImportRequest(
          numbers: try flags.checked(for: spec, everyPage: false), file: file, resumed: given["resume"]?.first))
    case .method(let spec):
      invocation.command = .call(spec, try flags.checked(for: spec, everyPage: everyPage), everyPage: everyPage)
    case .events:
      guard let spec else { preconditionFailure("the table holds event.subscribe") }
      let params = try flags.checked(for: spec, everyPage: false)
      invocation.command = .events(
        EventQuery(
          from: params["from"]?.integerValue, types: params["types"]?.arrayValue?.compactMap(\.stringValue),
          campaignID: params["campaignID"]?.stringValue, follows: follows))
    case .status: invocation.command = .status(every: interval)
    case .tool(.leadImport): invocation.command = .importFile(try ImportRequest(given, file: file))
    case .tool(.why): invocation.command = .why(try WhyQuery(given, lead: file))
    case .tool(.export): invocation.command = .export(try ExportRequest(given))
    case .rules(let verb): invocation.command = .rules(try rules.query(verb))
    case .help, .unknown: preconditionFailure("help and unknown words end the reading")
    }
  }
}
