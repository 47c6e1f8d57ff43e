import DaemonSystem
import Glibc
import Testing

struct FileTests {
  @Test("a held lock is respected, its holder named, and it is free when the holder lets go")
  func lock() throws {
    let folder = try TemporaryFolder()
    var held: FileLock? = try FileLock(path: folder.file("lock"))
    do {
      _ = try FileLock(path: folder.file("lock"))
      Issue.record("locked twice")
    } catch {
      #expect("\(error)" == "lock \(folder.file("lock")): held by process \(getpid())")
    }
    #expect(held != nil)
    held = nil
    #expect(throws: Never.self) { try FileLock(path: folder.file("lock")) }
  }

  @Test("a lock in a folder that is not there is an error of the system")
  func noFolder() throws {
    let folder = try TemporaryFolder()
    do {
      _ = try FileLock(path: folder.file("none/lock"))
      Issue.record("locked nothing")
    } catch {
      guard case .system(let cause) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(cause.code == ENOENT)
    }
  }

  @Test("what is appended is in the file at once, after what was there")
  func appended() throws {
    let folder = try TemporaryFolder()
    try AppendedFile(path: folder.file("dial.log")).append(Array("one\n".utf8))
    let file = try AppendedFile(path: folder.file("dial.log"))
    try file.append(Array("two\n".utf8))
    #expect(try folder.text("dial.log") == "one\ntwo\n")
  }

  @Test("appending to a full disk is an error that says so")
  func fullDisk() throws {
    let file = try AppendedFile(path: "/dev/full")
    #expect { try file.append([10]) } throws: { ($0 as? SystemError)?.isStorageFull == true }
  }

  @Test("an error says what was done to what, and why it failed")
  func description() {
    let error = SystemError("bind", code: EADDRINUSE, subject: "dialerd.sock")
    #expect(error.description == "bind dialerd.sock: Address already in use")
    #expect(SystemError("signalfd", code: EMFILE).description == "signalfd: Too many open files")
  }

  @Test("users and groups are found by name and by id, and those that are not are nil")
  func accounts() {
    #expect(Accounts.userID(named: "root") == 0)
    #expect(Accounts.userName(0) == "root")
    #expect(Accounts.groupID(named: "root") == 0)
    #expect(Accounts.groupName(0) == "root")
    #expect(Accounts.userID(named: "nobody of this name") == nil)
    #expect(Accounts.groupID(named: "nobody of this name") == nil)
    #expect(Accounts.groups(ofUser: 0, primary: 0).contains(0))
    #expect(Accounts.groups(ofUser: 4_000_000_001, primary: 7) == [7])
  }

  @Test("random bytes are as many as asked for, and differ")
  func random() {
    #expect(SystemRandom.bytes(1000).count == 1000)
    #expect(SystemRandom.bytes(32) != SystemRandom.bytes(32))
  }
}
