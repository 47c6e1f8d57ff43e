import DialerModel

/// What the loop does for its connections: each list holds a connection at most once, and empties within an iteration or
/// is bounded by the number of connections.
extension EventLoop {
  /// `connection` has input left that its share of this turn did not cover.
  func continueLater(_ connection: Connection) { continuing.append(connection) }

  /// `connection` has output, to be written with everything else that this iteration adds to it.
  func flushLater(_ connection: Connection) { flushing.append(connection) }

  /// `connection` has until its `closeDeadline` to take its last output.
  func closeLater(_ connection: Connection) {
    closing.append(connection)
    armTimer()
  }

  func closed(_ connection: Connection) {
    if let index = closing.firstIndex(where: { $0 === connection }) { closing.remove(at: index) }
  }

  func continueConnections() {
    guard !continuing.isEmpty else { return }
    let connections = continuing
    continuing.removeAll(keepingCapacity: true)
    for connection in connections { connection.continueReading() }
  }

  func flushConnections() {
    guard !flushing.isEmpty else { return }
    let connections = flushing
    flushing.removeAll(keepingCapacity: true)
    for connection in connections { connection.flush() }
  }

  var closingDeadline: MonotonicInstant? {
    var earliest: MonotonicInstant?
    for connection in closing where earliest == nil || connection.closeDeadline < earliest! {
      earliest = connection.closeDeadline
    }
    return earliest
  }

  func closeOverdueConnections() {
    for connection in closing where connection.closeDeadline <= now.monotonic { connection.closeOverdue() }
  }
}
