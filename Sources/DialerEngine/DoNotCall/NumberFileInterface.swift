import DialerModel
import PhoneNumbers

/// What the engine wants of a file of do-not-call numbers. The host carries it out beside the engine: reading and sorting
/// tens of millions of lines is no business of a turn.
public struct NumberFileRequest: Sendable {
  public enum Step: Sendable {
    /// Makes room for what is sent, or looks whether the file on this machine can be read.
    case open
    /// Durable when it is answered.
    case write(offset: Int64, base64: String)
    /// How far sending or reading has come.
    case status
    /// Reads the file and keeps its numbers sorted, on disk.
    case sort(plan: NumberingPlan, region: String?)
    /// Of the sorted numbers.
    case piece(from: Int, count: Int)
    case discard
    /// Removes files of all imports but these: what a crash left.
    case sweep(keeping: Set<ImportID>)
  }

  public var importID: ImportID
  public var path: String?
  public var step: Step
}

public enum NumberFileAnswer: Sendable {
  case done
  case received(Int64)
  case progress(NumberFileProgress)
  case sorted(DoNotCallImport.Counts)
  /// Ascending; a prefix has ``NumberLines/prefixBit`` set.
  case piece(from: Int, [UInt64])
}

public struct NumberFileProgress: Sendable, Hashable {
  /// Bytes that were sent, or of the file on this machine.
  public var received: Int64
  /// Of those, read in the reading that goes on.
  public var read: Int64
  public var lines: Int
  public init(received: Int64, read: Int64, lines: Int) {
    self.received = received
    self.read = read
    self.lines = lines
  }
}
