/// What makes an arriving lead the same as one that is there, where such a one is looked for, and what becomes of it.
///
/// The same for `lead.add` and for imports: they differ only in how they find the leads that come into question.
public struct MatchRule: Hashable, Sendable {
  /// What two leads must have in common. Numbers match whatever place they stand in.
  public enum Key: String, CaseIterable, Codable, Sendable {
    case vendorLeadCode
    case phone
    /// A number, and the same source; none is the same as none.
    case phoneAndSource = "phone+source"
    /// A number, and the same email but for its case; none is the same as none.
    case phoneAndEmail = "phone+email"
    /// First and last name, and email, but for case and space; a lead without either matches none.
    case nameAndEmail = "name+email"
  }
  public enum Scope: String, CaseIterable, Codable, Sendable {
    case list
    /// Every list of each campaign that has the list.
    case campaign
    case tenant
  }
  public enum OnMatch: String, CaseIterable, Codable, Sendable {
    /// The lead that is there gets the new data, where it stands.
    case update
    /// The same, and it goes to the list.
    case move
    case skip
    /// A second lead, with status DUP: it is not dialled.
    case duplicate
    /// A second lead, which is dialled.
    case add
    case reject
  }

  public var key: Key
  public var scope: Scope
  public var onMatch: OnMatch

  public init(_ key: Key = .vendorLeadCode, scope: Scope = .list, onMatch: OnMatch = .update) {
    self.key = key
    self.scope = scope
    self.onMatch = onMatch
  }

  /// Whether such a lead can match any at all: it has what is compared.
  public func applies(to lead: MatchSubject) -> Bool {
    switch key {
    case .vendorLeadCode: lead.vendorLeadCode != nil
    case .phone, .phoneAndSource, .phoneAndEmail: !lead.phones.all.isEmpty
    case .nameAndEmail: lead.nameKey != 0 && lead.emailKey != 0
    }
  }

  public func matches(_ lead: MatchSubject, _ other: MatchSubject) -> Bool {
    guard applies(to: lead) else { return false }
    switch key {
    case .vendorLeadCode: return lead.vendorLeadCode == other.vendorLeadCode
    case .phone: return lead.sharesPhone(with: other)
    case .phoneAndSource: return (lead.source ?? "") == (other.source ?? "") && lead.sharesPhone(with: other)
    case .phoneAndEmail: return lead.emailKey == other.emailKey && lead.sharesPhone(with: other)
    case .nameAndEmail: return lead.emailKey == other.emailKey && lead.nameKey == other.nameKey
    }
  }

  /// A number for each thing by which the lead can match: two leads match when they share one, and only then (but for two
  /// hashes of 64 bits that meet). For those who look a lead up instead of comparing it with all; empty = it matches none.
  public func keys(of lead: MatchSubject) -> [UInt64] {
    guard applies(to: lead) else { return [] }
    func with(_ other: UInt64) -> [UInt64] {
      lead.phones.all.map { SeededGenerator.mix($0.digits ^ SeededGenerator.mix(other)) }
    }
    switch key {
    case .vendorLeadCode: return lead.vendorLeadCode.map { [TextKey.hash($0.utf8)] } ?? []
    case .phone: return lead.phones.all.map(\.digits)
    case .phoneAndSource: return with(TextKey.hash((lead.source ?? "").utf8))
    case .phoneAndEmail: return with(lead.emailKey)
    case .nameAndEmail: return [SeededGenerator.mix(lead.nameKey) ^ lead.emailKey]
    }
  }

  /// What is to be done with a lead that arrives for a list.
  ///
  /// - Parameters:
  ///   - candidates: leads of the scope that may match, at least all that do; archived ones are left out by the caller.
  ///     Of several, one of the list itself is taken before others, and the oldest before younger ones.
  public func decision(
    for lead: MatchSubject, arrivingIn list: ListID, among candidates: [MatchCandidate]
  ) -> MatchDecision {
    match(for: lead, arrivingIn: list, among: candidates).map { decision(matching: $0.leadID) } ?? .add
  }

  /// The one of the candidates that the lead is the same as; nil = it is a lead of its own.
  public func match(
    for lead: MatchSubject, arrivingIn list: ListID, among candidates: [MatchCandidate]
  ) -> MatchCandidate? {
    candidates.filter { matches(lead, $0.subject) }
      .min { ($0.listID == list ? 0 : 1, $0.leadID) < ($1.listID == list ? 0 : 1, $1.leadID) }
  }

  /// The same, where the lead that matches is known.
  public func decision(matching existing: LeadID) -> MatchDecision {
    switch onMatch {
    case .update: .update(existing)
    case .move: .move(existing)
    case .skip: .skip(existing)
    case .duplicate: .addDuplicate(of: existing)
    case .add: .add
    case .reject: .reject(existing)
    }
  }
}

/// What of a lead is compared with another.
public struct MatchSubject: Hashable, Sendable {
  public var vendorLeadCode: String?
  public var phones: PhoneSet
  public var source: String?
  /// ``TextKey/email(_:)``.
  public var emailKey: UInt64
  /// ``TextKey/name(first:last:)``.
  public var nameKey: UInt64

  public init(
    vendorLeadCode: String? = nil, phones: PhoneSet, source: String? = nil, emailKey: UInt64 = 0, nameKey: UInt64 = 0
  ) {
    self.vendorLeadCode = vendorLeadCode
    self.phones = phones
    self.source = source
    self.emailKey = emailKey
    self.nameKey = nameKey
  }

  func sharesPhone(with other: MatchSubject) -> Bool {
    for place in 0..<PhoneSet.capacity {
      guard let phone = phones[place] else { continue }
      for otherPlace in 0..<PhoneSet.capacity where other.phones[otherPlace] == phone { return true }
    }
    return false
  }
}

/// A lead that is there and may be the same.
public struct MatchCandidate: Hashable, Sendable {
  public var leadID: LeadID
  public var listID: ListID
  public var subject: MatchSubject
  public init(leadID: LeadID, listID: ListID, subject: MatchSubject) {
    self.leadID = leadID
    self.listID = listID
    self.subject = subject
  }
}

/// What becomes of a lead that arrives.
public enum MatchDecision: Hashable, Sendable {
  /// It is a lead of its own.
  case add
  /// It is added with status DUP.
  case addDuplicate(of: LeadID)
  case update(LeadID)
  /// To the list that it arrived in.
  case move(LeadID)
  case skip(LeadID)
  case reject(LeadID)
}
