import DialerModel

/// A row of a file as the lead that it is to become.
public struct LeadDraft: Hashable, Sendable {
  public var vendorLeadCode: String?
  public var phones = PhoneSet()
  public var firstName: String?
  public var lastName: String?
  public var email: String?
  public var source: String?
  public var owner: String?
  public var postalCode: String?
  public var region: String?
  public var state: String?
  /// Nil = none.
  public var rank: Int32?
  public var zone = ""
  public var zoneSource = TimeZoneSource.lead
  public var custom = JSONObject()
  /// Fields whose values were longer than they may be.
  public var cut: [String] = []

  public init() {}

  public var emailKey: UInt64 { TextKey.email(email) }
  public var nameKey: UInt64 { TextKey.name(first: firstName, last: lastName) }

  public var subject: MatchSubject {
    MatchSubject(
      vendorLeadCode: vendorLeadCode, phones: phones, source: source, emailKey: emailKey, nameKey: nameKey)
  }
}

extension LeadDraft: RuledLead {
  public func ruledValue(_ field: FilterField) -> JSON? {
    func text(_ value: String?) -> JSON? { value.map { .string($0) } }
    switch field {
    case .vendorLeadCode: return text(vendorLeadCode)
    case .firstName: return text(firstName)
    case .lastName: return text(lastName)
    case .email: return text(email)
    case .source: return text(source)
    case .owner: return text(owner)
    case .postalCode: return text(postalCode)
    case .state: return text(state)
    case .region: return text(region)
    case .rank: return rank.map { JSON($0) }
    case .phone1: return text(phones[0]?.e164)
    case .phone2: return text(phones[1]?.e164)
    case .phone3: return text(phones[2]?.e164)
    case .phone4: return text(phones[3]?.e164)
    case .phone5: return text(phones[4]?.e164)
    case .custom(let name): return custom[name]
    default: return nil
    }
  }

  public mutating func setRuledValue(_ field: FilterField, _ value: JSON?) {
    let text = value.map { $0.stringValue ?? $0.text }
    switch field {
    case .vendorLeadCode: vendorLeadCode = text
    case .firstName: firstName = text
    case .lastName: lastName = text
    case .email: email = text
    case .source: source = text
    case .owner: owner = text
    case .postalCode: postalCode = text
    case .custom(let name): custom[name] = value
    default: break
    }
  }
}
