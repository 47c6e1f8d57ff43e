import DialerModel

/// What a lead's place in the order is worked out from.
public struct KeyInputs: Sendable {
  public var lead: LeadID
  /// Attempts that count.
  public var attempts: UInt16
  /// Nil: never called.
  public var lastAttempt: Instant?
  /// Nil: no rank. Cut to ``SelectionKeyEncoder/rankRange``.
  public var rank: Int32?
  /// When the lead entered the list.
  public var entered: Instant
  public var phone: PhoneNumber?
  /// 0…15, higher goes first, before every other component: a lead that comes back after an outcome whose retry
  /// rule has `priority`. Larger values count as 15.
  public var priority: UInt8

  public init(
    lead: LeadID, attempts: UInt16 = 0, lastAttempt: Instant? = nil, rank: Int32? = nil,
    entered: Instant, phone: PhoneNumber? = nil, priority: UInt8 = 0
  ) {
    self.lead = lead
    self.attempts = attempts
    self.lastAttempt = lastAttempt
    self.rank = rank
    self.entered = entered
    self.phone = phone
    self.priority = priority
  }
}

/// Packs what a strategy orders by into a ``SelectionKey``, so that the index compares numbers and knows no fields.
///
/// The widest order is priority 4 + phone 50 + two instants of 41 + rank 24 = 160 bits, all that a key has. A field
/// that has no value is all ones and so comes last, whatever the direction. The one order that is wider, `phone`,
/// `lastAttempt`, `entered` and `-leadID`, keeps 24 bits of the id: leads with ids from 2^24 on that are alike in
/// all the rest then go by id ascending.
public struct SelectionKeyEncoder: Sendable {
  public static let maximumComponents = 4
  /// Ranks beyond it count as its ends: 24 bits, less the value that stands for "no rank".
  public static let rankRange: ClosedRange<Int32> = -Int32(highestRank)...Int32(highestRank)
  private static let highestRank: Int64 = 8_000_000
  /// Instants are kept as milliseconds in 41 bits from 2000-01-01 on: until September 2069; others count as the ends.
  public static let firstInstant = Instant(seconds: 946_684_800)

  /// The components in effect: without repeats, and without those behind `leadID`, which leaves no ties.
  public let order: [OrderComponent]
  /// Seed of the order `random`.
  public let seed: UInt64
  /// `order` as one byte each, the first lowest: a key is made for each lead that comes back, and to go over an array
  /// would count a reference to it.
  private let steps: UInt32
  /// The order `attempts`, `lastAttempt`, with or without `leadID`: the standard one, and so worth a shorter way.
  private let isStandard: Bool

  /// - Throws: ``OrderError/tooManyComponents(_:)``.
  public init(order: [OrderComponent], seed: UInt64) throws(OrderError) {
    guard order.count <= Self.maximumComponents else { throw .tooManyComponents(order.count) }
    var kept: [OrderComponent] = []
    for component in order where !kept.contains(where: { $0.field == component.field }) {
      kept.append(component)
      if component.field == .leadID { break }
    }
    self.order = kept
    self.seed = seed
    steps = kept.reversed().reduce(0) { $0 << 8 | Self.step($1) }
    let attemptsAndLast = [OrderComponent(.attempts), OrderComponent(.lastAttempt)]
    isStandard = kept == attemptsAndLast || kept == attemptsAndLast + [OrderComponent(.leadID)]
  }

  /// Reads words such as `-rank`.
  /// - Throws: ``OrderError``.
  public init(words: [String], seed: UInt64) throws(OrderError) {
    var order: [OrderComponent] = []
    for word in words {
      guard let component = OrderComponent(word) else { throw .unknownComponent(word) }
      order.append(component)
    }
    try self.init(order: order, seed: seed)
  }

  @inline(__always) public func key(for inputs: KeyInputs) -> SelectionKey {
    isStandard ? standardKey(inputs) : anyKey(inputs)
  }

  @inline(__always) private func standardKey(_ inputs: KeyInputs) -> SelectionKey {
    let last = inputs.lastAttempt.map(Self.packed) ?? (1 << 41) - 1
    let priority = 15 - UInt64(min(inputs.priority, 15))
    let first = priority << 60 | UInt64(inputs.attempts) << 44 | last << 3
    return SelectionKey(first: first, second: 0, third: UInt64(inputs.lead.rawValue))
  }

  @inline(never) private func anyKey(_ inputs: KeyInputs) -> SelectionKey {
    var packer = KeyPacker()
    packer.append(15 - UInt64(min(inputs.priority, 15)), width: 4)
    var steps = steps
    while steps != 0 {
      let isDown = steps & 1 == 1
      switch steps >> 1 & 0x7F {
      case 1: packer.append(UInt64(inputs.attempts), width: 16, isDown)
      case 2: packer.append(optional: inputs.lastAttempt.map(Self.packed), width: 41, isDown)
      case 3: packer.append(optional: inputs.rank.map(Self.packed), width: 24, isDown)
      case 4: packer.append(Self.packed(inputs.entered), width: 41, isDown)
      case 5: appendLead(inputs.lead, to: &packer, isDown)
      case 6: packer.append(SeededGenerator.mix(seed ^ UInt64(inputs.lead.rawValue)) >> 40, width: 24, isDown)
      default: packer.append(optional: inputs.phone.map(Self.packed), width: 50, isDown)
      }
      steps >>= 8
    }
    return SelectionKey(first: packer.first, second: packer.second, third: packer.third, lead: inputs.lead)
  }

  /// Bit 0: down. The rest, never 0: the field.
  private static func step(_ component: OrderComponent) -> UInt32 {
    let field: UInt32 =
      switch component.field {
      case .attempts: 1
      case .lastAttempt: 2
      case .rank: 3
      case .entered: 4
      case .leadID: 5
      case .random: 6
      case .phone: 7
      }
    return field << 1 | (component.direction == .down ? 1 : 0)
  }

  /// Ascending is what the id at the key's end does already.
  private func appendLead(_ lead: LeadID, to packer: inout KeyPacker, _ isDown: Bool) {
    guard isDown else { return }
    let width = min(32, 160 - packer.used)
    packer.append(min(UInt64(lead.rawValue), (1 << width) - 1), width: width, isDown)
  }

  /// ``firstInstant`` as a number, so that no reading of it asks whether it is set.
  private static let firstMillisecond: Int64 = 946_684_800_000

  @inline(__always) private static func packed(_ instant: Instant) -> UInt64 {
    UInt64(max(0, min(instant.milliseconds - firstMillisecond, (1 << 41) - 2)))
  }

  @inline(__always) private static func packed(_ rank: Int32) -> UInt64 {
    UInt64(min(max(Int64(rank), -highestRank), highestRank) + highestRank)
  }

  /// Fifteen digits take 50 bits.
  @inline(__always) private static func packed(_ phone: PhoneNumber) -> UInt64 { min(phone.digits, (1 << 50) - 2) }
}

/// Lays numbers side by side from the top bit of a key down.
private struct KeyPacker {
  var first: UInt64 = 0
  var second: UInt64 = 0
  var third: UInt64 = 0
  var used: UInt64 = 0

  /// A field that every lead has. Down is the mirror image.
  @inline(__always) mutating func append(_ value: UInt64, width: UInt64, _ isDown: Bool) {
    append(isDown ? (1 &<< width) &- 1 &- value : value, width: width)
  }

  /// A field that may lack a value: all ones then, so values stay below it in both directions.
  @inline(__always) mutating func append(optional value: UInt64?, width: UInt64, _ isDown: Bool) {
    let missing: UInt64 = (1 &<< width) &- 1
    guard let value else { return append(missing, width: width) }
    append(isDown ? missing &- 1 &- value : value, width: width)
  }

  /// - Parameter width: 1…63. Bits beyond the key's end are lost.
  @inline(__always) mutating func append(_ bits: UInt64, width: UInt64) {
    let aligned = bits &<< (64 &- width)
    let offset = used & 63
    let upper = aligned &>> offset
    // By two steps: a shift by 64 would be one by 0.
    let lower = (aligned &<< 1) &<< (63 &- offset)
    switch used >> 6 {
    case 0:
      first |= upper
      second |= lower
    case 1:
      second |= upper
      third |= lower
    default: third |= upper
    }
    used &+= width
  }
}
