import Foundation

/// How many of its seeds a random test goes through: all of them, but for a run that says otherwise.
///
/// The thread sanitizer makes this module's tests many times slower, and finds in the last seed what it finds in the
/// first: the engine has no threads. `.ci/run` sets `DIALERD_SEEDS` there; it is the number of seeds that each test has.
enum Seeds {
  /// Nil = all.
  private static let limit = ProcessInfo.processInfo.environment["DIALERD_SEEDS"].map { text in
    guard let limit = Int(text), limit > 0 else { preconditionFailure("DIALERD_SEEDS is no number of seeds: \(text)") }
    return limit
  }

  static func few<Seed>(_ all: some Sequence<Seed>) -> [Seed] { limit.map { Array(all.prefix($0)) } ?? Array(all) }
}
