import DialerModel

/// The times of calls whose outcome goes by the last digit, in seconds from the dial unless said otherwise: short enough
/// for a demonstration, long enough that each phase is seen.
public enum FixedTimes {
  /// The first ringing, where it rings at all.
  public static let ringing = 0.2
  public static let answer = 1.5
  /// From the connection to the far end's hang-up.
  public static let talk = 5.0
  /// From the answer to the hang-up of a person whom nobody is connected to. Well above the 2 s after which the engine
  /// drops the call.
  public static let patience = 10.0
  /// From the answer to the end of a broadcast message.
  public static let message = 3.0
  public static let busy = 0.8
  /// Or the ring timeout, where that is shorter.
  public static let noAnswer = 4.0
  public static let machine = 2.5
  public static let disconnected = 0.4
  public static let congestion = 0.3
}

/// The times of calls whose outcome is drawn, in seconds. What is not marked comes from the simulator that the pacing rule
/// is measured in (design page on pacing, "The simulator that it is measured in"); its ring timeout is 28 s.
enum DrawnTimes {
  /// The first ringing. An assumption: the pacing simulator has none.
  static let ringing = 0.5
  /// A person's answer.
  static let answer = Lognormal(median: 12, sigma: 0.45)
  static let answerRange = 1.0..<28.0
  /// A machine's answer, and a fax's.
  static let machine = Lognormal(median: 20, sigma: 0.25)
  static let machineRange = 1.0..<28.0
  static let busy = 2.0..<5.0
  /// Disconnected numbers, and by assumption also congested, refused and failed calls.
  static let invalid = 1.0..<4.0
  static let talk = Lognormal(mean: 120, variation: 1)
  /// An assumption: from just over the 2 s of grace.
  static let patience = 3.0..<15.0
  /// An assumption: a broadcast message.
  static let message = 20.0
}
