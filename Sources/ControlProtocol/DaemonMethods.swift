extension MethodTable {
  static let daemonMethods: [MethodSpec] = [
    MethodSpec(
      "rpc.discover", .daemon, role: .observer, "Describes every method as an OpenRPC document.",
      result: "an OpenRPC document",
      example: #"{"openrpc":"1.3.2","info":{"title":"dialerd","version":"1"},"methods":[]}"#),
    MethodSpec(
      "daemon.status", .daemon, role: .observer, "Says how the daemon is.", result: "the state of the daemon",
      example: #"{"version":"1.0.0","pid":412,"startedAt":"2026-11-20T14:03:11.123Z","uptimeSeconds":86400,"#
        + #""databasePath":"dialer.sqlite","leads":1000,"lists":3,"campaigns":1,"liveCalls":12,"lastEvent":9041,"#
        + #""timeZoneData":"2026b","trunks":[{"name":"sim","kind":"simulator","state":"up","liveCalls":12,"#
        + #""maximumCalls":200,"callsPerSecond":50}]}"#),
    MethodSpec(
      "daemon.metrics", .daemon, role: .observer, "Gives every measurement as OpenMetrics text.",
      result: "OpenMetrics text", example: ##"{"openMetrics":"# EOF\n"}"##),
    MethodSpec(
      "daemon.reload", .daemon, role: .admin, changes: true,
      "Reads the configuration and the tz database again; on a fault the old ones stay.",
      result: "whether it is in force, and every fault",
      example: #"{"reloaded":true,"timeZoneData":"2026b","faults":[]}"#),
    MethodSpec(
      "daemon.backup", .daemon, role: .admin, changes: true,
      "Makes a consistent copy of the database while dialling goes on.",
      parameters: [
        ParameterSpec("path", .text(bytes: 1...4096), required: true, "A new file in a configured directory.")
      ], result: "the copy", example: #"{"path":"backup/dialer.sqlite","bytes":1048576}"#, reasons: [.alreadyExists]),
  ]

  static let eventMethods: [MethodSpec] = [
    MethodSpec(
      "event.subscribe", .event, role: .observer, "Sends this connection every event from a number on.",
      parameters: [
        ParameterSpec("from", .integer(1...Int64.max), "The first event to send; without it, the next one to come."),
        ParameterSpec(
          "types", .array(of: .word(eventTypes), count: 1...eventTypes.count), "Only events of these types."),
        ParameterSpec.campaignID.asOptional(),
      ], result: "the number of the next event", example: #"{"next":9042}"#, reasons: [.notFound, .busy])
  ]
}
