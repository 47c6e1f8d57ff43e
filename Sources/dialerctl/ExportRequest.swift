import DialerModel

/// What `dialerctl export` is asked for.
struct ExportRequest: Sendable, Hashable {
  /// As `lead.find` takes them, without a cursor.
  var parameters: JSONObject
  var columns: [ExportColumn]
  /// Nil: standard output.
  var file: String?
  var hasMark: Bool
  /// Values as they are, with nothing in front of what a spreadsheet would take for something else.
  var isRaw: Bool

  /// - Parameter given: what stands behind each flag.
  init(_ given: [String: [String]]) throws(ClientError) {
    for (flag, values) in given where values.count > 1 && flag != "columns" {
      throw .usage("--\(flag) is given twice.")
    }
    file = given["output"]?.first.flatMap { $0 == "-" ? nil : $0 }
    hasMark = given["bom"] != nil
    isRaw = given["raw"] != nil
    columns = ExportColumn.standard
    parameters = ["limit": 1000]
    if let names = given["columns"] {
      columns = []
      for name in names.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
        guard let column = ExportColumn(String(name)) else {
          throw .invalid(
            flag: "--columns", field: "columns", value: .string(String(name)), accepted: ExportColumn.names,
            "\(name) is no field of a lead.")
        }
        columns.append(column)
      }
    }
    parameters.append("filter", ifPresent: try Self.filter(given))
    parameters.append("sort", ifPresent: given["sort"]?.first.map { .string($0) })
  }

  private static func filter(_ given: [String: [String]]) throws(ClientError) -> JSON? {
    let segment: JSON? = given["segment"]?.first.map { ["segment": .string($0)] }
    guard let text = given["filter"]?.first else { return segment }
    let filter: JSON
    do throws(JSONFault) {
      filter = try JSON(parsing: text)
    } catch {
      throw .invalid(
        flag: "--filter", field: "filter", value: .string(text), accepted: [#"a filter such as {"status":"NEW"}"#],
        "This is not JSON: at byte \(error.offset): \(error.message)")
    }
    guard let segment else { return filter }
    return ["and": [segment, filter]]
  }
}
