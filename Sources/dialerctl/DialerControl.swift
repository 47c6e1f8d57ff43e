import DialerModel
import Glibc

/// `dialerctl`: the operator's and the script's client of the daemon.
@main
struct DialerControl {
  static func main() {
    let host = SystemHost()
    let code = Program.run(Array(CommandLine.arguments.dropFirst()), on: host)
    host.flush()
    exit(code)
  }
}
