import DialerModel

/// A strategy in the shape of the control protocol. What is left out is as in the standard strategy.
public enum StrategyCodec {
  static let orderKeys = ["attempts", "lastAttempt", "rank", "entered", "leadID", "random", "phone"]
  static let phoneWords = (1...PhoneSet.capacity).map { "phone\($0)" }
  static let outcomeWords = Outcome.allCases.map(\.word).joined(separator: ", ")
  static let maximumOrderKeys = 4

  /// - Throws: every fault at once, each with its path and what would be accepted there.
  public static func strategy(_ json: JSON) throws(FieldFaults) -> Strategy {
    var reader = FieldReader()
    var strategy = Strategy(strategyID: StrategyID(""), name: "")
    let keys = [
      "strategyID", "name", "order", "newEvery", "phoneOrder", "phonePolicy", "calledCountLimit", "retries",
      "dialable", "completeAfter",
    ]
    if let object = reader.object(json, "", keys: keys) {
      let id = reader.text(object, "strategyID", "", bytes: 1...64, isRequired: true) ?? ""
      strategy.strategyID = StrategyID(id)
      strategy.name = reader.text(object, "name", "", bytes: 1...200) ?? id
      if FieldReader.value(object, "order") != nil { strategy.order = order(object, &reader) }
      strategy.newEvery = reader.integer(object, "newEvery", "", 1...1000)
      if FieldReader.value(object, "phoneOrder") != nil { strategy.phoneOrder = phoneOrder(object, &reader) }
      strategy.phonePolicy = reader.word(object, "phonePolicy", "", PhonePolicy.self) ?? strategy.phonePolicy
      strategy.calledCountLimit = reader.integer(object, "calledCountLimit", "", 1...65_535)
      if FieldReader.value(object, "retries") != nil { strategy.retries = retries(object, &reader) }
      strategy.dialable = dialable(object, &reader)
      if FieldReader.value(object, "completeAfter") != nil { strategy.completeAfter = completeAfter(object, &reader) }
    }
    try reader.finish()
    return strategy
  }

  /// The shape that ``strategy(_:)`` reads back to an equal strategy.
  public static func json(_ strategy: Strategy) -> JSON {
    var object: JSONObject = [
      "strategyID": .string(strategy.strategyID.rawValue), "name": .string(strategy.name),
      "order": JSON(strategy.order),
    ]
    object.append("newEvery", ifPresent: strategy.newEvery.map { JSON($0) })
    object.append("phoneOrder", JSON(strategy.phoneOrder.map { phoneWords[$0] }))
    object.append("phonePolicy", .string(strategy.phonePolicy.rawValue))
    object.append("calledCountLimit", ifPresent: strategy.calledCountLimit.map { JSON($0) })
    object.append("retries", .array(strategy.retries.map(json)))
    object.append("dialable", JSON(strategy.dialable))
    object.append("completeAfter", JSON(strategy.completeAfter.map(\.word)))
    return .object(object)
  }

  private static func json(_ rule: RetryRule) -> JSON {
    var object: JSONObject = ["outcome": .string(rule.outcome.word), "afterSeconds": JSON(rule.after)]
    object.append("limit", ifPresent: rule.limit.map { JSON($0) })
    object.append("nextPhone", .bool(rule.nextPhone))
    object.append("dialNow", .bool(rule.dialNow))
    if rule.priority != 0 { object.append("priority", JSON(rule.priority)) }
    if rule.recycleOnStart { object.append("recycleOnStart", true) }
    return .object(object)
  }

  private static func order(_ object: JSONObject, _ reader: inout FieldReader) -> [String] {
    let accepted = "one of \(orderKeys.joined(separator: ", ")), each once, with - before it for descending"
    var seen: [String] = []
    let elements = reader.array(object, "order", "", maximum: maximumOrderKeys)
    if elements.isEmpty, object["order"]?.arrayValue?.isEmpty == true {
      reader.fault("order", object["order"], "at least one key")
    }
    return elements.compactMap { value, path in
      let key = value.stringValue.map { $0.hasPrefix("-") ? String($0.dropFirst()) : $0 }
      guard let key, let text = value.stringValue, orderKeys.contains(key), !seen.contains(key) else {
        reader.fault(path, value, accepted)
        return nil
      }
      seen.append(key)
      return text
    }
  }

  private static func phoneOrder(_ object: JSONObject, _ reader: inout FieldReader) -> [Int] {
    var seen: [Int] = []
    let elements = reader.array(object, "phoneOrder", "", maximum: PhoneSet.capacity)
    if elements.isEmpty, object["phoneOrder"]?.arrayValue?.isEmpty == true {
      reader.fault("phoneOrder", object["phoneOrder"], "at least one phone")
    }
    for (value, path) in elements {
      guard let index = value.stringValue.flatMap({ phoneWords.firstIndex(of: $0) }), !seen.contains(index) else {
        reader.fault(path, value, "one of \(phoneWords.joined(separator: ", ")), each once")
        continue
      }
      seen.append(index)
    }
    return seen
  }

  private static func retries(_ object: JSONObject, _ reader: inout FieldReader) -> [RetryRule] {
    let keys = ["outcome", "afterSeconds", "limit", "nextPhone", "dialNow", "priority", "recycleOnStart"]
    var seen: [Outcome] = []
    let elements = reader.array(object, "retries", "", maximum: Outcome.allCases.count)
    return elements.compactMap { value, path in
      guard let object = reader.object(value, path, keys: keys) else { return nil }
      let outcome = outcome(FieldReader.value(object, "outcome"), FieldReader.join(path, "outcome"), &reader, &seen)
      let after = reader.seconds(object, "afterSeconds", path, 0...366 * 86_400, isRequired: true)
      let limit = reader.integer(object, "limit", path, 1...255)
      let nextPhone = reader.boolean(object, "nextPhone", path) ?? false
      let dialNow = reader.boolean(object, "dialNow", path) ?? false
      let priority = reader.integer(object, "priority", path, 0...15) ?? 0
      let recycleOnStart = reader.boolean(object, "recycleOnStart", path) ?? false
      guard let outcome, let after else { return nil }
      return RetryRule(
        outcome: outcome, after: after, limit: limit, nextPhone: nextPhone, dialNow: dialNow, priority: priority,
        recycleOnStart: recycleOnStart)
    }
  }

  /// Each outcome once.
  private static func outcome(
    _ value: JSON?, _ path: String, _ reader: inout FieldReader, _ seen: inout [Outcome]
  ) -> Outcome? {
    guard let outcome = value?.stringValue.flatMap({ Outcome(word: $0) }), !seen.contains(outcome) else {
      reader.fault(path, value, "one of \(outcomeWords), each once")
      return nil
    }
    seen.append(outcome)
    return outcome
  }

  private static func dialable(_ object: JSONObject, _ reader: inout FieldReader) -> [String] {
    reader.array(object, "dialable", "", maximum: 100).compactMap { value, path in
      if let code = value.stringValue, StatusCode(code) != nil { return code }
      reader.fault(path, value, "a status of 1 to 8 capitals, digits, - or _")
      return nil
    }
  }

  private static func completeAfter(_ object: JSONObject, _ reader: inout FieldReader) -> [Outcome] {
    var seen: [Outcome] = []
    for (value, path) in reader.array(object, "completeAfter", "", maximum: Outcome.allCases.count) {
      _ = outcome(value, path, &reader, &seen)
    }
    return seen
  }
}
