import DialerModel

/// How often a simulated call comes to each outcome, as weights relative to their sum.
public struct OutcomeMix: Hashable, Sendable {
  /// What can be given a weight; `answered` is a person.
  public static let outcomes: [Outcome] = [
    .answered, .machine, .busy, .noAnswer, .disconnected, .congestion, .fax, .refused, .failed,
  ]

  /// The running sums of the weights in the order of ``outcomes``.
  private let sums: [Double]

  /// - Throws: ``OutcomeMixFault``: the configuration is at fault.
  public init(_ weights: [Outcome: Double]) throws(OutcomeMixFault) {
    for outcome in Outcome.allCases {
      guard let weight = weights[outcome] else { continue }
      guard Self.outcomes.contains(outcome) else { throw .notSimulated(outcome.word) }
      guard weight.isFinite, weight >= 0 else { throw .badWeight(outcome.word) }
    }
    var sum = 0.0
    var sums: [Double] = []
    for outcome in Self.outcomes {
      sum += weights[outcome] ?? 0
      sums.append(sum)
    }
    guard sum > 0, sum.isFinite else { throw .noWeight }
    self.sums = sums
  }

  /// Reads the words of the configuration: `["answered": 25, "no-answer": 30]`.
  public init(words: [String: Double]) throws(OutcomeMixFault) {
    var weights: [Outcome: Double] = [:]
    for (word, weight) in words.sorted(by: { $0.key < $1.key }) {
      guard let outcome = Outcome(word: word) else { throw .notSimulated(word) }
      weights[outcome] = weight
    }
    try self.init(weights)
  }

  /// - Parameter fraction: 0 ≤ fraction < 1.
  func outcome(at fraction: Double) -> Outcome {
    let place = fraction * sums[sums.count - 1]
    // Where rounding takes the place up to the sum itself, the last outcome that has a weight.
    let index = sums.firstIndex { place < $0 } ?? sums.firstIndex { $0 == sums[sums.count - 1] }
    return Self.outcomes[index ?? 0]
  }
}

/// Why a mix cannot be used; the text is the word of the configuration that is meant.
public enum OutcomeMixFault: Error, Hashable, Sendable {
  /// Not an outcome that a carrier brings about.
  case notSimulated(String)
  /// Negative, infinite or not a number.
  case badWeight(String)
  /// All weights are zero.
  case noWeight
}
