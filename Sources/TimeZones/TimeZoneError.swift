/// Why the tz database could not be read. A caller that has an older database keeps it.
public enum TimeZoneError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The directory holds no zone at all, or is not there.
  case noZones(directory: String)
  /// Each file that is not what it should be, in the order of the names.
  case faultyFiles([FaultyFile])

  /// A file of the tz database and what is wrong with it.
  public struct FaultyFile: Equatable, Sendable {
    /// Relative to the database's directory, such as `Europe/Berlin`.
    public let file: String
    public let fault: ZoneFileFault

    public init(file: String, fault: ZoneFileFault) {
      self.file = file
      self.fault = fault
    }
  }

  public var description: String {
    switch self {
    case .noZones(let directory): "no time zones in \(directory)"
    case .faultyFiles(let files): files.map { "\($0.file): \($0.fault)" }.joined(separator: "; ")
    }
  }
}

/// What is wrong with one file of the tz database.
public enum ZoneFileFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// It could not be read, with the system's error number.
  case unreadable(errno: Int32)
  /// It is longer than any file of a tz database.
  case tooLong
  /// It does not begin as RFC 9636 says.
  case notTZif
  /// It ends before the byte at which something was to be read.
  case truncated
  /// Its header names counts that cannot be, such as no local time type.
  case badCounts
  /// It counts leap seconds (as the files under `right/` do), so its times are not Unix times.
  case leapSeconds
  /// Its transitions do not ascend, or lie further off than RFC 9636 lets them.
  case badTransitionTimes
  /// It has more transitions than the lookup table can number; real zones have some 250.
  case tooManyTransitions
  /// A transition names a local time type that is not there.
  case badTypeIndex
  /// A local time type has an offset of 25 hours west, 26 hours east or more, or flags that mean nothing.
  case badLocalTimeType
  /// The rule for the time after the last transition is not a POSIX TZ string.
  case badFooter
  /// That rule contradicts the last transition.
  case contradictoryFooter
  /// The index names a zone that would lie outside the directory, or links that end nowhere.
  case badName(String)

  public var description: String {
    switch self {
    case .unreadable(let errno): "cannot be read (errno \(errno))"
    case .tooLong: "is too long"
    case .notTZif: "is not a TZif file"
    case .truncated: "is cut short"
    case .badCounts: "has counts that cannot be"
    case .leapSeconds: "counts leap seconds"
    case .badTransitionTimes: "has transitions out of order or out of range"
    case .tooManyTransitions: "has too many transitions"
    case .badTypeIndex: "has a transition to an unknown local time type"
    case .badLocalTimeType: "has a local time type that cannot be"
    case .badFooter: "has a footer that is not a POSIX TZ string"
    case .contradictoryFooter: "has a footer that contradicts its last transition"
    case .badName(let name): "names the zone \(name.debugDescription)"
    }
  }
}
