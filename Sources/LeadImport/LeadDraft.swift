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
  /// Values that were longer than their field takes.
  public var cut = 0

  public init() {}

  public var emailKey: UInt64 { TextKey.email(email) }
  public var nameKey: UInt64 { TextKey.name(first: firstName, last: lastName) }

  /// By what the lead is the same as another, as one number each; empty = it is the same as none.
  public func keys(_ match: ImportMatch) -> [UInt64] {
    switch match {
    case .vendorLeadCode: return vendorLeadCode.map { [TextKey.hash($0.utf8)] } ?? []
    case .phone: return phones.all.map(\.digits)
    case .phoneAndSource: return phones.all.map { Self.key($0, TextKey.hash((source ?? "").utf8)) }
    case .phoneAndEmail: return phones.all.map { Self.key($0, emailKey) }
    case .nameAndEmail:
      let (name, email) = (nameKey, emailKey)
      return name == 0 || email == 0 ? [] : [SeededGenerator.mix(name) ^ email]
    }
  }

  /// One number and one other hash.
  public static func key(_ phone: PhoneNumber, _ other: UInt64) -> UInt64 {
    SeededGenerator.mix(phone.digits ^ SeededGenerator.mix(other))
  }
}
