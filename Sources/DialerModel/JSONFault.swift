/// Why a text is not JSON that we take, and where.
public struct JSONFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// The offset in bytes, from 0, of the first byte that cannot be right; the length of the text when it ends too soon.
  public let offset: Int
  public let problem: Problem

  public init(offset: Int, problem: Problem) {
    self.offset = offset
    self.problem = problem
  }

  public enum Problem: Sendable, Hashable, CaseIterable {
    case endsTooSoon
    case notAValue
    case wrongLiteral
    case leadingZero
    case digitMissing
    case numberTooLarge
    case controlCharacter
    case wrongEscape
    case loneSurrogate
    case notUTF8
    case keyMissing
    case colonMissing
    case commaOrEndOfObjectMissing
    case commaOrEndOfArrayMissing
    case duplicateKey
    case tooDeep
    case trailingText
  }

  /// One sentence for a person.
  public var message: String {
    switch problem {
    case .endsTooSoon: "The text ends before the value does."
    case .notAValue: "A value was expected here."
    case .wrongLiteral: "Only true, false and null may stand here without quotes."
    case .leadingZero: "A number may not begin with a zero that more digits follow."
    case .digitMissing: "A number needs a digit here."
    case .numberTooLarge: "The number is larger than a double can hold."
    case .controlCharacter: "A control character inside text must be written as an escape."
    case .wrongEscape: "This is not an escape that JSON knows."
    case .loneSurrogate: "Half of a surrogate pair stands alone."
    case .notUTF8: "These bytes are not UTF-8."
    case .keyMissing: "A key in quotes was expected here."
    case .colonMissing: "A colon was expected here."
    case .commaOrEndOfObjectMissing: "A comma or the end of the object was expected here."
    case .commaOrEndOfArrayMissing: "A comma or the end of the array was expected here."
    case .duplicateKey: "This key stands twice in its object."
    case .tooDeep: "Arrays and objects stand too deep in each other."
    case .trailingText: "Text follows the value."
    }
  }

  public var description: String { "byte \(offset): \(message)" }
}
