import DialerModel
import Foundation

/// Dials one lead after the other, so many on their way, each answered when its claim is on disk.
final class Dialler {
  static let window = 32
  private let client: ControlClient
  private let leads: Int
  private var next: Int

  /// - Parameter first: of the leads; those before it are not dialled.
  init(_ client: ControlClient, from first: Int = 1, leads: Int) {
    self.client = client
    next = first
    self.leads = leads
  }

  struct Taken {
    /// Claims a second.
    var rate: Double
    /// Milliseconds from a request to its answer.
    var longest: Double
    var seconds: Double
  }

  /// Until the time is over or the condition, which is asked now and then, holds.
  func run(forSeconds limit: Double, until isOver: () throws -> Bool) throws -> Taken {
    let start = Stopwatch.nanoseconds()
    var sent: [UInt64] = []
    var done = 0
    var longest: UInt64 = 0
    var lastLook = start
    while true {
      let now = Stopwatch.nanoseconds()
      if Double(now - start) / 1e9 >= limit || next > leads { break }
      if now - lastLook > 20_000_000 {
        lastLook = now
        if try isOver() { break }
      }
      while sent.count < Self.window, next <= leads {
        let params: JSON = ["leadID": JSON(next), "campaignID": "bench"]
        sent.append(Stopwatch.nanoseconds())
        try client.send(ControlClient.line("lead.dial", params, id: next))
        next += 1
      }
      // A trunk takes 10,000 calls a second at the most; what is asked beyond that is refused and is no claim.
      if try client.isNextDone() { done += 1 }
      longest = max(longest, Stopwatch.nanoseconds() - sent.removeFirst())
    }
    let seconds = Double(Stopwatch.nanoseconds() - start) / 1e9
    for _ in sent { _ = try client.isNextDone() }
    return Taken(rate: Double(done) / seconds, longest: Double(longest) / 1e6, seconds: seconds)
  }
}
