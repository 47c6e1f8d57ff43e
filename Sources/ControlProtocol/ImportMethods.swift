import DialerModel

extension MethodTable {
  private static let importID = ParameterSpec("importID", .identifier, required: true, "The import.")
  private static let template = ParameterSpec(
    "template", .text(bytes: 1...64), required: true, "The template's name.")
  private static let row = ParameterType.integer(1...Int64.max)
  private static let rows = ParameterSpec(
    "rows", .word(["valid", "invalid", "existing", "all"]), standard: "all", "Which rows.")
  /// 512 KiB as base64, with room for line breaks.
  private static let data = ParameterType.text(bytes: 0...720_000)

  /// How a file is read.
  private static let reading: [ParameterSpec] = [
    ParameterSpec(
      "mapping",
      .map(
        of: .either([.text(bytes: 1...80), .array(of: .text(bytes: 1...80), count: 0...8)]), count: 1...1000),
      standard: "the usual names", "Field, or fields, by column; a column that is not named is dropped."),
    ParameterSpec("header", .boolean, standard: "true", "Whether the first row names the columns."),
    ParameterSpec(
      "delimiter", .word([",", ";", "tab", "|"]), standard: "what the first row has most of", "Between fields."),
    .region, .timeZoneRules, .match, .scope, .onMatch,
  ]

  static let importMethods: [MethodSpec] = [
    MethodSpec(
      "import.open", .imports, role: .crm, changes: true, "Begins an import into a list.",
      parameters: [.listID] + reading + [
        template.asOptional(),
        ParameterSpec("path", .text(bytes: 1...1024), "A file in a configured directory, in place of import.write."),
      ], result: "its id", example: #"{"importID":"imh5k2x0a"}"#),
    MethodSpec(
      "import.write", .imports, role: .crm, changes: true,
      "Sends the next piece of the file; on disk when it is answered, and resumable at `received`.",
      parameters: [
        importID, ParameterSpec("offset", .integer(0...Int64.max), required: true, "Where it begins in the file."),
        ParameterSpec("data", data, required: true, "At most 512 KiB, as base64."),
      ], result: "how many bytes there are", example: #"{"received":524288}"#),
    MethodSpec(
      "import.preview", .imports, role: .observer, "Shows what the rows would come to, and what is wrong with some.",
      parameters: [importID, rows, .limit, .cursor], result: "counts, columns and rows",
      example:
        #"{"counts":{"rows":3,"valid":2,"invalid":1,"existing":1,"toAdd":1,"toUpdate":1},"rows":[{"row":2,"line":3,"#
        + #""state":"invalid","field":"phone1","reason":"too-short","message":"…","values":{"Phone":"12"}}]}"#),
    MethodSpec(
      "import.download", .imports, role: .observer, "The file as it now stands, as CSV piece by piece.",
      parameters: [importID, rows, .cursor], result: "a piece, and where to go on",
      example: #"{"data":"Phone\r\n12\r\n","nextCursor":"2000"}"#),
    MethodSpec(
      "import.edit", .imports, role: .crm, changes: true, "Changes values of a row.",
      parameters: [
        importID, ParameterSpec("row", row, required: true, "The row."),
        ParameterSpec(
          "values", .map(of: .scalar, count: 1...1000), required: true, "New values by column, or by field."),
      ], result: "the row", example: #"{"row":2,"line":3,"state":"valid","values":{"Phone":"+12125550123"}}"#),
    MethodSpec(
      "import.drop", .imports, role: .crm, changes: true, "Takes rows out.",
      parameters: [importID, ParameterSpec("rows", .array(of: row, count: 1...10_000), required: true, "The rows.")],
      result: "how many", example: #"{"dropped":1}"#),
    MethodSpec(
      "import.commit", .imports, role: .crm, changes: true,
      "Makes the rows leads, all of them or none; goes on by itself after a crash. Leads that are there change after that "
        + "one moment, one by one. A value that is to be unique and that a row gives to a lead goes to nobody else "
        + "meanwhile: `lead.add` waits for the end, `lead.update` is `busy`. One that a lead gives up meanwhile by another "
        + "command is free for the rows that are judged after it only.",
      parameters: [importID],
      result: "the summary",
      example: #"{"added":2,"updated":1,"moved":0,"skipped":0,"duplicates":0,"invalid":1,"cut":0}"#),
    MethodSpec(
      "import.cancel", .imports, role: .crm, changes: true, "Ends an import and removes its rows.",
      parameters: [importID], result: "its state", example: #"{"importID":"imh5k2x0a","state":"cancelled"}"#),
    MethodSpec(
      "import.status", .imports, role: .observer, "How far an import has come.", parameters: [importID],
      result: "state, bytes, rows, rate and time left",
      example: #"{"importID":"imh5k2x0a","listID":1,"state":"open","openedAt":"2026-11-20T14:03:11.123Z","#
        + #""received":524288,"rows":5000,"valid":4990,"invalid":10,"existing":0,"rowsPerSecond":150000,"#
        + #""remainingSeconds":null}"#),
    MethodSpec(
      "import.list", .imports, role: .observer, "Shows every import.", result: "the imports",
      example:
        #"{"imports":[{"importID":"imh5k2x0a","listID":1,"state":"open","openedAt":"2026-11-20T14:03:11.123Z"}]}"#
    ),
  ]

  static let templateMethods: [MethodSpec] = [
    MethodSpec(
      "template.put", .imports, role: .crm, changes: true, "Keeps how files are read, or how that import was.",
      parameters: [template, .tenant, importID.asOptional()] + reading, result: "the template",
      example: #"{"template":"crm","tenant":"default","header":true,"mapping":{"Phone":"phone1"}}"#),
    MethodSpec(
      "template.get", .imports, role: .observer, "Shows a template.", parameters: [template, .tenant],
      result: "the template", example: #"{"template":"crm","tenant":"default","header":true}"#),
    MethodSpec(
      "template.list", .imports, role: .observer, "Shows every template.", result: "the templates",
      example: #"{"templates":[{"template":"crm","tenant":"default","header":true}]}"#),
    MethodSpec(
      "template.delete", .imports, role: .crm, changes: true, "Deletes a template.", parameters: [template, .tenant],
      result: "how many", example: #"{"deleted":1}"#),
  ]
}
