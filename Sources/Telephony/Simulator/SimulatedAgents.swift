import DialerModel

/// What a simulated agent asks of the engine, as a CRM would on behalf of a person.
public enum SimulatedAgentRequest: Hashable, Sendable {
  case login(AgentID, CampaignID, extension: String)
  case ready(AgentID)
  /// The call is settled, with a wrap code of the campaign's or, where it has none, nil.
  case wrap(AgentID, CallID, code: String?)
  case logout(AgentID)
}

/// How simulated agents work.
public struct SimulatedAgentOptions: Hashable, Sendable {
  /// Agents for each campaign.
  public var count: Int
  public var seed: UInt64
  /// All times are divided by it; above 0. The trunk's.
  public var speed: Double
  /// From the end of the call; nil = lognormal with mean 30 s and coefficient of variation 0.7, as in the simulator that
  /// the pacing rule is measured in.
  public var wrap: Interval?
  /// A request that has not led to the state it asks for is made again after this long. Not divided by the
  /// speed: a request that is refused each time is not to flood the engine.
  public var retry = Interval.seconds(30)

  public init(count: Int, seed: UInt64 = 1, speed: Double = 1, wrap: Interval? = nil) {
    self.count = count
    self.seed = seed
    self.speed = speed
    self.wrap = wrap
  }
}

/// Agents for each campaign that log in, take calls and wrap by themselves.
///
/// Told of agents' states, it answers with requests. How long they talk is not theirs to say: the person at the far end
/// hangs up. An agent whom somebody pauses later stays paused until somebody makes it ready.
public struct SimulatedAgents: Sendable {
  private enum Step: Hashable, Sendable { case login, ready, wrap, logout, none }

  private struct Seat: Sendable {
    let agentID: AgentID
    let campaignID: CampaignID
    let wrapCodes: [String]
    var next = Step.login
    /// Of the call that is to be wrapped.
    var callID: CallID?
    /// Grows when the timer is replaced.
    var generation: UInt32 = 0
    var generator: SeededGenerator
  }

  private struct SeatTimer: Sendable {
    var seat: Int
    var generation: UInt32
  }

  private static let wrap = Lognormal(mean: 30, variation: 0.7)

  public let options: SimulatedAgentOptions
  private var seats: [Seat] = []
  private var seatOf: [AgentID: Int] = [:]
  private var timers = TimerHeap<SeatTimer>()

  public init(_ options: SimulatedAgentOptions) {
    precondition(options.count >= 0, "a number of agents is not negative")
    precondition(options.speed > 0 && options.speed.isFinite, "the agents' speed is a finite number above zero")
    self.options = options
  }

  public static func agentID(_ campaignID: CampaignID, _ number: Int) -> AgentID {
    AgentID("sim-\(campaignID)-\(number)")
  }

  public func contains(_ agentID: AgentID) -> Bool { seatOf[agentID] != nil }

  /// When ``advance(to:requests:)`` is next of use.
  public var nextDeadline: MonotonicInstant? { timers.first?.at }

  /// The campaign's agents log in. Those that are there already are left alone, so that each start may say it.
  ///
  /// - Parameter wrapCodes: what the agents choose from, each as likely; empty = they wrap without a code.
  public mutating func join(
    _ campaignID: CampaignID, wrapCodes: [String] = [], at now: MonotonicInstant,
    requests: inout [SimulatedAgentRequest]
  ) {
    for number in 1...max(1, options.count) where number <= options.count {
      let agentID = Self.agentID(campaignID, number)
      let index: Int
      if let known = seatOf[agentID] {
        guard seats[known].next == .logout else { continue }
        index = known
        seats[known].next = .login
      } else {
        index = seats.count
        let seed = SeededGenerator.mix(options.seed) ^ UInt64(index)
        seats.append(
          Seat(
            agentID: agentID, campaignID: campaignID, wrapCodes: wrapCodes, generator: SeededGenerator(seed: seed)))
        seatOf[agentID] = index
      }
      act(index, at: now, requests: &requests)
    }
  }

  /// The campaign's agents log out.
  public mutating func leave(
    _ campaignID: CampaignID, at now: MonotonicInstant, requests: inout [SimulatedAgentRequest]
  ) {
    for index in seats.indices where seats[index].campaignID == campaignID && seats[index].next != .logout {
      seats[index].next = .logout
      seats[index].generation &+= 1
      requests.append(.logout(seats[index].agentID))
    }
    dropStaleTimers()
  }

  /// An agent's state has changed. Others' agents are ignored.
  ///
  /// - Parameter callID: the call that is to be wrapped, with `wrapping`.
  public mutating func observe(
    _ agentID: AgentID, _ state: AgentState, callID: CallID?, at now: MonotonicInstant,
    requests: inout [SimulatedAgentRequest]
  ) {
    guard let index = seatOf[agentID], seats[index].next != .logout else { return }
    switch state {
    case .paused where seats[index].next == .login || seats[index].next == .ready:
      seats[index].next = .ready
      act(index, at: now, requests: &requests)
    case .wrapping:
      guard seats[index].next != .wrap || seats[index].callID != callID else { return }
      seats[index].callID = callID
      // Without a call there is nothing to wrap: somebody set the state.
      seats[index].next = callID == nil ? .ready : .wrap
      schedule(index, at: now + wrapTime(index))
    case .paused, .ready, .reserved, .incall:
      seats[index].next = .none
      seats[index].generation &+= 1
    }
    dropStaleTimers()
  }

  /// Requests whose time has come.
  public mutating func advance(to now: MonotonicInstant, requests: inout [SimulatedAgentRequest]) {
    while let first = timers.first, first.at <= now {
      timers.removeFirst()
      if seats[first.payload.seat].generation == first.payload.generation {
        act(first.payload.seat, at: now, requests: &requests)
      }
    }
    dropStaleTimers()
  }

  private mutating func act(_ index: Int, at now: MonotonicInstant, requests: inout [SimulatedAgentRequest]) {
    let seat = seats[index]
    switch seat.next {
    case .login: requests.append(.login(seat.agentID, seat.campaignID, extension: seat.agentID.rawValue))
    case .ready: requests.append(.ready(seat.agentID))
    case .wrap:
      guard let callID = seat.callID else { preconditionFailure("a wrap has a call") }
      requests.append(.wrap(seat.agentID, callID, code: drawCode(index)))
    case .logout, .none: return
    }
    schedule(index, at: now + max(Interval(milliseconds: 1), options.retry))
  }

  private mutating func drawCode(_ index: Int) -> String? {
    let codes = seats[index].wrapCodes
    guard !codes.isEmpty else { return nil }
    return codes[min(codes.count - 1, Int(seats[index].generator.fraction() * Double(codes.count)))]
  }

  private mutating func wrapTime(_ index: Int) -> Interval {
    let drawn = Self.wrap.draw(&seats[index].generator)
    return Interval(seconds: (options.wrap?.seconds ?? drawn) / options.speed)
  }

  private mutating func schedule(_ index: Int, at: MonotonicInstant) {
    seats[index].generation &+= 1
    timers.add(SeatTimer(seat: index, generation: seats[index].generation), at: at)
  }

  /// At most one live timer a seat; stale ones are swept when they come up or outnumber the seats.
  private mutating func dropStaleTimers() {
    while let first = timers.first?.payload, seats[first.seat].generation != first.generation {
      timers.removeFirst()
    }
    if timers.count > 2 * seats.count + 64 {
      timers.keep { seats[$0.seat].generation == $0.generation }
    }
  }
}
