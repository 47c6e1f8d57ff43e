import DaemonSystem
import DialerModel
import Testing

struct LineSplitterTests {
  private enum Piece: Equatable {
    case line([UInt8])
    case tooLong
  }

  /// Feeds `chunks`, taking what is complete after each.
  private func pieces(_ chunks: [ArraySlice<UInt8>], maximumLine: Int) -> [Piece] {
    var splitter = LineSplitter(maximumLine: maximumLine)
    var pieces: [Piece] = []
    for chunk in chunks {
      chunk.withUnsafeBytes { splitter.append($0) }
      while let piece = splitter.next() {
        switch piece {
        case .line(let line): pieces.append(.line(Array(line)))
        case .tooLong: pieces.append(.tooLong)
        }
      }
    }
    return pieces
  }

  @Test("a stream cut at any byte gives the same lines")
  func cutAnywhere() {
    let stream = Array("{\"a\":1}\n\n\r\nlonger line \u{e9}\nx\nleft over".utf8)
    let whole: [Piece] = ["{\"a\":1}", "", "\r", "longer line \u{e9}", "x"].map { .line(Array($0.utf8)) }
    for cut in 0...stream.count {
      #expect(pieces([stream[..<cut], stream[cut...]], maximumLine: 100) == whole, "cut at \(cut)")
    }
  }

  @Test(
    "a stream cut at random gives the lines that splitting it at once gives", arguments: 1...20 as ClosedRange<UInt64>)
  func cutAtRandom(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var stream: [UInt8] = []
    for _ in 0..<400 {
      let length = Int.random(in: 0...300, using: &generator)
      stream += (0..<length).map { _ in UInt8.random(in: 11...255, using: &generator) } + [10]
    }
    var chunks: [ArraySlice<UInt8>] = []
    var rest = stream[...]
    while !rest.isEmpty {
      let length = min(rest.count, Int.random(in: 1...700, using: &generator))
      chunks.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    let expected = stream.split(separator: 10, omittingEmptySubsequences: false).dropLast().map {
      Piece.line(Array($0))
    }
    #expect(pieces(chunks, maximumLine: 300) == expected)
  }

  @Test(
    "random bytes never give a line past the maximum, and nothing after too long",
    arguments: 1...20 as ClosedRange<UInt64>)
  func randomBytes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let stream = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let chunks = stride(from: 0, to: stream.count, by: 37).map { stream[$0..<min($0 + 37, stream.count)] }
    let found = pieces(chunks, maximumLine: 1000)
    for (index, piece) in found.enumerated() {
      switch piece {
      case .line(let line): #expect(line.count <= 1000 && !line.contains(10))
      case .tooLong: #expect(index == found.count - 1)
      }
    }
    #expect(!found.isEmpty)
  }

  @Test("a line of exactly the maximum is a line, one byte more is too long", arguments: [1, 2, 63, 64, 65_536])
  func maximum(length: Int) {
    let line = [UInt8](repeating: 120, count: length)
    #expect(pieces([(line + [10])[...]], maximumLine: length) == [.line(line)])
    #expect(pieces([(line + [120, 10])[...]], maximumLine: length) == [.tooLong])
    #expect(pieces([(line + [120])[...]], maximumLine: length) == [.tooLong], "without waiting for its end")
    #expect(pieces([line[...], [10]], maximumLine: length) == [.line(line)])
    #expect(pieces([line[...], [120, 10]], maximumLine: length) == [.tooLong])
  }

  @Test("lines before one that is too long are given, nothing after it")
  func afterTooLong() {
    #expect(
      pieces([Array("ab\nabcd\nok\n".utf8)[...], Array("ok\n".utf8)[...]], maximumLine: 3) == [
        .line(Array("ab".utf8)), .tooLong,
      ])
  }

  @Test("a long line that comes in small pieces after short ones is whole")
  func growth() {
    let long = (0..<300_000).map { UInt8($0 % 200 + 20) }
    let stream = Array("short\n".utf8) + long + [10] + Array("short\n".utf8)
    let chunks = stride(from: 0, to: stream.count, by: 997).map { stream[$0..<min($0 + 997, stream.count)] }
    let short = Piece.line(Array("short".utf8))
    #expect(pieces(chunks, maximumLine: 300_000) == [short, .line(long), short])
  }

  @Test("what was discarded is no part of a later line")
  func discard() {
    var splitter = LineSplitter(maximumLine: 10)
    Array("abc".utf8).withUnsafeBytes { splitter.append($0) }
    splitter.discard()
    #expect(splitter.pending == 0)
    Array("de\n".utf8).withUnsafeBytes { splitter.append($0) }
    guard case .line(let line)? = splitter.next() else {
      Issue.record("no line")
      return
    }
    #expect(Array(line) == Array("de".utf8))
  }
}
