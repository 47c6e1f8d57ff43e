import DialerModel

/// Which column of a file fills which fields.
public struct ColumnMapping: Hashable, Sendable {
  /// The headers, or without a header row the numbers of the columns from 1.
  public let columns: [String]
  /// By column; an empty one is dropped.
  public let fields: [[ImportField]]

  /// - Parameter first: the first record of the file.
  /// - Throws: `noHeader`, `noMapping`, `unknownColumn`.
  public init(first: CSVRecord, options: ImportOptions) throws(ImportFault) {
    let headers = first.fields.map { $0.trimmed }
    if let mapping = options.mapping {
      columns = options.hasHeader ? headers : headers.indices.map { "\($0 + 1)" }
      fields = try Self.byHand(mapping, columns)
    } else {
      guard options.hasHeader else { throw .noHeader }
      columns = headers
      fields = Self.byName(headers)
    }
    let all = fields.joined()
    guard all.contains(where: { if case .phoneAt = $0 { true } else { $0 == .phone } }) else { throw .noMapping }
  }

  private static func byHand(
    _ mapping: [String: [String]], _ columns: [String]
  ) throws(ImportFault) -> [[ImportField]] {
    var fields = [[ImportField]](repeating: [], count: columns.count)
    for (column, names) in mapping.sorted(by: { $0.key < $1.key }) {
      // The exact header first: two may differ in case alone.
      guard
        let place = columns.firstIndex(of: column.trimmed)
          ?? columns.firstIndex(where: { $0.lowercased() == column.trimmed.lowercased() })
      else { throw .unknownColumn(String(column.prefix(64))) }
      fields[place] += names.compactMap { ImportField(name: $0) }
    }
    return placed(fields)
  }

  /// Each field goes to the first column that looks like it.
  private static func byName(_ headers: [String]) -> [[ImportField]] {
    var taken: Set<ImportField> = []
    return placed(
      headers.map { header in
        guard let field = ImportField.likely(header) else { return [] }
        return field == .phone || taken.insert(field).inserted ? [field] : []
      })
  }

  /// Phones without a place take the free ones; what is more than five is dropped.
  private static func placed(_ fields: [[ImportField]]) -> [[ImportField]] {
    var free = (0..<PhoneSet.capacity).filter { place in !fields.joined().contains(.phoneAt(place)) }[...]
    return fields.map { column in
      column.compactMap { field in
        guard field == .phone else { return field }
        return free.popFirst().map { .phoneAt($0) }
      }
    }
  }

  /// Every field that the file fills; what it does not fill stays as it is when a lead is updated.
  public var filled: Set<ImportField> { Set(fields.joined()) }

  /// The column of a header, or of a field's name; nil = there is none.
  public func column(named name: String) -> Int? {
    columns.firstIndex(of: name)
      ?? ImportField(name: name).flatMap { field in
        fields.firstIndex { $0.contains(field) }
      }
  }
}

extension String {
  /// Without blanks, tabs, line breaks and no-break spaces around it.
  var trimmed: String {
    guard let first = utf8.first, let last = utf8.last else { return self }
    if first > 0x20, first < 0x80, last > 0x20, last < 0x80 { return self }
    func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
    guard let start = unicodeScalars.firstIndex(where: { !isBlank($0) }),
      let end = unicodeScalars.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(unicodeScalars[start...end])
  }
}
