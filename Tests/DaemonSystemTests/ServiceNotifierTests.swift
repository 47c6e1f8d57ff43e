import DaemonSystem
import Glibc
import Testing

struct ServiceNotifierTests {
  @Test("the service manager gets each state on a line of one message", arguments: [false, true])
  func notify(isAbstract: Bool) throws {
    let folder = try TemporaryFolder()
    let address = (isAbstract ? "@" : "") + folder.file("notify")
    let socket = try bound(to: address)
    defer { close(socket) }
    #expect(ServiceNotifier.notify([.ready, .status("dialling\n3 lists")], address: address))
    #expect(receive(socket) == "READY=1\nSTATUS=dialling 3 lists")
    #expect(ServiceNotifier.notify([.reloading], address: address))
    #expect(receive(socket).hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
    #expect(ServiceNotifier.notify([.stopping], address: address))
    #expect(receive(socket) == "STOPPING=1")
  }

  @Test("without a service manager, or with one that has gone, nothing happens")
  func nobody() throws {
    let folder = try TemporaryFolder()
    #expect(!ServiceNotifier.notify([.ready], address: nil))
    #expect(!ServiceNotifier.notify([.ready], address: folder.file("gone")))
  }

  private func bound(to name: String) throws -> Int32 {
    let socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(name.utf8)
    if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path)! + bytes.count)
    let result = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) }
    }
    guard result == 0 else { throw SystemError("bind", code: errno, subject: name) }
    return socket
  }

  private func receive(_ socket: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 1000)
    let count = recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT))
    return String(decoding: bytes[..<max(count, 0)], as: UTF8.self)
  }
}
