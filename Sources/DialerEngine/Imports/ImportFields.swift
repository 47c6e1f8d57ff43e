import ControlProtocol
import DialerModel
import LeadImport

/// What a client says about how its file is to be read, and templates that keep it.
extension Engine {
  /// The options of an import: the template's, with what the command says beside it.
  func importOptions(_ command: Command, tenant: TenantID) throws(RequestError) -> ImportOptions {
    var options = ImportOptions()
    if let name = command.parameters.optionalText("template") {
      guard let template = imports.templates[ImportBook.TemplateName(tenant: tenant, name: name)] else {
        throw .notFound("template", .string(name))
      }
      options = template.options
    }
    try apply(command.parameters, to: &options)
    options.path = try importPath(command.parameters)
    return options
  }

  private func apply(_ parameters: Parameters, to options: inout ImportOptions) throws(RequestError) {
    if let mapping = parameters.json("mapping")?.objectValue { options.mapping = try columns(mapping, parameters) }
    if let header = parameters.optionalBoolean("header") { options.hasHeader = header }
    if let delimiter = parameters.optionalText("delimiter") {
      options.delimiter = delimiter == "tab" ? "\t" : delimiter
    }
    if let region = parameters.optionalText("region") {
      try checkRegion(region.uppercased(), "region")
      options.region = region.uppercased()
    }
    if let rules = parameters.optionalObjects("timeZoneRules") {
      options.timeZoneRules = []
      for rule in rules { options.timeZoneRules.append(try timeZoneRule(rule)) }
    }
    let rule = Self.matchRule(parameters, base: options.matchRule)
    (options.match, options.scope, options.onMatch) = (rule.key, rule.scope, rule.onMatch)
    guard options.hasHeader || options.mapping != nil else {
      throw parameters.invalid(
        "mapping", accepted: ["fields by the number of the column, such as {\"1\": \"phone1\"}"],
        "mapping: a file without a header needs a mapping by the numbers of its columns.")
    }
  }

  private func columns(_ mapping: JSONObject, _ parameters: Parameters) throws(RequestError) -> [String: [String]] {
    var columns: [String: [String]] = [:]
    for member in mapping.members {
      let names = member.value.stringValue.map { [$0] } ?? member.value.arrayValue?.compactMap(\.stringValue) ?? []
      for name in names where ImportField(name: name) == nil {
        throw .invalidParams(
          field: "mapping.\(RequestError.shortened(member.key))", value: .string(name), accepted: ImportField.names,
          message: "mapping: a lead has no field \(RequestError.shortened(name)).")
      }
      columns[member.key] = names
    }
    return columns
  }

  private func timeZoneRule(_ rule: Parameters) throws(RequestError) -> TimeZoneRule {
    let field = try rule.text("field")
    guard ["state", "postalCode", "region", "source", "owner"].contains(field) || field.hasPrefix("custom.") else {
      throw rule.invalid(
        "field", accepted: ["state", "postalCode", "region", "source", "owner", "custom.NAME"],
        "\(rule.field("field")): a rule cannot go by \(RequestError.shortened(field)).")
    }
    let zone = try rule.text("timeZone")
    try checkTimeZone(zone, rule.field("timeZone"))
    return TimeZoneRule(field: field, equals: try rule.text("equals"), timeZone: zone)
  }

  func importPath(_ parameters: Parameters) throws(RequestError) -> String? {
    guard let path = parameters.optionalText("path") else { return nil }
    guard settings.importDirectories.contains(where: { BackupPath.isInside(path, $0) }) else {
      throw parameters.invalid(
        "path", accepted: settings.importDirectories.map { $0 + "/NAME" },
        settings.importDirectories.isEmpty
          ? "path: the configuration names no directory for imports (imports.directories)."
          : "path: a file to import lies in a directory that the configuration names.")
    }
    return path
  }

  /// What list, campaigns and configuration say now about the leads of an import.
  func importRules(_ record: ImportRecord) -> ImportRules {
    var rules = ImportRules()
    let dialling = campaigns(with: record.listID)
    rules.region = record.options.region ?? dialling.compactMap(\.campaign.region).first ?? settings.defaultRegion
    rules.timeZoneRules = record.options.timeZoneRules + dialling.flatMap(\.campaign.timeZoneRules)
    rules.zoneFromPhone = dialling.contains(where: \.campaign.zoneFromPhone)
    rules.listZone = lists[record.listID]?.timeZone
    rules.campaignZone = dialling.compactMap(\.campaign.timeZone).first
    rules.defaultZone = settings.defaultTimeZone
    guard let list = lists[record.listID] else { return rules }
    rules.scope = lists(in: record.options.scope, of: list)
    rules.fieldRules = self.rules(of: list.tenant)
    if rules.fieldRules.hasUnique { rules.uniqueIn = lists(in: .tenant, of: list) }
    return rules
  }

  // MARK: - Templates

  func putTemplate(_ command: Command) throws(RequestError) -> Answer {
    let name = try command.parameters.text("template")
    var tenant = try tenant(for: command)
    var options = ImportOptions()
    if command.parameters.isPresent("importID") {
      let record = try importRecord(of: command)
      (tenant, options) = (record.tenant, record.options)
    }
    try apply(command.parameters, to: &options)
    options.path = nil
    let template = ImportTemplate(name: name, tenant: tenant, options: options)
    if command.isDryRun { return .done(Self.json(template)) }
    let key = ImportBook.TemplateName(tenant: tenant, name: name)
    guard imports.templates[key] != nil || imports.templates.count < ImportBook.maximumTemplates else {
      throw .busy("templates", "There are \(ImportBook.maximumTemplates) templates; delete one of them first.")
    }
    imports.templates[key] = template
    output.transaction.changes.append(.putTemplate(template))
    return .done(Self.json(template))
  }

  func getTemplate(_ command: Command) throws(RequestError) -> Answer { .done(Self.json(try template(of: command))) }

  func listTemplates(_ command: Command) -> Answer {
    let seen = imports.templates.values.filter { sees(command.peer, $0.tenant) }
      .sorted { ($0.tenant, $0.name) < ($1.tenant, $1.name) }
    return .done(["templates": .array(seen.map(Self.json))])
  }

  func deleteTemplate(_ command: Command) throws(RequestError) -> Answer {
    let template = try template(of: command)
    if !command.isDryRun {
      imports.templates[ImportBook.TemplateName(tenant: template.tenant, name: template.name)] = nil
      output.transaction.changes.append(.deleteTemplate(template.name, template.tenant))
    }
    return .done(["deleted": 1])
  }

  private func template(of command: Command) throws(RequestError) -> ImportTemplate {
    let name = try command.parameters.text("template")
    let tenant = try tenant(for: command)
    guard let template = imports.templates[ImportBook.TemplateName(tenant: tenant, name: name)] else {
      throw .notFound("template", .string(name))
    }
    return template
  }

  static func json(_ template: ImportTemplate) -> JSON {
    let options = template.options
    var form: JSONObject = [
      "template": .string(template.name), "tenant": .string(template.tenant.rawValue),
      "header": .bool(options.hasHeader),
    ]
    if let mapping = options.mapping {
      var columns = JSONObject()
      for (column, names) in mapping.sorted(by: { $0.key < $1.key }) {
        columns[column] = names.count == 1 ? .string(names[0]) : JSON(names)
      }
      form.append("mapping", .object(columns))
    }
    form.append("delimiter", ifPresent: options.delimiter.map { .string($0 == "\t" ? "tab" : $0) })
    form.append("region", ifPresent: options.region.map { .string($0) })
    form.append(
      "timeZoneRules",
      .array(
        options.timeZoneRules.map {
          ["field": .string($0.field), "equals": .string($0.equals), "timeZone": .string($0.timeZone)]
        }))
    form.append("match", .string(options.match.rawValue))
    form.append("scope", .string(options.scope.rawValue))
    form.append("onMatch", .string(options.onMatch.rawValue))
    return .object(form)
  }
}
