import Testing

@testable import dialerd

@Suite("Flags")
struct FlagsTests {
  @Test(
    "each action has its flag",
    arguments: [
      (["--check"], Flags.Action.check), (["--check-database"], .checkDatabase), (["--demo"], .demo),
      (["--version"], .version), (["-h"], .help), ([], .run),
    ])
  func actions(_ arguments: [String], _ action: Flags.Action) throws {
    #expect(try Flags(arguments).action == action)
  }

  @Test("a relative configuration is found from where the daemon was started")
  func configurationPath() throws {
    #expect(try Flags(["--config", "a.json5"]).configurationPath?.hasSuffix("/a.json5") == true)
    #expect(try Flags(["--config", "/etc/a.json5"]).configurationPath == "/etc/a.json5")
  }

  @Test("the demonstration stops by itself after so many seconds, above none")
  func demoSeconds() throws {
    #expect(try Flags(["--demo", "--seconds", "12"]).demoSeconds == 12)
    #expect(throws: StartFault.self) { try Flags(["--demo", "--seconds", "0"]) }
    #expect(throws: StartFault.self) { try Flags(["--demo", "--seconds"]) }
  }

  @Test("an unknown flag is refused as a fault of usage")
  func unknown() {
    let fault = #expect(throws: StartFault.self) { try Flags(["--chekc"]) }
    #expect(fault?.status == .usage)
    #expect(fault?.message.contains("--chekc") == true)
  }
}
