import CSQLite
import DialerModel
import Foundation
import Glibc

/// A file of US leads, as a CRM exports it: a key, names, two numbers, email, state, postal code, source.
struct ImportFile {
  let path: String
  let rows: Int

  static let states = [
    "CA", "TX", "FL", "NY", "PA", "IL", "OH", "GA", "NC", "MI", "NJ", "VA", "WA", "AZ", "MA", "TN", "IN", "MO",
  ]
  private static let areas = [
    212, 213, 214, 215, 216, 303, 305, 312, 313, 314, 404, 412, 415, 503, 512, 602, 617, 702, 713, 801,
  ]

  /// As people and programs write it; every row has another one, in an order that follows no other column.
  static func phone(_ number: Int) -> String {
    let mixed = number &* 7_368_787 % 78_400_000
    let area = areas[mixed % areas.count]
    let rest = mixed / areas.count
    let exchange = 220 + rest / 10_000
    let line = String(10_000 + rest % 10_000).dropFirst()
    return number % 3 == 0
      ? "(\(area)) \(exchange)-\(line)"
      : number % 3 == 1 ? "\(area)\(exchange)\(line)" : "+1 \(area)-\(exchange)-\(line)"
  }

  init(path: String, rows: Int) throws {
    self.path = path
    self.rows = rows
    guard let file = fopen(path, "w") else { throw BenchmarkError("\(path) cannot be written") }
    defer { fclose(file) }
    fputs("Lead ID,First Name,Last Name,Email,Phone,Alt Phone 2,State,ZIP,Source\r\n", file)
    for row in 0..<rows {
      let second = row % 2 == 0 ? Self.phone(row + 40_000_000) : ""
      fputs(
        "CRM-\(row),First\(row % 5000),Last \(row),p\(row)@example.com,\(Self.phone(row)),\(second),"
          + "\(Self.states[row % Self.states.count]),\(10_000 + row % 80_000),partner\r\n", file)
    }
  }

  /// The same file into one bare table in one transaction, as `.import` of the sqlite3 shell does it; seconds.
  func secondsIntoBareTable(_ database: String) throws -> Double {
    for suffix in ["", "-wal", "-shm"] { unlink(database + suffix) }
    defer { for suffix in ["", "-wal", "-shm"] { unlink(database + suffix) } }
    return try Stopwatch.seconds {
      var handle: OpaquePointer?
      var insert: OpaquePointer?
      guard sqlite3_open(database, &handle) == SQLITE_OK else { throw BenchmarkError("no reference database") }
      defer { sqlite3_close(handle) }
      let columns = 9
      let names = (1...columns).map { "c\($0) TEXT" }.joined(separator: ", ")
      sqlite3_exec(handle, "PRAGMA journal_mode = WAL; CREATE TABLE bare (\(names)); BEGIN", nil, nil, nil)
      let marks = Array(repeating: "?", count: columns).joined(separator: ", ")
      guard sqlite3_prepare_v2(handle, "INSERT INTO bare VALUES (\(marks))", -1, &insert, nil) == SQLITE_OK,
        let file = fopen(path, "r")
      else { throw BenchmarkError("the reference cannot be made") }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 4096)
      while fgets(&line, Int32(line.count), file) != nil {
        line.withUnsafeMutableBufferPointer { insertRow($0, insert) }
      }
      sqlite3_finalize(insert)
      guard sqlite3_exec(handle, "COMMIT", nil, nil, nil) == SQLITE_OK else { throw BenchmarkError("no commit") }
    }
  }

  private func insertRow(_ line: UnsafeMutableBufferPointer<CChar>, _ insert: OpaquePointer?) {
    var start = 0
    var column: Int32 = 1
    var at = 0
    while true {
      let byte = UInt8(bitPattern: line[at])
      if byte == UInt8(ascii: ",") || byte == 13 || byte == 10 || byte == 0 {
        if let base = line.baseAddress { sqlite3_bind_text(insert, column, base + start, Int32(at - start), nil) }
        column += 1
        start = at + 1
        if byte != UInt8(ascii: ",") { break }
      }
      at += 1
    }
    sqlite3_step(insert)
    sqlite3_reset(insert)
  }
}
