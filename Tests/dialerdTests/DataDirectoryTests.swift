import Testing

@testable import dialerd

struct DataDirectoryTests {
  @Test("the data is looked for beside the configuration, where it is installed, and above the program")
  func candidates() {
    #expect(
      DataDirectory.candidates(configured: nil, file: "/etc/d/x.json5", executable: "/home/me/src/.build/debug/dialerd")
        == [
          "/etc/d", "/home/me/src/.build/share/dialerd", "/home/me/src/.build/debug/Config",
          "/home/me/src/.build/Config", "/home/me/src/Config", "/home/me/Config", "/home/Config", "/Config",
        ])
    #expect(
      DataDirectory.candidates(configured: nil, file: nil, executable: "/usr/bin/dialerd").first == "/usr/share/dialerd"
    )
  }

  @Test("a directory that is configured is the only one")
  func configured() {
    #expect(DataDirectory.candidates(configured: "/d", file: "/etc/x", executable: "/usr/bin/dialerd") == ["/d"])
  }

  @Test("the first that holds both files is taken")
  func bothFiles() {
    let files = ["/a/numbering-plan.json", "/b/numbering-plan.json", "/b/phone-timezones.json"]
    let kind = { (path: String) -> Surroundings.PathKind? in files.contains(path) ? .other : nil }
    #expect(DataDirectory.find(among: ["/a", "/b"], kind: kind) == "/b")
    #expect(DataDirectory.find(among: ["/a"], kind: kind) == nil)
  }
}
