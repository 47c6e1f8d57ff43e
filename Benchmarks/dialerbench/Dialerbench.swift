import Foundation

/// All measurements of the engine, one table at the end.
@main
struct Dialerbench {
  static let benchmarks: [any Benchmark] =
    [SelectionCore(), VerdictCost()] + DurableClaims.Part.allCases.map { DurableClaims(part: $0) }
    + [
      PriorityLead(), Explanations(), StartTime(), ControlSocket(), PhoneNumbersRun(), ImportRun(),
      ClaimsDuringImport(), FindRun(), DoNotCallRun(),
    ]

  static func main() {
    do {
      let options = try Options(Array(CommandLine.arguments.dropFirst()))
      if options.showsHelp { return print(Options.help(benchmarks)) }
      exit(try run(options) ? 0 : 1)
    } catch {
      Terminal.note("\(error)")
      exit(1)
    }
  }

  /// - Returns: whether every measurement was taken; a target that is not met is a figure, not a failure.
  private static func run(_ options: Options) throws -> Bool {
    for name in options.only where !benchmarks.contains(where: { $0.name == name }) {
      throw BenchmarkError("no benchmark \(name); there are \(benchmarks.map(\.name).joined(separator: " "))")
    }
    let directory =
      options.directory ?? FileManager.default.temporaryDirectory.path + "/dialerbench-\(getpid())"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { if options.directory == nil { try? FileManager.default.removeItem(atPath: directory) } }
    let context = Context(
      isQuick: options.isQuick, isLarge: options.isLarge, rounds: options.rounds ?? (options.isQuick ? 2 : 5),
      directory: directory, settings: try DataFiles().settings())
    print(try Machine(directory: directory).describe())
    var rows: [Row] = []
    var failures: [String] = []
    for benchmark in benchmarks where options.only.isEmpty || options.only.contains(benchmark.name) {
      Terminal.note("\(benchmark.name): \(benchmark.summary)")
      do {
        rows += try benchmark.run(context)
      } catch {
        failures.append("\(benchmark.name) could not be measured: \(error)")
      }
    }
    print(Table(rows: rows, showsVerdicts: !options.isQuick).text)
    for failure in failures { print(failure) }
    return failures.isEmpty
  }
}
