import DialerModel

/// A field of a lead that a column of a file can fill.
public enum ImportField: Hashable, Sendable {
  /// The next phone that no column names, in the order of the columns.
  case phone
  /// 0 for `phone1`.
  case phoneAt(Int)
  case vendorLeadCode, firstName, lastName, email, source, timeZone, region, state, postalCode, rank, owner
  case custom(String)

  private static let words: [(word: String, field: ImportField)] = [
    ("phone", .phone), ("vendorLeadCode", .vendorLeadCode), ("firstName", .firstName), ("lastName", .lastName),
    ("email", .email), ("source", .source), ("timeZone", .timeZone), ("region", .region), ("state", .state),
    ("postalCode", .postalCode), ("rank", .rank), ("owner", .owner),
  ]

  /// What a mapping may name, for a message.
  public static let names: [String] =
    words.map(\.word) + (1...PhoneSet.capacity).map { "phone\($0)" } + ["custom.NAME"]

  /// The field of this exact name, as a mapping has it.
  public init?(name: String) {
    if let found = Self.words.first(where: { $0.word == name }) {
      self = found.field
    } else if name.hasPrefix("phone"), let place = Int(name.dropFirst(5)), (1...PhoneSet.capacity).contains(place) {
      self = .phoneAt(place - 1)
    } else if name.hasPrefix("custom."), (8...80).contains(name.utf8.count) {
      self = .custom(String(name.dropFirst(7)))
    } else {
      return nil
    }
  }

  public var name: String {
    switch self {
    case .phoneAt(let place): "phone\(place + 1)"
    case .custom(let name): "custom.\(name)"
    default: Self.words.first { $0.field == self }?.word ?? ""
    }
  }

  /// How many bytes the field takes; what is longer is cut. Nil = another rule holds.
  var maximumBytes: Int? {
    switch self {
    case .firstName, .lastName: 128
    case .source, .owner: 64
    case .state: 32
    case .postalCode: 16
    default: nil
    }
  }

  // MARK: - The usual names of columns

  /// Without case, blanks and punctuation.
  private static let usual: [String: ImportField] = {
    var table: [String: ImportField] = [:]
    let names: [(ImportField, [String])] = [
      (
        .vendorLeadCode,
        [
          "vendorleadcode", "leadcode", "leadid", "crmid", "crmleadid", "customerid", "customerkey", "externalid",
          "recordid", "id",
        ]
      ),
      (.firstName, ["firstname", "first", "givenname", "forename", "vorname", "prenom"]),
      (.lastName, ["lastname", "last", "surname", "familyname", "nachname", "nom"]),
      (.email, ["email", "emailaddress", "mail"]), (.source, ["source", "leadsource", "sourceid", "vendor", "form"]),
      (.timeZone, ["timezone", "tz", "zone", "iana", "ianatimezone"]),
      (.region, ["region", "country", "countrycode", "countryiso", "iso2", "land"]),
      (.state, ["state", "province", "stateprovince", "statecode", "territory", "bundesland"]),
      (.postalCode, ["postalcode", "postcode", "zip", "zipcode", "plz"]),
      (.rank, ["rank", "priority", "score"]), (.owner, ["owner", "assignedto", "leadowner", "accountmanager"]),
      (
        .phone,
        [
          "phone", "phonenumber", "telephone", "tel", "mobile", "cell", "cellphone", "mobilephone", "homephone",
          "workphone", "businessphone", "altphone", "alternatephone", "telefon", "msisdn",
        ]
      ),
    ]
    for (field, words) in names { for word in words { table[word] = field } }
    for place in 1...PhoneSet.capacity {
      for word in ["phone", "phonenumber", "telephone", "tel", "mobile", "altphone"] {
        table["\(word)\(place)"] = .phoneAt(place - 1)
      }
    }
    return table
  }()

  /// The field that a column of this header most likely is; nil = none.
  static func likely(_ header: String) -> ImportField? {
    if let exact = ImportField(name: header) { return exact }
    let plain = header.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) }
    var text = ""
    text.unicodeScalars.append(contentsOf: plain)
    return usual[text]
  }
}
