import DialerModel

/// The id by which a client knows the reply to its request, given back as it came.
public enum RequestID: Sendable, Hashable {
  case null
  case integer(Int64)
  case text(String)

  /// Nil for what JSON-RPC does not allow, and for fractions, which it advises against.
  public init?(_ json: JSON) {
    switch json {
    case .null: self = .null
    case .integer(let value): self = .integer(value)
    case .string(let value): self = .text(value)
    default: return nil
    }
  }

  func write(to writer: inout JSONWriter) {
    switch self {
    case .null: writer.null()
    case .integer(let value): writer.value(value)
    case .text(let value): writer.value(value)
    }
  }
}
