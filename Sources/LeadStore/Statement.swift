import CSQLite
import DialerModel

/// A prepared statement. Parameters count from 1, columns from 0, as in SQLite.
final class Statement {
  /// Keeps the connection open below as long as it lives (`sqlite3_close_v2`).
  let handle: OpaquePointer

  init(handle: OpaquePointer) { self.handle = handle }

  deinit { sqlite3_finalize(handle) }

  @inline(__always) func reset() { sqlite3_reset(handle) }

  /// Whether there is a row.
  @inline(__always) func step() throws(StoreError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    throw failure(code)
  }

  /// Runs to the end and is ready to be bound again.
  @inline(__always) func run() throws(StoreError) {
    let code = sqlite3_step(handle)
    guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure(code) }
    sqlite3_reset(handle)
  }

  private func failure(_ code: Int32) -> StoreError {
    let error = Connection.error("step", code, sqlite3_db_handle(handle))
    sqlite3_reset(handle)
    return error
  }

  // MARK: Parameters

  @inline(__always) func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }
  @inline(__always) func bind(_ index: Int32, _ value: Int) { sqlite3_bind_int64(handle, index, Int64(value)) }
  @inline(__always) func bind(_ index: Int32, _ value: Double) { sqlite3_bind_double(handle, index, value) }
  @inline(__always) func bindNull(_ index: Int32) { sqlite3_bind_null(handle, index) }

  @inline(__always) func bind(_ index: Int32, _ value: Int64?) {
    if let value { sqlite3_bind_int64(handle, index, value) } else { sqlite3_bind_null(handle, index) }
  }

  /// Null for zero.
  @inline(__always) func bind(_ index: Int32, nonZero value: UInt64) {
    if value == 0 { sqlite3_bind_null(handle, index) } else { bind(index, Int64(bitPattern: value)) }
  }

  func bind(_ index: Int32, _ text: String?) {
    guard var text else { return bindNull(index) }
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        // An empty buffer has no address, and no address is a null.
        _ = dialerd_bind_text(handle, index, $0.baseAddress ?? Self.nothing, Int32($0.count))
      }
    }
  }

  func bind(_ index: Int32, blob bytes: [UInt8]) {
    bytes.withUnsafeBytes {
      _ = dialerd_bind_blob(handle, index, $0.baseAddress ?? UnsafeRawPointer(Self.nothing), Int32($0.count))
    }
  }

  /// The code as text, without making a string.
  @inline(__always) func bind(_ index: Int32, status: StatusCode) {
    let count = max(0, 8 - status.packed.leadingZeroBitCount / 8)
    withUnsafeBytes(of: status.packed.bigEndian) {
      let text = UnsafeRawBufferPointer(rebasing: $0.suffix(count))
      _ = dialerd_bind_text(
        handle, index, text.baseAddress?.assumingMemoryBound(to: CChar.self) ?? Self.nothing, Int32(text.count))
    }
  }

  /// Bytes that stay where they are until the statement is reset.
  @inline(__always) func bind(_ index: Int32, staticText bytes: UnsafeRawBufferPointer?) {
    guard let bytes else { return bindNull(index) }
    _ = dialerd_bind_text_static(
      handle, index, bytes.baseAddress?.assumingMemoryBound(to: CChar.self) ?? Self.nothing, Int32(bytes.count))
  }

  @inline(__always) func bind(_ index: Int32, staticBlob bytes: UnsafeRawBufferPointer?) {
    guard let bytes else { return bindNull(index) }
    _ = dialerd_bind_blob_static(handle, index, bytes.baseAddress ?? UnsafeRawPointer(Self.nothing), Int32(bytes.count))
  }

  /// The address of no bytes. Never freed, never written.
  nonisolated(unsafe) private static let nothing = UnsafePointer(UnsafeMutablePointer<CChar>.allocate(capacity: 1))

  // MARK: Columns

  @inline(__always) func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
  @inline(__always) func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }
  @inline(__always) func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  @inline(__always) func optionalInteger(_ column: Int32) -> Int64? {
    isNull(column) ? nil : sqlite3_column_int64(handle, column)
  }

  func optionalInstant(_ column: Int32) -> Instant? { optionalInteger(column).map { Instant(milliseconds: $0) } }
  func instant(_ column: Int32) -> Instant { Instant(milliseconds: integer(column)) }

  func text(_ column: Int32) -> String { optionalText(column) ?? "" }

  func optionalText(_ column: Int32) -> String? {
    bytes(column).map { String(decoding: $0, as: UTF8.self) }
  }

  func blob(_ column: Int32) -> [UInt8] { bytes(column).map { [UInt8]($0) } ?? [] }

  /// The bytes of a text or blob, valid until the next step or reset; nil for null.
  @inline(__always) func bytes(_ column: Int32) -> UnsafeRawBufferPointer? {
    guard let start = sqlite3_column_blob(handle, column) else {
      // An empty text or blob has no address either.
      return isNull(column) ? nil : UnsafeRawBufferPointer(start: Self.nothing, count: 0)
    }
    return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }
}
