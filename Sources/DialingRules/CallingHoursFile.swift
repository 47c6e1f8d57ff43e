import DialerModel

/// A set of calling hours in a file, as `Config/calling-hours` has them: JSON5 in the shape that `callingHours.put` takes.
public struct CallingHoursFile: Sendable {
  public let hours: CallingHours
  /// What is sent to the daemon.
  public let json: JSON

  /// - Throws: every fault, in the order of the file.
  public init(_ bytes: [UInt8]) throws(CallingHoursFileFaults) {
    let document: JSON5Document
    do throws(JSON5Fault) {
      document = try JSON5Document(bytes)
    } catch {
      let position = SourceText(bytes).position(of: error.offset)
      throw CallingHoursFileFaults([.init(position: position, path: "", message: error.problem.rawValue)])
    }
    json = document.json
    do throws(FieldFaults) {
      hours = try CallingHoursCodec.callingHours(document.json)
    } catch {
      throw CallingHoursFileFaults(
        error.faults.map {
          .init(position: document.position(of: $0.path), path: $0.path, message: $0.message)
        })
    }
  }
}

/// Why a file cannot be loaded.
public struct CallingHoursFileFaults: Error, Hashable, Sendable {
  public struct Fault: Hashable, Sendable {
    public var position: SourceText.Position
    /// Empty for the file as a whole.
    public var path: String
    /// One sentence for a person.
    public var message: String
    public init(position: SourceText.Position, path: String, message: String) {
      self.position = position
      self.path = path
      self.message = message
    }
  }

  /// Never empty; by line and column.
  public var faults: [Fault]

  public init(_ faults: [Fault]) {
    self.faults = faults.enumerated()
      .sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }.map(\.element)
  }

  /// One line for each fault, as compilers write them: `gb.json5:12:9: …`.
  public func lines(file: String) -> [String] {
    faults.map { "\(file):\($0.position.line):\($0.position.column): \($0.message)" }
  }
}
