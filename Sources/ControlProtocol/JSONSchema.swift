import DialerModel

extension ParameterType {
  /// The type as JSON Schema (draft 7, as OpenRPC takes it). Lengths there count characters, ours count bytes: a text
  /// that the schema takes may still be too long, never the other way round.
  var schema: JSONObject {
    switch self {
    case .text(let bytes):
      var schema: JSONObject = ["type": "string"]
      if bytes.lowerBound > 0 { schema.append("minLength", 1) }
      schema.append("maxLength", JSON(bytes.upperBound))
      return schema
    case .identifier: return ["type": "string", "minLength": 1, "maxLength": JSON(Self.maximumIdentifierBytes)]
    case .statusCode: return ["type": "string", "pattern": "^[A-Z0-9_-]{1,8}$"]
    case .integer(let range):
      return ["type": "integer", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
    case .number(let range): return Self.numberSchema(range)
    case .seconds(let range):
      var schema = Self.numberSchema(range)
      schema.append("description", "Seconds, decimals to the millisecond.")
      return schema
    case .boolean: return ["type": "boolean"]
    case .instant: return ["type": "string", "format": "date-time"]
    case .phone: return ["type": "string", "minLength": 1, "maxLength": JSON(Self.phoneBytes.upperBound)]
    case .word(let words): return ["type": "string", "enum": JSON(words)]
    case .object(let specs): return Self.objectSchema(specs)
    case .map(let type, let count):
      return [
        "type": "object", "minProperties": JSON(count.lowerBound), "maxProperties": JSON(count.upperBound),
        "additionalProperties": .object(type.schema),
      ]
    case .array(let type, let count):
      return [
        "type": "array", "items": .object(type.schema), "minItems": JSON(count.lowerBound),
        "maxItems": JSON(count.upperBound),
      ]
    case .filter: return ["$ref": "#/components/schemas/Filter"]
    case .scalar: return ["type": ["string", "number", "boolean", "null"]]
    case .json: return ["type": ["string", "number", "boolean", "object", "array", "null"]]
    case .either(let types): return ["anyOf": .array(types.map { .object($0.schema) })]
    }
  }

  private static func numberSchema(_ range: ClosedRange<Double>) -> JSONObject {
    ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
  }

  static func objectSchema(_ specs: [ParameterSpec]) -> JSONObject {
    var properties = JSONObject()
    for spec in specs { properties.append(spec.name, .object(spec.schema)) }
    var schema: JSONObject = ["type": "object", "properties": .object(properties)]
    let required = specs.filter(\.required).map(\.name)
    if !required.isEmpty { schema.append("required", JSON(required)) }
    schema.append("additionalProperties", false)
    return schema
  }
}

extension ParameterSpec {
  var schema: JSONObject {
    var schema = type.schema
    if isNullable { schema = ["anyOf": [.object(schema), ["type": "null"]]] }
    let note = standard.isEmpty ? summary : "\(summary) Without it: \(standard)."
    // Draft 7 minds nothing that stands beside a reference.
    if schema["$ref"] == nil { schema["description"] = .string(note) }
    return schema
  }
}
