import DialerModel

/// From typed text to E.164. The order of the steps is libphonenumber's, since each decides what the next one sees.
extension NumberingPlan {
  /// Reads typed text as a number of the plan. Without plus sign or international prefix it is a number of the region; the
  /// region also says which international prefix is dialled there, and which national one.
  public func parse(_ text: String, region: String?) -> Result<PhoneNumber, PhoneNumberFault> {
    var text = text
    return text.withUTF8 { parse(utf8: $0, region: region) }
  }

  /// The same over UTF-8, for a slice of a line that is being read. Plain digits and punctuation take no memory.
  public func parse(utf8 bytes: UnsafeBufferPointer<UInt8>, region: String?) -> Result<PhoneNumber, PhoneNumberFault> {
    switch TypedNumber.read(bytes) {
    case .failure(let fault): return .failure(fault)
    case .success(let typed): return number(typed, region: region)
    }
  }

  public func parse(utf8 bytes: ArraySlice<UInt8>, region: String?) -> Result<PhoneNumber, PhoneNumberFault> {
    bytes.withUnsafeBufferPointer { parse(utf8: $0, region: region) }
  }

  public func parse(utf8 bytes: Span<UInt8>, region: String?) -> Result<PhoneNumber, PhoneNumberFault> {
    bytes.withUnsafeBufferPointer { parse(utf8: $0, region: region) }
  }

  private func number(_ typed: TypedNumber, region name: String?) -> Result<PhoneNumber, PhoneNumberFault> {
    let home = name.flatMap(rules(named:))
    if home == nil, !typed.hasPlus {
      return .failure(name.map { .unknownRegion(String($0.prefix(8))) } ?? .noRegion)
    }
    switch split(typed.digits, hasPlus: typed.hasPlus, home: home) {
    case .failure(let fault): return .failure(fault)
    case .success(let parts): return number(parts)
    }
  }

  /// A number in its two parts.
  private struct Parts {
    /// The main region of the country code, or the region the number was typed in.
    var region: RegionRules
    var national: DigitString
  }

  private func split(
    _ digits: DigitString, hasPlus: Bool, home: RegionRules?
  ) -> Result<Parts, PhoneNumberFault> {
    if hasPlus {
      let parts = international(digits)
      // "+00 44 …" is typed too: with no country code behind it, the plus sign is taken for a slip.
      guard parts == nil, digits.count > 2, let home else { return found(parts, in: digits) }
      guard let rest = withoutInternationalPrefix(digits, home: home) else { return .failure(.unknownCountryCode) }
      return found(international(rest), in: rest)
    }
    guard let home else { return .failure(.noRegion) }
    if let rest = withoutInternationalPrefix(digits, home: home) { return found(international(rest), in: rest) }
    return .success(homeCode(digits, home: home) ?? Parts(region: home, national: digits))
  }

  private func found(_ parts: Parts?, in digits: DigitString) -> Result<Parts, PhoneNumberFault> {
    if let parts { return .success(parts) }
    let tooShort = PhoneNumberFault.tooShort(region: nil, digits: digits.count, lengths: NumberLengths(mask: 0))
    return .failure(digits.count <= 2 ? tooShort : .unknownCountryCode)
  }

  private func international(_ digits: DigitString) -> Parts? {
    guard digits.count > 2, let code = countryCode(of: digits) else { return nil }
    return Parts(region: rules[sharing[code.regions.lowerBound]], national: digits.dropFirst(code.length))
  }

  /// No country code begins with zero: a zero behind the prefix means that it was none.
  private func withoutInternationalPrefix(_ digits: DigitString, home: RegionRules) -> DigitString? {
    guard let match = home.internationalPrefix.match(digits) else { return nil }
    let rest = digits.dropFirst(match.length)
    return rest.count > 0 && rest[0] == 0 ? nil : rest
  }

  /// A number typed with the country code of the region but no sign of it: taken so if it fits the region only without
  /// the code, or is too long with it.
  private func homeCode(_ digits: DigitString, home: RegionRules) -> Parts? {
    guard digits.hasPrefix(home.countryCodeDigits) else { return nil }
    let bare = digits.dropFirst(home.countryCodeDigits.count)
    let national = home.withoutNationalPrefix(bare, in: automaton)
    let fitsOnlyBare =
      !home.matchesGeneral(digits, in: automaton) && home.matchesGeneral(national, in: automaton)
    guard fitsOnlyBare || digits.count > home.lengths.longest else { return nil }
    let main = rules[sharing[regionsByCode[home.countryCode].lowerBound]]
    return Parts(region: main, national: national)
  }

  private func number(_ parts: Parts) -> Result<PhoneNumber, PhoneNumberFault> {
    var national = parts.national
    let region = parts.region
    // Digits are taken off only if a number of the region can be as short as what is left.
    let stripped = region.withoutNationalPrefix(national, in: automaton)
    if region.lengths.contains(stripped.count) || stripped.count > region.lengths.longest { national = stripped }
    let code = regionsByCode[region.countryCode]
    let owner = rules(of: national, sharing: code)
    guard let owner, owner.kinds(of: national, in: automaton) != 0 else { return .failure(region.fault(of: national)) }
    let digits = region.countryCodeDigits.appending(national)
    guard digits.count <= Self.digitLimit, let value = digits.value else { return .failure(.overlong) }
    return .success(PhoneNumber(digits: value))
  }
}
