import DialerEngine

/// One subject of measurement: it makes what it needs, measures it together with its references, and cleans up.
protocol Benchmark: Sendable {
  /// What `--only` selects by.
  var name: String { get }
  /// One sentence for `--help`.
  var summary: String { get }
  func run(_ context: Context) throws -> [Row]
}

/// What a run of measurements goes by.
struct Context {
  /// The smoke run: tiny sizes, the same code, no verdicts.
  var isQuick = false
  /// With the sizes of ten million leads, which take minutes and gigabytes to prepare.
  var isLarge = false
  /// How often each figure is taken; the median counts.
  var rounds = 5
  /// Where databases are made. What is prepared at length stays there for the next run.
  var directory: String
  /// What an engine inside this process is made with: number plan, prefix zones and tz database as the daemon's.
  var settings: EngineSettings

  /// A figure for the full run and the one in its place for the smoke run.
  func size(_ full: Int, quick: Int) -> Int { isQuick ? quick : full }

  func note(_ text: String) { Terminal.note(text) }
}

/// A measurement that could not be taken, in one sentence.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
