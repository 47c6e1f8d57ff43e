/// One complete calendar of windows: the base's, with those of regions written over it.
///
/// A lead may be called when every layer of its stack is open. A rule that only narrows makes a layer of its own, in
/// which days that it does not name are as in the base; one that replaces is written over the layers there are.
struct HoursLayer: Hashable, Sendable {
  struct Overlay: Hashable, Sendable {
    /// Index of the rule's sheet.
    var sheet: Int32
    /// A weekday that it names yields to a special date below it (it replaces weekdays by weekdays and dates by
    /// dates). A narrowing rule's does not: the base's date closes its own layer anyway.
    var yieldsToDates: Bool
  }

  /// From the lowest up.
  private(set) var overlays: [Overlay] = []

  static let base = HoursLayer()

  func with(_ overlay: Overlay) -> HoursLayer {
    var layer = self
    layer.overlays.append(overlay)
    return layer
  }

  /// The same layer made of other sheets.
  func mapping(_ sheet: (Int32) -> Int32) -> HoursLayer {
    var layer = self
    for index in overlays.indices { layer.overlays[index].sheet = sheet(overlays[index].sheet) }
    return layer
  }
}

/// The layers that hold for a place, and the rules that attempt limits and holds come from.
struct HoursStack: Sendable {
  var layers: [HoursLayer]
  /// Sheets of regions in it, for limits and holds.
  var regions: [Int]
  /// What it says at every moment, where that is always the same.
  var constant: Bool?
}
