import Glibc

/// Looking for words in a view of a file.
extension [UInt8] {
  /// Where `word` stands, ascending. Where it begins or ends with a byte of a name, the name begins or ends there too:
  /// `sleep(` is not found in `usleep(`.
  func places(of word: String) -> [Int] {
    let word = Array(word.utf8)
    var places: [Int] = []
    var from = 0
    while let place = firstPlace(of: word, from: from) {
      let begins = !word[0].isWord || place == 0 || !self[place - 1].isWord
      let end = place + word.count
      let ends = !word[word.count - 1].isWord || end == count || !self[end].isWord
      if begins, ends { places.append(place) }
      from = place + 1
    }
    return places
  }

  /// The C library's search: the tree is read several times, and that in a debug build.
  private func firstPlace(of word: [UInt8], from: Int) -> Int? {
    withUnsafeBytes { bytes -> Int? in
      guard let start = bytes.baseAddress else { return nil }
      var at = from
      while at + word.count <= bytes.count {
        let room = bytes.count - at - word.count + 1
        guard let found = memchr(start + at, Int32(word[0]), room) else { return nil }
        at = start.distance(to: UnsafeRawPointer(found))
        if memcmp(start + at, word, word.count) == 0 { return at }
        at += 1
      }
      return nil
    }
  }

  func contains(word: String) -> Bool { !places(of: word).isEmpty }

  /// The position behind the bracket that closes the one at `open`; the end of the text when nothing closes it.
  func endOfBrackets(from open: Int) -> Int {
    var depth = 0
    for index in open..<count {
      switch self[index] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return index + 1 }
      default: break
      }
    }
    return count
  }

  /// The first byte that is no space, from `index` on; nil at the end.
  func nonSpace(from index: Int) -> Int? { self[Swift.min(index, count)...].firstIndex { !$0.isSpace } }

  /// The names in a range, in their order, with where each begins.
  func names(in range: Range<Int>) -> [(name: String, place: Int)] {
    var names: [(name: String, place: Int)] = []
    var at = range.lowerBound
    while at < range.upperBound {
      guard self[at].isWord else {
        at += 1
        continue
      }
      let end = self[at..<range.upperBound].firstIndex { !$0.isWord } ?? range.upperBound
      names.append((String(decoding: self[at..<end], as: UTF8.self), at))
      at = end
    }
    return names
  }
}
