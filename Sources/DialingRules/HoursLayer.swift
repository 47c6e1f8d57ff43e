/// One complete calendar of windows: the base's, with those of up to two regions written over it.
///
/// A lead may be called when every layer of its stack is open. A region that only narrows makes a layer of its own, in
/// which days that it does not name are as in the base; one that replaces is written over the layers there are.
struct HoursLayer: Hashable, Sendable {
  struct Overlay: Hashable, Sendable {
    /// Index of the region's sheet.
    var sheet: Int32
    /// A weekday that it names yields to a special date below it (it replaces weekdays by weekdays and dates by
    /// dates). A narrowing region's does not: the base's date closes its own layer anyway.
    var yieldsToDates: Bool
  }

  private(set) var first: Overlay?
  private(set) var second: Overlay?

  static let base = HoursLayer()

  func with(_ overlay: Overlay) -> HoursLayer {
    var layer = self
    precondition(second == nil, "a layer is made of the base, a country and a state")
    if first == nil { layer.first = overlay } else { layer.second = overlay }
    return layer
  }
}

/// The layers that hold for a place, and the attempt limits.
struct HoursStack: Sendable {
  var layers: [HoursLayer]
  /// Sheets of regions in it, for limits and holds.
  var regions: [Int]
  /// What it says at every moment, where that is always the same.
  var constant: Bool?
}
