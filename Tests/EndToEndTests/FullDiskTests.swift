import DialerModel
import Foundation
import Glibc
import Testing

/// A disk that takes no more: dialling stops, readers are served, and nothing is lost once there is room again.
extension EndToEnd {
  @Suite(.serialized)
  struct FullDiskTests {
    @Test("a full disk stops dialling and changes, not reads; with space again it dials on and nothing is lost")
    func fullDisk() throws {
      let daemon = try DaemonUnderTest(options("db/dialer.sqlite"), starting: false)
      guard let disk = try SmallDisk(path: daemon.folder.path("db"), in: daemon.folder) else {
        print("skipped: a small file system cannot be mounted here")
        return
      }
      try daemon.start()
      let client = try dialling(daemon)
      try disk.fill()
      try waitUntilWritable(client, false)
      try checkStopped(daemon, client)
      #expect(daemon.log.contains("store.failed"))
      #expect(daemon.log.contains("nothing is dialled and nothing changed until it can"))

      try disk.empty()
      try waitUntilWritable(client, true)
      #expect(daemon.log.contains("store.writable"))
      try checkWentOn(daemon, client)
    }

    @Test("a limit of file size is met as a full disk is, and does not end the daemon")
    func fileSizeLimit() throws {
      guard FileManager.default.isExecutableFile(atPath: "/usr/bin/prlimit") else {
        print("skipped: prlimit is not installed")
        return
      }
      let daemon = try DaemonUnderTest(options("dialer.sqlite"))
      let client = try dialling(daemon)
      try limitFileSize(daemon, "8192")
      try waitUntilWritable(client, false)
      try checkStopped(daemon, client)

      try limitFileSize(daemon, "unlimited")
      try waitUntilWritable(client, true)
      try checkWentOn(daemon, client)
    }

    // MARK: Steps

    private func options(_ database: String) -> DaemonUnderTest.Options {
      var options = DaemonUnderTest.Options()
      options.database = database
      options.speed = 25
      return options
    }

    /// Calls are being made, and there are many more to make.
    private func dialling(_ daemon: DaemonUnderTest) throws -> ControlClient {
      let client = try daemon.client()
      try client.makeCampaign()
      try client.addLeads(600, to: 1, digits: [0, 1, 2, 8])
      try client.call("event.subscribe", ["from": 1])
      try client.call("campaign.start", ["campaignID": "c"])
      var left = 20
      try client.events { event in
        if event.type == "attempt.ended" { left -= 1 }
        return left == 0
      }
      return client
    }

    private func limitFileSize(_ daemon: DaemonUnderTest, _ size: String) throws {
      let run = try RunningProgram.run(
        "/usr/bin/prlimit", ["--pid", "\(daemon.processID)", "--fsize=\(size):"], in: daemon.folder)
      #expect(run.status == 0, "\(run.output)")
    }

    /// Asks until it is so: the daemon tries once a second. A request that was under way at the failure is refused.
    private func waitUntilWritable(_ client: ControlClient, _ writable: Bool) throws {
      for _ in 0..<1_000_000 {
        do {
          if try client.call("daemon.status")["storeWritable"] == .bool(writable) { return }
        } catch let refusal as Refusal where refusal.reason == "unavailable" { continue }
      }
      throw Stuck("the store does not become \(writable ? "writable" : "unwritable")")
    }

    /// Nothing is claimed and nothing changed, and whoever reads is answered.
    private func checkStopped(_ daemon: DaemonUnderTest, _ client: ControlClient) throws {
      let change: JSON = ["listID": 50, "name": "Fifty"]
      #expect(try client.refusal("list.create", change)?.reason == "unavailable")
      let last = try client.call("daemon.status")["lastEvent"]
      let dialled = daemon.dialLog.count
      for _ in 0..<20 {
        #expect(try client.call("lead.get", ["vendorLeadCode": "L1-0"])["leadID"] == 1)
        #expect(try client.lists()[1]?["total"] == 600)
        #expect(try client.refusal("list.get", ["listID": 50])?.reason == "not-found")
        // What comes from the projection is answered as well; as of when, if it lags behind the journal.
        #expect(try client.call("lead.find", ["limit": 1])["leads"]?.arrayValue?.count == 1)
        #expect(try client.call("report.calls", ["limit": 1])["attempts"]?.arrayValue != nil)
        #expect(try client.call("campaign.stats", ["campaignID": "c"])["calls"]?.integerValue != nil)
      }
      #expect(try client.call("daemon.status")["lastEvent"] == last)
      #expect(daemon.dialLog.count == dialled)
      #expect(daemon.program?.isRunning == true)
    }

    private func checkWentOn(_ daemon: DaemonUnderTest, _ client: ControlClient) throws {
      try client.call("list.create", ["listID": 50, "name": "Fifty"])
      try client.eventsUntilDry()
      let course = try CallCourse(daemon)
      course.check()
      #expect(Set(course.started.map(\.leadID)).count == 600)
      #expect(try daemon.stop() == 0)
    }
  }

  /// A small file system in memory; larger than the store lets its write-ahead log become before it is brought over.
  final class SmallDisk {
    private let path: String

    /// Nil where this process may not mount one.
    init?(path: String, in folder: TestFolder) throws {
      self.path = path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      guard geteuid() == 0, mount("dialerd-test", path, "tmpfs", 0, "size=64m") == 0 else { return nil }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Takes every byte that is left.
    func fill() throws {
      let descriptor = open("\(path)/filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
      defer { close(descriptor) }
      let block = [UInt8](repeating: 0x20, count: 4096)
      while write(descriptor, block, block.count) > 0 {}
      guard errno == ENOSPC else { throw Stuck("the disk could not be filled: errno \(errno)") }
    }

    func empty() throws { try FileManager.default.removeItem(atPath: "\(path)/filler") }
  }
}
