import ControlProtocol
import DialerModel

/// Gathers the parameters of one call from flags, from `--params` and from `--clear`.
struct ParameterFlags {
  private struct Entry {
    let path: [String]
    var value: JSON
    let flag: String
    var field: String { path.joined(separator: ".") }
  }

  /// In the order given.
  private var entries: [Entry] = []
  private var whole: JSONObject?

  enum Text {
    case text(String)
    case bytes([UInt8])
  }

  /// The value of one flag.
  mutating func set(_ place: ParameterPlace, _ flag: String, _ text: String) throws(ClientError) {
    let value: JSON
    do throws(JSONFault) {
      value = try FlagValue.json(text, place.type)
    } catch {
      throw .invalid(
        flag: flag, field: place.field, value: .string(text), accepted: [place.type.accepted],
        "This is not JSON: at byte \(error.offset): \(error.message)")
    }
    guard let index = entries.firstIndex(where: { $0.path == place.path }) else {
      entries.append(Entry(path: place.path, value: value, flag: flag))
      return
    }
    guard FlagValue.mayRepeat(place.type), !entries[index].value.isNull else { throw .usage("\(flag) is given twice.") }
    entries[index].value = FlagValue.joined(entries[index].value, value)
  }

  /// All parameters as JSON; flags beside it go over its members, wherever they stand.
  mutating func setAll(_ text: Text) throws(ClientError) {
    guard whole == nil else { throw .usage("--params is given twice.") }
    let value: JSON
    do throws(JSONFault) {
      switch text {
      case .text(let text): value = try JSON(parsing: text)
      case .bytes(let bytes): value = try JSON(parsing: bytes)
      }
    } catch {
      throw .invalid(
        flag: "--params", field: "params", value: nil, accepted: ["an object as JSON"],
        "This is not JSON: at byte \(error.offset): \(error.message)")
    }
    guard let object = value.objectValue else {
      throw .invalid(
        flag: "--params", field: "params", value: value, accepted: ["an object as JSON"],
        "Parameters are given by name, in an object.")
    }
    whole = object
  }

  /// Sends null for these fields.
  ///
  /// - Parameter names: divided by commas.
  mutating func clear(_ names: String, _ spec: MethodSpec) throws(ClientError) {
    for name in names.split(separator: ",", omittingEmptySubsequences: false) {
      guard let place = ParameterPlace(name, in: spec), !place.isNegated, place.isNullable else {
        throw .invalid(
          flag: "--clear", field: String(name), value: .string(String(name)),
          accepted: spec.parameters.filter(\.isNullable).map(\.name), "\(name) is not a field that can be cleared here."
        )
      }
      guard !entries.contains(where: { $0.path == place.path }) else {
        throw .usage("\(place.field) is given twice, or given and cleared.")
      }
      entries.append(Entry(path: place.path, value: .null, flag: "--clear \(name)"))
    }
  }

  /// The parameters, if the table takes them.
  ///
  /// - Parameter everyPage: asks for the largest pages, unless a size was given.
  func checked(for spec: MethodSpec, everyPage: Bool) throws(ClientError) -> JSONObject {
    var object = whole ?? [:]
    for entry in entries { Self.put(entry.value, at: entry.path[...], in: &object) }
    if everyPage, object["limit"] == nil, case .integer(let range)? = spec.parameter("limit")?.type {
      object["limit"] = .integer(range.upperBound)
    }
    do throws(RequestError) {
      _ = try Parameters(object, of: spec)
    } catch {
      throw named(error)
    }
    return object
  }

  /// The fault that the check found, with the flag that it is about.
  private func named(_ error: RequestError) -> ClientError {
    let field = error.details["field"]?.stringValue ?? "params"
    let root = String(field.prefix { $0 != "." && $0 != "[" })
    let flag =
      entries.last { $0.field == field }?.flag ?? entries.last { $0.path[0] == root }?.flag
      ?? (whole?[root] == nil ? "--\(root)" : "--params")
    return .invalid(
      flag: flag, field: field, value: error.details["value"],
      accepted: (error.details["accepted"]?.arrayValue ?? []).compactMap(\.stringValue), error.message)
  }

  /// A path of several names changes the object that is there; a path of one takes the place of what is there.
  private static func put(_ value: JSON, at path: ArraySlice<String>, in object: inout JSONObject) {
    guard let key = path.first else { return }
    if path.count == 1 {
      object[key] = value
    } else {
      var inner = object[key]?.objectValue ?? [:]
      put(value, at: path.dropFirst(), in: &inner)
      object[key] = .object(inner)
    }
  }
}
