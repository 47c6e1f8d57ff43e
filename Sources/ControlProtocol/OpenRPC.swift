import DialerModel

/// The answer of `rpc.discover`: an OpenRPC document made from the table of methods.
///
/// Source of its shape: the OpenRPC Specification, version 1.3.2.
public enum OpenRPC {
  public static let version = "1.3.2"

  /// - Parameter daemonVersion: of the software, for `info.version`.
  public static func document(daemonVersion: String, methods: [MethodSpec] = MethodTable.methods) -> JSON {
    [
      "openrpc": .string(version),
      "info": [
        "title": "dialerd", "version": .string(daemonVersion),
        "description": "JSON-RPC 2.0 over a Unix stream socket, one message a line.",
      ],
      "methods": .array(methods.map(method)),
      "components": [
        "schemas": ["Filter": .object(filterSchema)],
        "errors": .object(errors),
        "tags": .object(tags),
      ],
    ]
  }

  static func method(_ spec: MethodSpec) -> JSON {
    var method: JSONObject = [
      "name": .string(spec.name), "summary": .string(spec.summary),
      "tags": [["$ref": .string("#/components/tags/\(spec.group.rawValue)")]],
    ]
    if !spec.choices.isEmpty {
      method.append("description", .string(spec.choices.map(\.sentence).joined(separator: " ")))
    }
    method.append("paramStructure", "by-name")
    method.append("params", .array(sorted(spec.parameters).map(parameter)))
    method.append(
      "result",
      [
        "name": "result", "description": .string(spec.result),
        "schema": ["type": "object", "examples": [spec.example]],
      ])
    method.append(
      "errors", .array(spec.reasons.map { ["$ref": .string("#/components/errors/\($0.rawValue)")] }))
    method.append("x-role", .string(spec.role.rawValue))
    method.append("x-changes", .bool(spec.changes))
    return .object(method)
  }

  /// The specification wants required parameters before optional ones.
  private static func sorted(_ parameters: [ParameterSpec]) -> [ParameterSpec] {
    parameters.filter(\.required) + parameters.filter { !$0.required }
  }

  private static func parameter(_ spec: ParameterSpec) -> JSON {
    var parameter: JSONObject = [
      "name": .string(spec.name), "summary": .string(spec.summary), "required": .bool(spec.required),
      "schema": .object(spec.schema),
    ]
    parameter.append("x-role", ifPresent: spec.role.map { .string($0.rawValue) })
    return .object(parameter)
  }

  private static var errors: JSONObject {
    var errors = JSONObject()
    for reason in ErrorReason.allCases {
      errors.append(
        reason.rawValue,
        [
          "code": .integer(reason.code), "message": .string(reason.summary),
          "data": ["reason": .string(reason.rawValue)],
        ])
    }
    return errors
  }

  private static var tags: JSONObject {
    var tags = JSONObject()
    for group in MethodGroup.allCases {
      tags.append(group.rawValue, ["name": .string(group.rawValue), "summary": .string(group.title)])
    }
    return tags
  }

  private static var filterSchema: JSONObject {
    let fields = FilterField.all.map(\.name).joined(separator: ", ")
    let operators = FilterOperator.allCases.map(\.rawValue).joined(separator: ", ")
    let text =
      "One condition: {field: value}, {field: {op: value}}, {and: [...]}, {or: [...]}, {not: ...} or {segment: name}. "
      + "Fields: \(fields), custom.NAME. Operators: \(operators). At most \(FilterExpression.maximumDepth) levels and "
      + "\(FilterExpression.maximumTerms) values."
    return ["type": "object", "description": .string(text)]
  }
}
