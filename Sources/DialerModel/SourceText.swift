/// A text file, and where in it a byte stands as an editor shows it.
public struct SourceText: Sendable {
  public struct Position: Sendable, Hashable, Comparable {
    /// From 1.
    public var line: Int
    /// In characters (Unicode scalars), from 1.
    public var column: Int

    public init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }

    public static func < (left: Position, right: Position) -> Bool {
      (left.line, left.column) < (right.line, right.column)
    }
  }

  public let bytes: [UInt8]
  /// Offsets of the first byte of each line, ascending. A line ends with LF, CR or both.
  private let lineStarts: [Int]

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    for (index, byte) in bytes.enumerated() {
      let isEnd = byte == 0x0A || byte == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A)
      if isEnd { starts.append(index + 1) }
    }
    lineStarts = starts
  }

  /// - Parameter offset: in bytes, 0 to the length of the text; what lies behind is taken as its end.
  public func position(of offset: Int) -> Position {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    // Continuation bytes of UTF-8 are no characters of their own.
    let characters = bytes[lineStarts[low]..<offset].count { $0 & 0xC0 != 0x80 }
    return Position(line: low + 1, column: characters + 1)
  }
}
