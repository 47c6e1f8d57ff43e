/// One part of a strategy's order within a list, as `attempts` or `-rank` (down).
public struct OrderComponent: Hashable, Sendable, CustomStringConvertible {
  /// What is compared. The words are those of the control protocol.
  public enum Field: String, CaseIterable, Sendable {
    case attempts, lastAttempt, rank, entered, leadID, random, phone
  }

  public enum Direction: Sendable { case up, down }

  public var field: Field
  public var direction: Direction

  public init(_ field: Field, _ direction: Direction = .up) {
    self.field = field
    self.direction = direction
  }

  /// Reads a field's word, with `-` before it for "down"; nil for anything else.
  public init?(_ text: String) {
    let isDown = text.hasPrefix("-")
    guard let field = Field(rawValue: isDown ? String(text.dropFirst()) : text) else { return nil }
    self.init(field, isDown ? .down : .up)
  }

  public var description: String { direction == .down ? "-" + field.rawValue : field.rawValue }
}

/// Why an order cannot be used; the caller answers the request with it.
public enum OrderError: Error, Hashable, Sendable {
  /// The word is not a field of the order.
  case unknownComponent(String)
  /// More than ``SelectionKeyEncoder/maximumComponents``.
  case tooManyComponents(Int)
}
