import DialerModel
import Testing

@testable import ControlProtocol

@Suite("OpenRPC")
struct OpenRPCTests {
  static let document = OpenRPC.document(daemonVersion: "9.8.7")

  @Test("the document has the members that the specification requires, and reads back from its text")
  func shape() throws {
    #expect(Self.document["openrpc"] == "1.3.2")
    #expect(Self.document["info"]?["title"] == "dialerd")
    #expect(Self.document["info"]?["version"] == "9.8.7")
    #expect(Self.document["methods"]?.arrayValue?.count == MethodTable.methods.count)
    #expect(try JSON(parsing: Self.document.text) == Self.document)
    #expect(Self.document.text.utf8.count < Message.standardMaximumLineBytes)
  }

  @Test("each method is described with named parameters, required ones first, a result and errors that are there")
  func methods() throws {
    for (method, spec) in zip(try #require(Self.document["methods"]?.arrayValue), MethodTable.methods) {
      #expect(method["name"] == .string(spec.name))
      #expect(method["paramStructure"] == "by-name")
      #expect(method["result"]?["name"]?.stringValue != nil)
      #expect(method["result"]?["schema"]?.objectValue != nil)
      let parameters = try #require(method["params"]?.arrayValue)
      #expect(Set(parameters.compactMap { $0["name"]?.stringValue }) == Set(spec.parameters.map(\.name)))
      let required = parameters.map { $0["required"]?.boolValue ?? false }
      #expect(required == required.sorted { $0 && !$1 })
      for parameter in parameters { try checkSchema(try #require(parameter["schema"]), spec.name) }
      let errors = try #require(method["errors"]?.arrayValue)
      #expect(errors.count >= 4)
      for error in errors + (method["tags"]?.arrayValue ?? []) { #expect(resolve(error) != nil) }
    }
  }

  /// Each schema says its type, holds only known keywords, and its references lead somewhere.
  private func checkSchema(_ schema: JSON, _ method: String) throws {
    let object = try #require(schema.objectValue)
    if schema["$ref"] != nil {
      #expect(resolve(schema) != nil)
      return
    }
    let known: Set<String> = [
      "type", "description", "minLength", "maxLength", "pattern", "minimum", "maximum", "format", "enum", "properties",
      "required", "additionalProperties", "minProperties", "maxProperties", "items", "minItems", "maxItems", "anyOf",
    ]
    #expect(Set(object.keys).isSubset(of: known), "\(method)")
    #expect(schema["type"] != nil || schema["anyOf"] != nil, "\(method)")
    let required = (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue)
    for name in required { #expect(schema["properties"]?[name] != nil) }
    for member in schema["properties"]?.objectValue?.members ?? [] { try checkSchema(member.value, method) }
    for inner in schema["anyOf"]?.arrayValue ?? [] { try checkSchema(inner, method) }
    if let items = schema["items"] { try checkSchema(items, method) }
    if let values = schema["additionalProperties"], values.boolValue == nil { try checkSchema(values, method) }
  }

  private func resolve(_ reference: JSON) -> JSON? {
    guard let path = reference["$ref"]?.stringValue, path.hasPrefix("#/") else { return nil }
    var found: JSON? = Self.document
    for part in path.dropFirst(2).split(separator: "/") { found = found?[String(part)] }
    return found
  }

  @Test("a lead's ambiguity and absence are errors of the methods that name a lead")
  func reasons() throws {
    let get = try #require(MethodTable.method("lead.get"))
    #expect(get.reasons.contains(.ambiguous))
    #expect(get.reasons.contains(.notFound))
    #expect(!get.reasons.contains(.conflict))
    let status = try #require(MethodTable.method("daemon.status"))
    #expect(!status.reasons.contains(.notFound))
    #expect(try #require(MethodTable.method("lead.dial")).reasons.contains(.refused))
  }
}
