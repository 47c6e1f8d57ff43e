extension MethodTable {
  private static let range: [ParameterSpec] = [
    ParameterSpec("since", .instant, "Claimed then or later."),
    ParameterSpec("until", .instant, "Claimed before then."),
  ]

  static let evidenceMethods: [MethodSpec] = [
    MethodSpec(
      "evidence.verify", .evidence, role: .observer,
      "Looks whether the records of attempts are as they were when each was claimed, and what each came to as it was "
        + "written down when it ended or was wrapped.", parameters: range,
      result: "whether they fit, how many do, and the first attempt that does not",
      example: #"{"fits":false,"checked":36,"attemptID":37,"detail":"The attempt 37 does not fit."}"#),
    MethodSpec(
      "evidence.export", .evidence, role: .observer,
      "Gives the record of each call that 16 CFR 310.5 asks for as CSV, a piece at a time.",
      parameters: range + [.cursor], result: "lines of CSV, the first piece with a heading",
      example: #"{"csv":"attemptID,callID\r\n51,1fx0c7g2k9\r\n","attempts":1,"nextCursor":"a1"}"#),
  ]
}
