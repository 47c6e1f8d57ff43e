import CSQLite

/// Why the store could not do something. It carries no value that was bound, so it may be logged as it is.
public struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What the caller can do about it.
  public enum Kind: String, Sendable, Hashable {
    /// The disk (or the quota) is full: goes on once there is space.
    case full
    /// The database or its directory may not be written.
    case readOnly
    /// The file is damaged or is no database of ours: restore a backup.
    case corrupt
    /// Another process holds the database: try again.
    case busy
    /// The disk failed to read or write.
    case ioError
    /// Everything else: a newer schema, a rejected row, a store that is closed.
    case other
  }

  /// A short phrase: "open", "commit", "check".
  public let operation: String
  /// SQLite's extended result code; 0 where the error is our own.
  public let code: Int32
  public let codeName: String
  public let kind: Kind
  /// One sentence for a person.
  public let message: String

  public var description: String { "store \(operation) failed: \(message) (\(codeName))" }

  init(operation: String, code: Int32, message: String) {
    self.operation = operation
    self.code = code
    codeName = Self.name(of: code)
    kind = Self.kind(of: code)
    self.message = message
  }

  /// An error of our own, in which SQLite has no part.
  init(operation: String, kind: Kind, name: String, message: String) {
    self.operation = operation
    code = 0
    codeName = name
    self.kind = kind
    self.message = message
  }

  /// The name of the error for a cursor that no answer to this query gave.
  public static let badCursor = "cursor"

  /// The name of the error for a filter of which no query can be made.
  public static let longFilter = "filter"

  static func closed(_ operation: String) -> StoreError {
    StoreError(operation: operation, kind: .other, name: "store-closed", message: "the store is closed")
  }

  private static func kind(of code: Int32) -> Kind {
    switch code & 0xFF {
    case SQLITE_FULL: .full
    case SQLITE_READONLY, SQLITE_PERM: .readOnly
    case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
    case SQLITE_BUSY, SQLITE_LOCKED: .busy
    // A write that came short is how a full file system shows itself below SQLite's own ENOSPC check.
    case SQLITE_IOERR: .ioError
    // No such directory, or no right to read in it.
    case SQLITE_CANTOPEN: .ioError
    default: .other
    }
  }

  private static func name(of code: Int32) -> String {
    switch code & 0xFF {
    case SQLITE_ERROR: "SQLITE_ERROR"
    case SQLITE_INTERNAL: "SQLITE_INTERNAL"
    case SQLITE_PERM: "SQLITE_PERM"
    case SQLITE_ABORT: "SQLITE_ABORT"
    case SQLITE_BUSY: "SQLITE_BUSY"
    case SQLITE_LOCKED: "SQLITE_LOCKED"
    case SQLITE_NOMEM: "SQLITE_NOMEM"
    case SQLITE_READONLY: "SQLITE_READONLY"
    case SQLITE_INTERRUPT: "SQLITE_INTERRUPT"
    case SQLITE_IOERR: "SQLITE_IOERR/\(code >> 8)"
    case SQLITE_CORRUPT: "SQLITE_CORRUPT"
    case SQLITE_FULL: "SQLITE_FULL"
    case SQLITE_CANTOPEN: "SQLITE_CANTOPEN"
    case SQLITE_CONSTRAINT: "SQLITE_CONSTRAINT/\(code >> 8)"
    case SQLITE_MISMATCH: "SQLITE_MISMATCH"
    case SQLITE_MISUSE: "SQLITE_MISUSE"
    case SQLITE_NOTADB: "SQLITE_NOTADB"
    default: "SQLITE_\(code)"
    }
  }
}

extension StoreError {
  /// The same error, named after what the caller was about.
  init(operation: String, after error: StoreError) {
    self =
      error.code == 0
      ? error : StoreError(operation: operation, code: error.code, message: error.message)
  }
}
