import DialerModel

/// What an event carries besides its columns, as the journal's `state` keeps it: little-endian, one byte of flags and
/// then the parts in this order.
///
/// - the lead's state: 48 bytes
/// - the attempt: a mask of what is present, then numbers, then texts with their length before them
/// - the shares: a count, then the fields of each in their order
enum EventCodec {
  static let hasLeadState: UInt8 = 1
  static let hasAttempt: UInt8 = 2
  static let hasShares: UInt8 = 4

  /// Appends the event's parts and returns where they lie, or nil when the event has none.
  static func encode(_ event: JournalEvent, into arena: ByteArena) -> Range<Int>? {
    var flags: UInt8 = 0
    if event.leadState != nil { flags |= hasLeadState }
    if event.attempt != nil { flags |= hasAttempt }
    if event.shares != nil { flags |= hasShares }
    guard flags != 0 else { return nil }
    let start = arena.count
    arena.append(flags)
    if let state = event.leadState { encode(state, into: arena) }
    if let attempt = event.attempt { AttemptCodec.encode(attempt, into: arena) }
    if let shares = event.shares {
      arena.append(UInt32(truncatingIfNeeded: shares.count))
      for share in shares {
        arena.append(share.listID.rawValue)
        arena.append(UInt8(share.isActive ? 1 : 0))
        arena.append(Int64(share.weight))
        arena.append(Int64(share.totalWeight))
        arena.append(share.lag)
        arena.append(Int64(share.credit))
        arena.append(Int64(share.picksSinceNew))
        arena.append(share.dialled)
      }
    }
    return start..<arena.count
  }

  private static func encode(_ state: LeadState, into arena: ByteArena) {
    arena.append(state.status.packed)
    arena.append(state.lastAttemptAt.milliseconds)
    arena.append(state.retryAt.milliseconds)
    arena.append(state.retries.low)
    arena.append(state.retries.high)
    arena.append(state.calledCount)
    arena.append(state.lastOutcomeValue)
    arena.append(state.stageValue)
    arena.append(UInt8(state.completed ? 1 : 0) | (state.archived ? 2 : 0))
    arena.append(state.spentPhones)
    arena.append(state.phoneCursor)
    arena.append(state.priority)
  }

  static func leadState(_ reader: inout ByteReader) -> LeadState {
    var state = LeadState()
    state.status = StatusCode(packed: reader.next())
    state.lastAttemptAt = Instant(milliseconds: reader.next())
    state.retryAt = Instant(milliseconds: reader.next())
    state.retries = OutcomeCounts(low: reader.next(), high: reader.next())
    state.calledCount = reader.next()
    state.lastOutcomeValue = reader.next()
    state.stageValue = reader.next()
    let flags: UInt8 = reader.next()
    state.completed = flags & 1 != 0
    state.archived = flags & 2 != 0
    state.spentPhones = reader.next()
    state.phoneCursor = reader.next()
    state.priority = reader.next()
    return state
  }

  static func shares(_ reader: inout ByteReader) -> [ListShare] {
    let count: UInt32 = reader.next()
    var shares: [ListShare] = []
    for _ in 0..<count where !reader.isShort {
      var share = ListShare(listID: ListID(reader.next()))
      share.isActive = reader.next() as UInt8 != 0
      share.weight = Int(reader.next() as Int64)
      share.totalWeight = Int(reader.next() as Int64)
      share.lag = reader.next()
      share.credit = Int(reader.next() as Int64)
      share.picksSinceNew = Int(reader.next() as Int64)
      share.dialled = reader.next()
      shares.append(share)
    }
    return shares
  }
}

/// Reads numbers and counted texts from the front. Past the end it gives zeros and remembers that it came up short.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0
  private(set) var isShort = false

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  @inline(__always) mutating func next<Value: FixedWidthInteger>() -> Value {
    let size = MemoryLayout<Value>.size
    guard position + size <= bytes.count else {
      isShort = true
      return 0
    }
    defer { position += size }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Value.self))
  }

  @inline(__always) mutating func counted() -> UnsafeRawBufferPointer {
    let count = Int(next() as UInt32)
    guard position + count <= bytes.count else {
      isShort = true
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }
}
