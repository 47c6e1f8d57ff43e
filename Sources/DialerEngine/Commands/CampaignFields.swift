import ControlProtocol
import DialerModel

extension Engine {
  /// Takes over the fields that are given; null clears one.
  func apply(_ parameters: Parameters, to campaign: inout Campaign) throws(RequestError) {
    if let name = parameters.optionalText("name") { campaign.name = name }
    if let mode = parameters.optionalText("dialMode").flatMap(DialMode.init) { campaign.dialMode = mode }
    if parameters.isPresent("timeZone") {
      campaign.timeZone = parameters.optionalText("timeZone")
      if let zone = campaign.timeZone { try checkTimeZone(zone, parameters.field("timeZone")) }
    }
    if parameters.isPresent("region") {
      campaign.region = parameters.optionalText("region")?.uppercased()
      if let region = campaign.region { try checkRegion(region, parameters.field("region")) }
    }
    if let hours = parameters.optionalText("callingHours") { campaign.callingHours = CallingHoursID(hours) }
    try applyLimits(parameters, to: &campaign)
    try applyZones(parameters, to: &campaign)
    try applyTrunks(parameters, to: &campaign)
    applyCallDetail(parameters, to: &campaign)
    if let codes = parameters.optionalObjects("wrapCodes") { campaign.wrapCodes = try wrapCodes(codes) }
  }

  private func applyLimits(_ parameters: Parameters, to campaign: inout Campaign) throws(RequestError) {
    if parameters.isPresent("calledCountLimit") {
      campaign.calledCountLimit = parameters.optionalInteger("calledCountLimit").map { Int($0) }
    }
    if parameters.isPresent("attemptLimits") {
      campaign.attemptLimits = try (parameters.optionalObjects("attemptLimits") ?? []).map {
        (item) throws(RequestError) in
        AttemptLimit(
          count: Int(try item.integer("count")), window: try item.seconds("windowSeconds"),
          scope: AttemptLimit.Scope(rawValue: try item.text("scope")) ?? .lead,
          counts: item.optionalText("counts").flatMap(AttemptLimit.Counted.init) ?? .attempts)
      }
    }
    if parameters.isPresent("minimumGapSeconds") {
      campaign.minimumGap = parameters.optionalSeconds("minimumGapSeconds") ?? .zero
    }
    if parameters.isPresent("wrapUpSeconds") { campaign.wrapUp = parameters.optionalSeconds("wrapUpSeconds") }
    if parameters.isPresent("unknownRegion") {
      campaign.unknownRegion = parameters.optionalText("unknownRegion").flatMap(UnknownRegionPolicy.init)
    }
    if let percent = parameters.optionalNumber("abandonTargetPercent") { campaign.abandonTargetPercent = percent }
    if let ratio = parameters.optionalNumber("dialRatio") { campaign.dialRatio = ratio }
    if let weighting = parameters.optionalBoolean("listWeighting") { campaign.listWeighting = weighting }
    if let seed = parameters.optionalInteger("seed") { campaign.seed = seed }
  }

  private func applyZones(_ parameters: Parameters, to campaign: inout Campaign) throws(RequestError) {
    if let fromPhone = parameters.optionalBoolean("zoneFromPhone") { campaign.zoneFromPhone = fromPhone }
    if let strict = parameters.optionalBoolean("strictZones") { campaign.strictZones = strict }
    guard parameters.isPresent("timeZoneRules") else { return }
    var rules: [TimeZoneRule] = []
    for item in parameters.optionalObjects("timeZoneRules") ?? [] {
      let zone = try item.text("timeZone")
      try checkTimeZone(zone, item.field("timeZone"))
      let field = try item.text("field")
      guard ["state", "postalCode", "region", "source", "owner"].contains(field) || field.hasPrefix("custom.") else {
        throw item.invalid(
          "field", accepted: ["state", "postalCode", "region", "source", "owner", "custom.NAME"],
          "\(item.field("field")): a zone rule goes by one of these fields.")
      }
      rules.append(TimeZoneRule(field: field, equals: try item.text("equals"), timeZone: zone))
    }
    campaign.timeZoneRules = rules
  }

  private func applyTrunks(_ parameters: Parameters, to campaign: inout Campaign) throws(RequestError) {
    if let ring = parameters.optionalSeconds("ringTimeoutSeconds") { campaign.ringTimeout = ring }
    if parameters.isPresent("maximumLiveCalls") {
      campaign.maximumLiveCalls = parameters.optionalInteger("maximumLiveCalls").map { Int($0) }
    }
    if parameters.isPresent("callsPerSecond") { campaign.callsPerSecond = parameters.optionalNumber("callsPerSecond") }
    if parameters.isPresent("trunks") {
      let named = (parameters.optionalStrings("trunks") ?? []).map { TrunkName($0) }
      for trunk in named where trunkRuntime(trunk) == nil {
        throw .invalidParams(
          field: parameters.field("trunks"), value: .string(trunk.rawValue),
          accepted: trunks.map(\.settings.name.rawValue), message: "trunks: no trunk of this name is configured.")
      }
      campaign.trunks = named
    }
    if parameters.isPresent("callerIDs") {
      let region = campaign.region ?? settings.defaultRegion
      var numbers: [String] = []
      for (place, text) in (parameters.optionalStrings("callerIDs") ?? []).enumerated() {
        numbers.append(try phone(text, region: region, "callerIDs[\(place)]").e164)
      }
      campaign.callerIDs = numbers
    }
  }

  private func applyCallDetail(_ parameters: Parameters, to campaign: inout Campaign) {
    var detail = campaign.callDetail ?? CallDetail()
    func take(_ name: String, _ field: WritableKeyPath<CallDetail, String?>) {
      if parameters.isPresent(name) { detail[keyPath: field] = parameters.optionalText(name) }
    }
    take("telemarketer", \.telemarketer)
    take("seller", \.seller)
    take("goods", \.goods)
    take("script", \.script)
    take("callerIDName", \.callerIDName)
    take("callerIDProof", \.callerIDProof)
    if parameters.isPresent("callType") {
      detail.callType = parameters.optionalText("callType").flatMap(CallDetail.CallType.init)
    }
    if parameters.isPresent("prerecorded") { detail.prerecorded = parameters.optionalBoolean("prerecorded") }
    campaign.callDetail = detail == CallDetail() ? nil : detail
  }

  private func wrapCodes(_ items: [Parameters]) throws(RequestError) -> [WrapCode] {
    var codes: [WrapCode] = []
    for item in items {
      let code = try item.text("code")
      guard !codes.contains(where: { $0.code == code }) else {
        throw item.invalid("code", "\(item.field("code")): the code stands twice.")
      }
      codes.append(
        WrapCode(
          code: code, name: try item.text("name"), completed: item.optionalBoolean("completed") ?? false,
          converted: item.optionalBoolean("converted") ?? false, contact: item.optionalBoolean("contact") ?? false,
          doNotCall: item.optionalBoolean("doNotCall") ?? false, callback: item.optionalBoolean("callback") ?? false))
    }
    return codes
  }
}
