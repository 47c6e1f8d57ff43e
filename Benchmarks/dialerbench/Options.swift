import Foundation

/// What the command line asks for.
struct Options {
  var isQuick = false
  var isLarge = false
  var only: [String] = []
  var rounds: Int?
  var directory: String?
  var showsHelp = false

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--quick": isQuick = true
      case "--large": isLarge = true
      case "--help", "-h": showsHelp = true
      case "--only":
        while let name = rest.first, !name.hasPrefix("-") {
          only.append(name)
          rest.removeFirst()
        }
        guard !only.isEmpty else { throw BenchmarkError("--only takes one or more names") }
      case "--rounds":
        guard let rounds = rest.popFirst().flatMap(Int.init), (1...99).contains(rounds) else {
          throw BenchmarkError("--rounds takes a number from 1 to 99")
        }
        self.rounds = rounds
      case "--directory":
        guard let directory = rest.popFirst() else { throw BenchmarkError("--directory takes a directory") }
        self.directory = directory
      default: throw BenchmarkError("unknown argument \(argument); see dialerbench --help")
      }
    }
  }

  static func help(_ benchmarks: [any Benchmark]) -> String {
    """
    dialerbench [--quick] [--large] [--only NAME…] [--rounds N] [--directory DIR]

      --quick          tiny sizes, the same code, no verdicts: the smoke run
      --large          with the sizes of ten million leads as well: minutes to prepare, 8 GB of disk, 4 GB of memory
      --only NAME…     only these, of those below
      --rounds N       how often each figure is taken (5; 2 with --quick)
      --directory DIR  where databases are made; prepared ones are kept there for the next run when it is named

    \(benchmarks.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))
    """
  }
}
