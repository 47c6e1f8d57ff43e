import DaemonSystem
import DialerModel
import Foundation
import Glibc
import Testing

struct UnixSocketTests {
  /// An echo server on `path`; its listener is held by the loop's thread until `stop`.
  private final class EchoServer: @unchecked Sendable {  // `listener` is touched on the loop's thread only
    let runner: LoopThread
    private var listener: UnixListener?
    let peers = Mailbox<PeerCredentials>()

    init(path: String) throws {
      runner = try LoopThread()
      let outcome = runner.on { loop in
        Result<Void, any Error> {
          let listener = try UnixListener(path: path)
          self.listener = listener
          try listener.start(on: loop) { descriptor, peer in
            self.peers.put(peer)
            let connection = Connection(descriptor: descriptor, loop: loop)
            connection.onLine = { [unowned connection] line in connection.send(Array(line) + [10]) }
            try? connection.start()
          }
        }
      }
      try outcome?.get()
    }

    func stop() {
      _ = runner.on { _ in self.listener = nil }
      runner.stop()
    }
  }

  @Test("a client's lines come back in order, and the daemon knows who it is")
  func echo() throws {
    let folder = try TemporaryFolder()
    let server = try EchoServer(path: folder.file("s"))
    defer { server.stop() }
    let client = try UnixClient(path: folder.file("s"))
    for number in 0..<1000 { try client.send(line: "line \(number)") }
    for number in 0..<1000 {
      #expect(try client.receiveLine(within: .generous) == Array("line \(number)".utf8))
    }
    client.finishSending()
    #expect(try client.receiveLine(within: .generous) == nil)
    let peer = try #require(server.peers.take())
    #expect(peer.processID == getpid())
    #expect(peer.userID == geteuid())
    #expect(peer.groupID == getegid())
  }

  @Test("a client that waits for a line that does not come is told so")
  func timeout() throws {
    let folder = try TemporaryFolder()
    let server = try EchoServer(path: folder.file("s"))
    defer { server.stop() }
    let client = try UnixClient(path: folder.file("s"))
    try client.send(Array("not a whole line".utf8))
    #expect { try client.receiveLine(within: Interval(milliseconds: 5)) } throws: {
      ($0 as? SystemError)?.isTimeout == true
    }
  }

  @Test("without a daemon a client is told that nobody listens")
  func nobody() throws {
    let folder = try TemporaryFolder()
    #expect { try UnixClient(path: folder.file("s")) } throws: { ($0 as? SystemError)?.isNobodyListening == true }
  }

  @Test("a socket file that nobody answers on is replaced")
  func stale() throws {
    let folder = try TemporaryFolder()
    try leaveStaleSocket(folder.file("s"))
    let server = try EchoServer(path: folder.file("s"))
    defer { server.stop() }
    let client = try UnixClient(path: folder.file("s"))
    try client.send(line: "here")
    #expect(try client.receiveLine(within: .generous) == Array("here".utf8))
  }

  @Test("a socket that somebody answers on is respected, and goes on answering")
  func live() throws {
    let folder = try TemporaryFolder()
    let server = try EchoServer(path: folder.file("s"))
    defer { server.stop() }
    #expect { try UnixListener(path: folder.file("s")) } throws: { ($0 as? SystemError)?.isAddressInUse == true }
    let client = try UnixClient(path: folder.file("s"))
    try client.send(line: "still here")
    #expect(try client.receiveLine(within: .generous) == Array("still here".utf8))
  }

  @Test("a file that is not a socket is never replaced")
  func notASocket() throws {
    let folder = try TemporaryFolder()
    try Data("precious".utf8).write(to: URL(fileURLWithPath: folder.file("s")))
    #expect(throws: SystemError("replace socket", code: EEXIST, subject: folder.file("s"))) {
      try UnixListener(path: folder.file("s"))
    }
    #expect(try folder.text("s") == "precious")
  }

  @Test("the socket file has exactly the rights that were asked for", arguments: [0o600, 0o660, 0o666] as [UInt32])
  func mode(mode: UInt32) throws {
    let folder = try TemporaryFolder()
    let listener = try UnixListener(path: folder.file("s"), mode: mode)
    var status = stat()
    #expect(stat(folder.file("s"), &status) == 0)
    #expect(status.st_mode & 0o7777 == mode)
    listener.close()
    #expect(stat(folder.file("s"), &status) != 0, "the file goes with the listener")
  }

  @Test("a socket file that another daemon has put in place of ours stays when ours closes")
  func replacedByAnother() throws {
    let folder = try TemporaryFolder()
    let first = try UnixListener(path: folder.file("s"))
    unlink(folder.file("s"))
    let second = try UnixListener(path: folder.file("s"))
    first.close()
    var status = stat()
    #expect(stat(folder.file("s"), &status) == 0)
    second.close()
  }

  @Test("a path that no socket can have is refused", arguments: ["", String(repeating: "x", count: 108)])
  func badPath(path: String) {
    #expect(throws: SystemError.self) { try UnixListener(path: path) }
  }

  /// As a killed daemon leaves it: bound, and closed without being removed.
  private func leaveStaleSocket(_ path: String) throws {
    let listener = try UnixListener(path: path)
    #expect(rename(path, path + ".kept") == 0)
    listener.close()
    #expect(rename(path + ".kept", path) == 0)
    #expect { try UnixClient(path: path) } throws: { ($0 as? SystemError)?.code == ECONNREFUSED }
  }
}
