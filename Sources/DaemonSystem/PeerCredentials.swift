import CSystem
import Glibc

/// Who is at the other end of a Unix socket, from the kernel: it cannot be forged, and says who it was that connected.
public struct PeerCredentials: Hashable, Sendable {
  public var processID: Int32
  public var userID: UInt32
  public var groupID: UInt32
  /// The process's other groups. Where the kernel does not tell, those of the user in the group database.
  public var groups: [UInt32]

  public init(processID: Int32, userID: UInt32, groupID: UInt32, groups: [UInt32]) {
    self.processID = processID
    self.userID = userID
    self.groupID = groupID
    self.groups = groups
  }

  /// The credentials of a connected socket's peer.
  public init(ofPeer socket: Int32) throws(SystemError) {
    var process: pid_t = 0
    var user: uid_t = 0
    var group: gid_t = 0
    guard csystem_peer_credentials(socket, &process, &user, &group) == 0 else { throw .last("peer credentials") }
    self.init(
      processID: process, userID: user, groupID: group,
      groups: Self.peerGroups(socket) ?? Accounts.groups(ofUser: user, primary: group))
  }

  /// Nil where the kernel does not know SO_PEERGROUPS (before 4.13).
  private static func peerGroups(_ socket: Int32) -> [UInt32]? {
    // Nearly everybody has fewer; 65,536 is the kernel's NGROUPS_MAX.
    for capacity in [64, 65_536] {
      var count: Int32 = 0
      let groups = [UInt32](unsafeUninitializedCapacity: capacity) { buffer, initialized in
        count = csystem_peer_groups(socket, buffer.baseAddress, Int32(capacity))
        initialized = max(Int(count), 0)
      }
      if count >= 0 { return groups }
      guard errno == ERANGE else { return nil }
    }
    return nil
  }
}
