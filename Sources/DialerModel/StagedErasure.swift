/// What has to go out of the rows of an import because somebody was deleted. It is kept from the deletion on until the
/// rows are gone, so that a crash between the two leaves nobody behind.
public struct StagedErasure: Hashable, Codable, Sendable {
  /// Grows; numbers that are free again are given anew.
  public var number: Int
  public var importID: ImportID
  /// Hashes of vendor lead codes, as rows are found by.
  public var codeKeys: Set<UInt64>
  /// Digits of telephone numbers.
  public var phones: Set<UInt64>

  public init(number: Int, importID: ImportID, codeKeys: Set<UInt64>, phones: Set<UInt64>) {
    self.number = number
    self.importID = importID
    self.codeKeys = codeKeys
    self.phones = phones
  }
}
