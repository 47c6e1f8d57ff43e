/// The keys of a group that do not come after all others of its queue: a second queue of those that come in order among
/// themselves, and a heap of the rest.
///
/// Leads that come back with one attempt while others have come back with two already make up most of these, and they
/// are in order: taken from a queue and added to it in a few steps, where a heap took a third of a cycle at a million
/// leads (measured 2026-11).
///
/// A plain value over memory that it does not own: the group's owner calls ``free(_:)``, and no copy is used after a
/// change. It is one address, so that a group's record, most of which have no such keys, fits a line of the processor's
/// cache. Invariant: `content` is nil, or leads to a queue and a heap.
struct LateKeys: BitwiseCopyable {
  private struct Content: BitwiseCopyable {
    var queue = KeyQueue()
    var heap = KeyHeap()
  }

  private var content: UnsafeMutablePointer<Content>?

  @inline(__always) var isEmpty: Bool {
    guard let content else { return true }
    return content.pointee.queue.isEmpty && content.pointee.heap.count == 0
  }

  /// `none` when there is no key.
  @inline(__always) var lowest: SelectionKey {
    guard let content else { return .none }
    if content.pointee.heap.count == 0 { return content.pointee.queue.head }
    return min(content.pointee.heap.lowest, content.pointee.queue.head)
  }

  @inline(__always) func prefetchSecond() {
    guard let content else { return }
    content.pointee.queue.prefetchSecond()
  }

  /// Without the queue's chunks, which are the pool's.
  var bytes: Int { content.map { MemoryLayout<Content>.stride + $0.pointee.heap.bytes } ?? 0 }

  @inline(never) mutating func push(_ key: SelectionKey, _ pool: inout BlockPool) {
    let content = content ?? make()
    if content.pointee.queue.takes(key) {
      content.pointee.queue.append(key, &pool)
    } else {
      content.pointee.heap.push(key)
    }
  }

  @inline(__always) func dropLowest(_ pool: inout BlockPool) {
    guard let content else { return }
    if content.pointee.heap.count > 0, content.pointee.heap.lowest < content.pointee.queue.head {
      content.pointee.heap.dropLowest()
    } else {
      content.pointee.queue.dropFirst(&pool)
    }
  }

  /// Calls `body` with every key, in no order.
  func visit(_ body: (SelectionKey) -> Void) {
    guard let content else { return }
    content.pointee.queue.visit(body)
    for key in content.pointee.heap.keys { body(key) }
  }

  /// Keeps only what `isKept` says, in linear time.
  func filter(_ pool: inout BlockPool, _ isKept: (SelectionKey) -> Bool) {
    guard let content else { return }
    content.pointee.queue.filter(&pool, isKept)
    content.pointee.heap.filter(isKept)
  }

  /// For an owner whose pool goes as well.
  mutating func freeHeap() {
    guard let content else { return }
    content.pointee.heap.free()
    content.deallocate()
    self.content = nil
  }

  mutating func free(_ pool: inout BlockPool) {
    content?.pointee.queue.free(&pool)
    freeHeap()
  }

  private mutating func make() -> UnsafeMutablePointer<Content> {
    let made = UnsafeMutablePointer<Content>.allocate(capacity: 1)
    made.initialize(to: Content())
    content = made
    return made
  }
}
