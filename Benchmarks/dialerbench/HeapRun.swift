import DialerModel
import LeadSelection

/// The reference: plain binary heaps as one would write them in C++, one for each list, over the same 24-byte
/// records. Lists take turns, zones do not exist, nobody waits: each cycle takes the lowest and puts it back.
struct HeapRun {
  private var heaps: [UnsafeMutableBufferPointer<SelectionKey>] = []
  private var next = 0
  private var now: UInt64 = 1
  private(set) var check: UInt64 = 0

  init(_ setting: SelectionSetting) {
    let perList = setting.leads / setting.lists
    for list in 0..<setting.lists {
      let heap = UnsafeMutableBufferPointer<SelectionKey>.allocate(capacity: perList)
      for place in 0..<perList {
        // Ascending, and so a heap already.
        heap.initializeElement(
          at: place, to: SelectionKey(first: 0, second: 0, third: UInt64(list * perList + place + 1)))
      }
      heaps.append(heap)
    }
  }

  /// Gives the memory back; the run is over.
  mutating func free() {
    for heap in heaps { heap.deallocate() }
    heaps = []
  }

  /// Nanoseconds of this thread.
  mutating func cycle(_ count: Int) -> Double {
    Stopwatch.processorNanoseconds {
      for _ in 0..<count {
        let heap = heaps[next]
        next = next + 1 == heaps.count ? 0 : next + 1
        var key = heap[0]
        check &+= key.third
        Self.sink(heap[heap.count - 1], in: heap, count: heap.count - 1)
        now += 1
        key.first = now
        Self.rise(key, in: heap, from: heap.count - 1)
      }
    }
  }

  private static func sink(
    _ key: SelectionKey, in heap: UnsafeMutableBufferPointer<SelectionKey>, count: Int
  ) {
    var hole = 0
    while true {
      var child = 2 * hole + 1
      guard child < count else { break }
      if child + 1 < count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < key else { break }
      heap[hole] = heap[child]
      hole = child
    }
    heap[hole] = key
  }

  private static func rise(
    _ key: SelectionKey, in heap: UnsafeMutableBufferPointer<SelectionKey>, from start: Int
  ) {
    var hole = start
    while hole > 0 {
      let parent = (hole - 1) / 2
      guard key < heap[parent] else { break }
      heap[hole] = heap[parent]
      hole = parent
    }
    heap[hole] = key
  }
}
