import Glibc

/// The user and group database, by name and by id. Nil: there is no such user or group.
///
/// A look-up may ask a directory server and take long: for the start, a reload and the first connection of a user.
public enum Accounts {
  public static func userID(named name: String) -> UInt32? { user { getpwnam_r(name, $0, $1, $2, $3) }?.id }
  public static func userName(_ id: UInt32) -> String? { user { getpwuid_r(id, $0, $1, $2, $3) }?.name }
  public static func groupID(named name: String) -> UInt32? { group { getgrnam_r(name, $0, $1, $2, $3) }?.id }
  public static func groupName(_ id: UInt32) -> String? { group { getgrgid_r(id, $0, $1, $2, $3) }?.name }

  /// The user that this process runs as.
  public static var ownUserID: UInt32 { geteuid() }

  /// All groups of a user, `primary` among them; only `primary` when the user is not in the database.
  public static func groups(ofUser id: UInt32, primary: UInt32) -> [UInt32] {
    guard let name = userName(id) else { return [primary] }
    var count: Int32 = 64
    while count <= 65_536 {  // the kernel's NGROUPS_MAX
      let capacity = Int(count)
      var result: Int32 = -1
      let groups = [UInt32](unsafeUninitializedCapacity: capacity) { buffer, initialized in
        result = getgrouplist(name, primary, buffer.baseAddress!, &count)
        initialized = result >= 0 ? Int(count) : 0
      }
      if result >= 0 { return groups }
      count = max(count, Int32(capacity) * 2)
    }
    return [primary]
  }

  private typealias Found = (id: UInt32, name: String)

  private static func user(
    _ query: (
      UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
      UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32
  ) -> Found? {
    withGrowingBuffer { buffer in
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      let code = query(&entry, buffer.baseAddress!, buffer.count, &found)
      guard let found else { return (code, nil) }
      return (code, (found.pointee.pw_uid, String(cString: found.pointee.pw_name)))
    }
  }

  private static func group(
    _ query: (
      UnsafeMutablePointer<Glibc.group>, UnsafeMutablePointer<CChar>, Int,
      UnsafeMutablePointer<UnsafeMutablePointer<Glibc.group>?>
    ) -> Int32
  ) -> Found? {
    withGrowingBuffer { buffer in
      var entry = Glibc.group()
      var found: UnsafeMutablePointer<Glibc.group>?
      let code = query(&entry, buffer.baseAddress!, buffer.count, &found)
      guard let found else { return (code, nil) }
      return (code, (found.pointee.gr_gid, String(cString: found.pointee.gr_name)))
    }
  }

  /// A group's entry holds all its members, so that no fixed buffer is enough; a mebibyte is where it is given up.
  private static func withGrowingBuffer(
    _ query: (UnsafeMutableBufferPointer<CChar>) -> (code: Int32, found: Found?)
  ) -> Found? {
    var size = 4096
    while size <= 1 << 20 {
      let result = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size, query)
      if result.code != ERANGE { return result.found }
      size *= 4
    }
    return nil
  }
}
