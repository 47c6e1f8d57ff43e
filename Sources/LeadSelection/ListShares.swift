/// Which list is next, so that each gets its share of the calls.
///
/// The rule is Tijdeman's for the chairman assignment problem (R. Tijdeman, "The chairman assignment problem",
/// Discrete Mathematics 32, 1980), in the form of selection.md: the *lag* of a list is its share of the calls made,
/// less the calls it made. Of the lists with lag + share > 0 the one with the earliest (1 − lag) / share is next. While
/// the lists and weights stay, no lag leaves −1…1.
///
/// Arithmetic: W is the sum of the weights of the active lists; lags are whole numbers of 1/(W·2^20) calls, so a call
/// adds weight·2^20 to each lag and takes W·2^20 from one, exactly. Nothing is added in fact: with T calls made,
/// `numerator` = W·2^20 − lag + T·weight·2^20 changes only for the list that made one, and so do the two numbers it is
/// ordered by. Release: the last T with lag + share ≤ 0, plus one. Deadline: numerator / weight rounded down to
/// 2^-20 units. Both come from numerator / weight, which is kept as quotient and rest: a call adds the same to them
/// each time, so none has to divide anew; and the release is the quotient before the call, in whole calls. Two such fractions of weights up to 1000 that differ do so by 10^-6 or more, which is more than
/// 2^-20, so the rounding never ties or swaps them.
///
/// When the set or the weights change, lags are carried over to the new W, cut to −2…2 calls. A list that goes leaves
/// its positive lag to those that are active then, by weight, and keeps a negative one until it is back. A call
/// that is given back is a *credit*: the next call of the list is free, and comes before others' calls. So lags, and
/// with them the bound, are as if only the second call had been made.
struct ListShares: ~Copyable {
  static let maximumWeight = 1000
  /// Lists that may take part at once: keeps every product below 2^63.
  static let maximumLists = 1024
  /// Fixed point of lags that are kept apart from any W: 2^-32 calls.
  static let lagBits: Int64 = 32

  private static let unitBits: Int64 = 20
  private static let maximumLag: Int64 = 2
  /// After so many calls T starts again at 0, which changes no lag.
  private static let callsToRenumber: Int64 = 1 << 16

  struct Share: BitwiseCopyable {
    var weight: Int64
    /// The weight to take over when the shares are next settled.
    var nextWeight: Int64
    var isWanted = false
    var isActive = false
    /// Of an active list, and the same divided by the weight: quotient rounded down, and rest.
    var numerator: Int64 = 0
    var quotient: Int64 = 0
    var rest: Int64 = 0
    /// One call, W·2^20, divided by the weight.
    var callQuotient: Int64 = 0
    var callRest: Int64 = 0
    /// Of a list that is away, in 2^-32 calls.
    var awayLag: Int64 = 0
    var credit: Int64 = 0
  }

  private var shares = Slab<Share>()
  /// W.
  private var total: Int64 = 0
  /// T.
  private var calls: Int64 = 0
  private var credits: Int64 = 0
  private var isChanged = false
  private var order = TurnOrder()

  var bytes: Int { shares.bytes + order.bytes }

  mutating func add(weight: Int) {
    shares.append(Share(weight: Int64(weight), nextWeight: Int64(weight)))
    order.append(after: calls)
  }

  mutating func setWeight(_ slot: Int, _ weight: Int) {
    shares.at(slot).pointee.nextWeight = Int64(weight)
    isChanged = true
  }

  /// Says whether the list has a lead that can be dialled. Takes effect at the next ``next()``: a list that runs dry
  /// and is back before then never left.
  @inline(__always) mutating func setWanted(_ slot: Int, _ isWanted: Bool) {
    let share = shares.at(slot)
    guard share.pointee.isWanted != isWanted else { return }
    share.pointee.isWanted = isWanted
    isChanged = true
  }

  /// The list whose turn it is; asking changes no lag. Nil: no list has a lead.
  @inline(__always) mutating func next() -> Int? {
    if isChanged { settle() }
    guard total > 0 else { return nil }
    if credits > 0, let slot = nextCredited() { return slot }
    return order.next(after: &calls)
  }

  /// Counts a call of the list against its share.
  @inline(__always) mutating func charge(_ slot: Int) {
    let share = shares.at(slot)
    guard share.pointee.credit == 0, share.pointee.isActive else { return chargeOtherwise(slot) }
    calls &+= 1
    let call = total &<< Self.unitBits
    let lag = rawLag(share.pointee)
    guard lag <= Self.maximumLag &* call, lag >= (1 &- Self.maximumLag) &* call else { return chargeBeyond(slot, lag) }
    let release = share.pointee.quotient &>> Self.unitBits
    share.pointee.numerator &+= call
    var quotient = share.pointee.quotient &+ share.pointee.callQuotient
    var rest = share.pointee.rest &+ share.pointee.callRest
    // A toss: without a jump.
    let carry: Int64 = rest >= share.pointee.weight ? 1 : 0
    quotient &+= carry
    rest &-= share.pointee.weight & (0 &- carry)
    share.pointee.quotient = quotient
    share.pointee.rest = rest
    order.set(slot, TurnOrder.Turn(release: release, deadline: deadline(share.pointee)), after: calls)
    if calls >= Self.callsToRenumber { renumber() }
  }

  /// Of a list whose lag is at its limit.
  @inline(never) private mutating func chargeBeyond(_ slot: Int, _ lag: Int64) {
    let limit = Self.maximumLag * (total << Self.unitBits)
    setLag(slot, max(-limit, min(lag, limit) - total << Self.unitBits))
    let share = shares[slot]
    order.set(slot, TurnOrder.Turn(release: releaseTime(share), deadline: deadline(share)), after: calls)
    if calls >= Self.callsToRenumber { renumber() }
  }

  /// Of a list with a credit, or that is away.
  @inline(never) private mutating func chargeOtherwise(_ slot: Int) {
    let share = shares.at(slot)
    if share.pointee.credit > 0 {
      share.pointee.credit -= 1
      credits -= 1
    } else {
      share.pointee.awayLag = max(share.pointee.awayLag - 1 << Self.lagBits, -Self.maximumLag << Self.lagBits)
    }
  }

  /// Takes back a counted call: the list's next call is free.
  mutating func giveBack(_ slot: Int) {
    shares.at(slot).pointee.credit += 1
    credits += 1
  }

  /// Share of the list of all calls, 0…1; zero when it has no lead to dial.
  func fraction(_ slot: Int) -> Double {
    guard shares[slot].isWanted else { return 0 }
    let sum = wantedWeight
    return Double(shares[slot].nextWeight) / Double(sum)
  }

  /// In 2^-32 calls, rounded; credits not included.
  func lag(_ slot: Int) -> Int64 {
    guard shares[slot].isActive else { return shares[slot].awayLag }
    return Self.scaled(cutLag(slot), to: 1 << (Self.lagBits - Self.unitBits), from: total)
  }

  // MARK: - Between two states of the set

  /// Carries the lags over to the set and weights as they now are.
  @inline(never) private mutating func settle() {
    isChanged = false
    let oldTotal = total
    let newTotal = wantedWeight
    // Each lag is read with the old weight before anything is written.
    var lags = ContiguousArray<Int64>(repeating: 0, count: shares.count)
    var left: Int64 = 0
    for slot in shares.indices where shares[slot].isActive {
      lags[slot] = cutLag(slot)
      let share = shares.at(slot)
      guard !share.pointee.isWanted else { continue }
      var lag = Self.scaled(lags[slot], to: 1 << (Self.lagBits - Self.unitBits), from: oldTotal)
      lag += min(share.pointee.credit, Self.maximumLag) << Self.lagBits
      credits -= share.pointee.credit
      share.pointee.credit = 0
      left += max(0, lag)
      share.pointee.awayLag = min(0, lag)
    }
    total = newTotal
    calls = 0
    for slot in shares.indices {
      let share = shares.at(slot)
      let wasActive = share.pointee.isActive
      share.pointee.isActive = share.pointee.isWanted
      share.pointee.weight = share.pointee.nextWeight
      guard share.pointee.isActive else { continue }
      if !wasActive {
        lags[slot] = (share.pointee.awayLag * newTotal) >> (Self.lagBits - Self.unitBits)
      } else if oldTotal != newTotal {
        lags[slot] = Self.scaled(lags[slot], to: newTotal, from: oldTotal)
      }
      lags[slot] += (left * share.pointee.weight) >> (Self.lagBits - Self.unitBits)
    }
    setLags(lags)
    placeAll()
  }

  private var wantedWeight: Int64 {
    shares.indices.reduce(0) { shares[$1].isWanted ? $0 + shares[$1].nextWeight : $0 }
  }

  /// Takes over the lags after a change of the set, cut to their limit.
  ///
  /// Lists that went in debt leave the others with more to get than there are calls. That surplus is taken off by
  /// weight, as if time had gone back: it changes no order among them, but keeps lags far from the limit, where order
  /// would be lost.
  private mutating func setLags(_ lags: ContiguousArray<Int64>) {
    let limit = Self.maximumLag * (total << Self.unitBits)
    let surplus = shares.indices.reduce(Int64(0)) { shares[$1].isActive ? $0 + lags[$1] : $0 }
    for slot in shares.indices where shares[slot].isActive {
      let taken = surplus > 0 ? surplus * shares[slot].weight / total : 0
      setLag(slot, max(-limit, min(lags[slot] - taken, limit)))
    }
  }

  @inline(never) private mutating func renumber() {
    for slot in shares.indices where shares[slot].isActive {
      setNumerator(slot, shares[slot].numerator - calls * shares[slot].weight << Self.unitBits)
    }
    calls = 0
    placeAll()
  }

  /// `value`·`to`/`from`, rounded to the nearest.
  private static func scaled(_ value: Int64, to: Int64, from: Int64) -> Int64 {
    guard from > 0 else { return 0 }
    let product = value * to
    return (product + (product >= 0 ? from / 2 : -from / 2)) / from
  }

  // MARK: - Order

  @inline(__always) private func rawLag(_ share: Share) -> Int64 {
    (total &+ calls &* share.weight) << Self.unitBits &- share.numerator
  }

  private func cutLag(_ slot: Int) -> Int64 {
    let limit = Self.maximumLag * (total << Self.unitBits)
    return max(-limit, min(rawLag(shares[slot]), limit))
  }

  private mutating func setLag(_ slot: Int, _ lag: Int64) {
    setNumerator(slot, (total + calls * shares[slot].weight) << Self.unitBits - lag)
  }

  /// Writes the numerator and what follows from it and from W.
  private mutating func setNumerator(_ slot: Int, _ numerator: Int64) {
    let share = shares.at(slot)
    share.pointee.numerator = numerator
    // Negative once a list is more than two calls behind: rounded down all the same.
    let (quotient, rest) = numerator.quotientAndRemainder(dividingBy: share.pointee.weight)
    share.pointee.quotient = rest < 0 ? quotient - 1 : quotient
    share.pointee.rest = rest < 0 ? rest + share.pointee.weight : rest
    let call = (total << Self.unitBits).quotientAndRemainder(dividingBy: share.pointee.weight)
    share.pointee.callQuotient = call.quotient
    share.pointee.callRest = call.remainder
  }

  /// The first T at which lag + share > 0.
  private func releaseTime(_ share: Share) -> Int64 {
    let work = share.numerator - total << Self.unitBits
    let each = share.weight << Self.unitBits
    return work >= 0 ? work / each : (work - each + 1) / each
  }

  @inline(__always) private func deadline(_ share: Share) -> Int64 {
    // A rest is below 1000: with 20 bits more it fits in 32, for which the processor divides faster.
    let fraction = UInt32(truncatingIfNeeded: share.rest << Self.unitBits) / UInt32(truncatingIfNeeded: share.weight)
    return share.quotient << Self.unitBits &+ Int64(fraction)
  }

  private mutating func placeAll() {
    for slot in shares.indices {
      let share = shares[slot]
      order.note(
        slot, share.isActive ? TurnOrder.Turn(release: releaseTime(share), deadline: deadline(share)) : .none)
    }
    order.placeAll(after: calls)
  }

  @inline(never) private func nextCredited() -> Int? {
    var best: Int?
    var earliest = Int64.max
    for slot in shares.indices where shares[slot].credit > 0 && shares[slot].isActive {
      let time = deadline(shares[slot])
      if time < earliest {
        best = slot
        earliest = time
      }
    }
    return best
  }
}

// MARK: - What is kept over a restart

extension ListShares {
  /// Everything about one list that a choice depends on.
  struct Saved: Hashable, Sendable {
    var weight: Int64
    var isActive: Bool
    /// In 1/(W·2^20) calls for an active list, in 2^-32 calls for one that is away.
    var lag: Int64
    var credit: Int64
  }

  var totalWeight: Int64 { total }

  func saved(_ slot: Int) -> Saved {
    let share = shares[slot]
    return Saved(
      weight: share.weight, isActive: share.isActive, lag: share.isActive ? rawLag(share) : share.awayLag,
      credit: share.credit)
  }

  /// Takes over what ``saved(_:)`` said, for all lists at once. Weights and leads as they are now are settled at the
  /// next choice, as any other change.
  /// - Parameter savedTotal: W as it was then; another than that of `saved` if a list is gone since.
  mutating func restore(_ saved: [(slot: Int, share: Saved)], savedTotal: Int64) {
    for slot in shares.indices { shares.at(slot).pointee.isActive = false }
    for (slot, share) in saved where share.isActive {
      shares.at(slot).pointee.isActive = true
      shares.at(slot).pointee.weight = share.weight
    }
    calls = 0
    total = shares.indices.reduce(0) { shares[$1].isActive ? $0 + shares[$1].weight : $0 }
    for (slot, share) in saved {
      shares.at(slot).pointee.credit = share.credit
      if share.isActive {
        setLag(slot, total == savedTotal ? share.lag : Self.scaled(share.lag, to: total, from: savedTotal))
      } else {
        shares.at(slot).pointee.awayLag = share.lag
      }
    }
    credits = shares.indices.reduce(0) { $0 + shares[$1].credit }
    placeAll()
    isChanged = true
  }
}
