import DialerModel

import func Glibc.cos
import func Glibc.exp
import func Glibc.log

/// A lognormal distribution of seconds.
struct Lognormal: Hashable, Sendable {
  /// The logarithm of the median.
  private let location: Double
  private let sigma: Double

  init(median: Double, sigma: Double) {
    location = log(median)
    self.sigma = sigma
  }

  /// By mean and coefficient of variation: σ² = ln(1 + cv²), median = mean / √(1 + cv²).
  init(mean: Double, variation: Double) {
    let spread = 1 + variation * variation
    location = log(mean / spread.squareRoot())
    sigma = log(spread).squareRoot()
  }

  func draw(_ generator: inout SeededGenerator) -> Double {
    // Box and Muller 1958; 1 − u keeps zero out of the logarithm.
    let radius = (-2 * log(1 - generator.fraction())).squareRoot()
    return exp(location + sigma * radius * cos(2 * .pi * generator.fraction()))
  }

  /// Drawn again until it falls into the range, which must hold a fair part of the distribution.
  func draw(in range: Range<Double>, _ generator: inout SeededGenerator) -> Double {
    while true {
      let seconds = draw(&generator)
      if range.contains(seconds) { return seconds }
    }
  }
}
