/// Why a text is not JSON5, and where.
public struct JSON5Fault: Error, Sendable, Equatable {
  /// In bytes, from 0: the first byte that cannot be right; the length of the text when it ends too soon.
  public var offset: Int
  public var problem: Problem

  public init(offset: Int, problem: Problem) {
    self.offset = offset
    self.problem = problem
  }

  public enum Problem: String, Sendable, CaseIterable {
    case notUTF8 = "these bytes are not UTF-8"
    case endsTooSoon = "the file ends before the value does"
    case notAValue = "a value was expected here: text in quotes, a number, true, false, null, [ or {"
    case keyExpected = "a key or } was expected here; a key with other signs than letters, digits, _ and $ needs quotes"
    case colonExpected = "a colon was expected here, between key and value"
    case commaOrBraceExpected = "a comma or } was expected here"
    case commaOrBracketExpected = "a comma or ] was expected here"
    case unclosedText = "the text's closing quote is missing on this line"
    case wrongEscape = "this is not an escape that JSON5 knows"
    case unclosedComment = "the comment that begins here has no end"
    case digitExpected = "a digit was expected here"
    case leadingZero = "a number may not begin with a zero that more digits follow; octal text needs quotes"
    case numberTooLarge = "the number is too large"
    case tooDeep = "arrays and objects stand too deep in each other"
    case doubleKey = "this key stands in the same object already"
    case trailingText = "nothing may follow the closing brace but comments"
  }
}
