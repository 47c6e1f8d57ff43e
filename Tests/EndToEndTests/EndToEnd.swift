import Testing

/// A real `dialerd` over its socket. One test at a time: each of them runs a process of its own that wants the machine.
@Suite(.serialized)
enum EndToEnd {}
