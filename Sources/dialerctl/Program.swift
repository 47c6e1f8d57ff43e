import DialerModel

/// The program from its arguments to its exit status.
enum Program {
  static func run(_ arguments: [String], on host: some ClientHost) -> Int32 {
    do throws(ClientError) {
      let invocation = try InvocationParser.parse(arguments) { () throws(ClientError) in try host.readInput() }
      return try run(invocation, on: host)
    } catch {
      // The words may be wrong, so that what they ask for is not known; the flag itself is plain.
      if arguments.contains("--json") || arguments.contains("--pretty") {
        host.write((arguments.contains("--pretty") ? error.json.prettyText : error.json.text) + "\n")
      }
      host.writeError(ErrorText.text(error))
      return error.exitCode
    }
  }

  private static func run(_ invocation: Invocation, on host: some ClientHost) throws(ClientError) -> Int32 {
    switch invocation.command {
    case .help(let topic): host.write(HelpText.text(topic))
    case .call(let spec, let params, let everyPage):
      let socket = try SocketPath.find(invocation, on: host)
      let session = try DaemonSession(socket, timeout: invocation.timeout, on: host)
      var command = CallCommand(spec: spec, params: params, output: invocation.output)
      return try command.run(session, everyPage: everyPage, on: host)
    case .events(let query):
      let socket = try SocketPath.find(invocation, on: host)
      var command = EventsCommand(query, socket: socket, timeout: invocation.timeout, output: invocation.output)
      try command.run(on: host)
    case .importFile(let request):
      let session = PatientSession(
        try SocketPath.find(invocation, on: host), timeout: invocation.timeout, on: host)
      var command = ImportCommand(request, session, output: invocation.output)
      try command.run(on: host)
    case .export(let request):
      let session = PatientSession(
        try SocketPath.find(invocation, on: host), timeout: invocation.timeout, on: host)
      try ExportCommand(request, session, output: invocation.output).run(on: host)
    case .status(let interval):
      let socket = try SocketPath.find(invocation, on: host)
      var command = StatusCommand(socket: socket, timeout: invocation.timeout, output: invocation.output)
      try command.run(every: interval, on: host)
    }
    return ExitCode.success
  }
}
