import DialerModel
import LeadSelection

/// How many leads of each list are stopped by what, kept as they change, so that a campaign of ten million leads is
/// explained at once.
///
/// A lead belongs to a class: a profile of calling hours, and what stops it beside them. Its class is two bytes here; how
/// many of a list are in each class is counted. Whether a profile is open is asked when the counts are read: a zone that
/// opens changes nothing here. The list that a lead counts to is the one that the index has it in.
struct StandingLedger {
  struct Class {
    var profile: UInt32
    var cause: StandingCause
  }
  private static let pageBits: UInt32 = 12
  private static let pageSize = 1 << Int(pageBits)
  /// Beyond so many, classes are no longer told apart by profile but by zone, so that two bytes are enough: there are
  /// fewer zones, times sixteen, than what is left.
  static let finestClasses = 50_000

  /// Class 0 is no class.
  private(set) var classes: ContiguousArray<Class> = [Class(profile: 0, cause: .none)]
  /// `profile << 4 | cause` → class; 0 = none yet.
  private var classOf: ContiguousArray<UInt16> = []
  private var pages: ContiguousArray<ContiguousArray<UInt16>> = []
  /// By slot, then by class.
  private var counts: ContiguousArray<ContiguousArray<Int32>> = []

  var bytes: Int { pages.reduce(0) { $0 + $1.count * 2 } + classOf.count * 2 + counts.reduce(0) { $0 + $1.count * 4 } }
  var isCoarse: Bool { classes.count >= Self.finestClasses }

  /// - Parameter lead: must be in the index, else what is answered is of no meaning.
  func standing(of lead: LeadID) -> Class {
    let page = Int(lead.rawValue >> Self.pageBits)
    guard page < pages.count, !pages[page].isEmpty else { return classes[0] }
    return classes[Int(pages[page][Int(lead.rawValue) & (Self.pageSize - 1)])]
  }

  /// - Parameters:
  ///   - old: the list that the index had the lead in before; nil = none.
  ///   - new: the list that it has it in now.
  mutating func set(_ lead: LeadID, profile: UInt32, cause: StandingCause, from old: ListSlot?, to new: ListSlot) {
    let number = classNumber(profile, cause)
    let page = Int(lead.rawValue >> Self.pageBits)
    while pages.count <= page { pages.append([]) }
    if pages[page].isEmpty { pages[page] = ContiguousArray(repeating: 0, count: Self.pageSize) }
    let place = Int(lead.rawValue) & (Self.pageSize - 1)
    if let old { count(old, Int(pages[page][place]), -1) }
    pages[page][place] = number
    count(new, Int(number), 1)
  }

  mutating func setCause(_ lead: LeadID, _ cause: StandingCause, in slot: ListSlot) {
    set(lead, profile: standing(of: lead).profile, cause: cause, from: slot, to: slot)
  }

  /// The index is about to take the lead out.
  mutating func remove(_ lead: LeadID, from old: ListSlot?) {
    guard let old else { return }
    let page = Int(lead.rawValue >> Self.pageBits)
    guard page < pages.count, !pages[page].isEmpty else { return }
    count(old, Int(pages[page][Int(lead.rawValue) & (Self.pageSize - 1)]), -1)
  }

  mutating func removeList(_ slot: ListSlot) {
    if slot.index < counts.count { counts[slot.index] = [] }
  }

  /// Calls `body` with each class that leads of the list are in, and how many they are.
  func visit(_ slot: ListSlot, _ body: (Class, Int) -> Void) {
    guard slot.index < counts.count else { return }
    for number in counts[slot.index].indices where counts[slot.index][number] != 0 {
      body(classes[number], Int(counts[slot.index][number]))
    }
  }

  private mutating func count(_ slot: ListSlot, _ number: Int, _ change: Int32) {
    while counts.count <= slot.index { counts.append([]) }
    if counts[slot.index].count <= number {
      counts[slot.index].append(contentsOf: repeatElement(0, count: number + 1 - counts[slot.index].count))
    }
    counts[slot.index][number] += change
  }

  private mutating func classNumber(_ profile: UInt32, _ cause: StandingCause) -> UInt16 {
    let key = Int(profile << 4 | cause.code)
    if key < classOf.count, classOf[key] != 0 { return classOf[key] }
    if classOf.count <= key { classOf.append(contentsOf: repeatElement(0, count: key | 15 + 1 - classOf.count)) }
    precondition(classes.count <= UInt16.max, "the owner goes by zones when the ledger is coarse")
    classOf[key] = UInt16(classes.count)
    classes.append(Class(profile: profile, cause: cause))
    return classOf[key]
  }
}
