import Testing

@testable import DialerModel

@Suite("JSON value")
struct JSONValueTests {
  @Test("members keep their order and place when they are set again")
  func order() {
    var object: JSONObject = ["b": 1, "a": 2]
    object["c"] = 3
    object["b"] = 4
    #expect(object.keys == ["b", "a", "c"])
    #expect(object["b"] == 4)
    object["a"] = nil
    #expect(object.keys == ["b", "c"])
    #expect(object["a"] == nil)
    object.append("d", ifPresent: nil)
    object.append("e", ifPresent: 5)
    #expect(object.keys == ["b", "c", "e"])
  }

  @Test("the canonical form is the same whatever the order of keys, and keeps the order of elements")
  func canonical() {
    let left: JSON = ["b": [["y": 1, "x": 2], 3], "a": nil]
    let right: JSON = ["a": nil, "b": [["x": 2, "y": 1], 3]]
    #expect(left != right)
    #expect(left.canonical == right.canonical)
    #expect(JSON.array([1, 2]).canonical != JSON.array([2, 1]).canonical)
  }

  @Test(
    "a whole number is an integer however it is written, while a double is exact",
    arguments: [
      (JSON.integer(3), 3 as Int64?), (.number(3), 3), (.number(-0.0), 0),
      (.number(9_007_199_254_740_992), 9_007_199_254_740_992),
      (.number(9_007_199_254_740_994), nil), (.number(3.5), nil), (.number(.nan), nil), ("3", nil), (true, nil),
    ])
  func integers(value: JSON, expected: Int64?) {
    #expect(value.integerValue == expected)
  }

  @Test("looking into a value of another kind finds nothing")
  func lookups() {
    let value: JSON = ["a": [10, 20]]
    #expect(value["a"]?[1] == 20)
    #expect(value["a"]?[2] == nil)
    #expect(value["a"]?[-1] == nil)
    #expect(value["a"]?["b"] == nil)
    #expect(JSON.null["a"] == nil)
  }
}
