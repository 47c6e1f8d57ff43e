import DialerModel
import Testing

@testable import dialerd

/// The sample configuration against the program.
struct SampleConfigurationTests {
  @Test("the sample means the same as an empty file")
  func sampleIsStandard() throws {
    let sample = try configuration(try ShippedFile.text("dialerd.json5"))
    #expect(sample == Configuration.standard.resolved(against: "/etc/dialerd"))
    #expect(sample == (try configuration("{}")))
  }

  @Test("the sample has every option that the program reads, each with its default")
  func optionByOption() throws {
    let bytes = try ShippedFile.bytes("dialerd.json5")
    var reader = ConfigurationReader(SourceText(bytes))
    _ = reader.configuration(try JSON5Parser.value(of: bytes))
    try reader.finish(file: "dialerd.json5")
    let standard = Configuration.standard.options
    #expect(Set(reader.options) == Set(standard.map(\.keyPath)))
    for (keyPath, value) in standard { #expect(reader.values[keyPath]?.shown == value, "\(keyPath)") }
  }

  @Test("every field of the configuration is an option that the file can set")
  func fieldsAreOptions() {
    let fields = leaves(Configuration.standard, path: "")
    #expect(fields.count == Set(fields).count)
    #expect(Set(fields) == Set(Configuration.standard.options.map(\.keyPath)))
  }

  private func leaves(_ value: Any, path: String) -> [String] {
    if let trunks = value as? [Configuration.Trunk], !trunks.isEmpty {
      return trunks.enumerated().flatMap { leaves($0.element, path: "\(path)[\($0.offset)]") }
    }
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .struct, !mirror.children.isEmpty else { return [path] }
    return mirror.children.flatMap { child in
      leaves(child.value, path: path.isEmpty ? child.label ?? "?" : "\(path).\(child.label ?? "?")")
    }
  }
}
