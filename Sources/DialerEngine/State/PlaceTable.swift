import DialerModel

/// Region and state of a lead.
struct Place: Hashable {
  /// ISO 3166-1 alpha-2.
  var region: String?
  var state: String?
}

/// Names that many leads share, each kept once: zones and places. What a lead uses for the first time goes to the store.
struct NameTables {
  private(set) var zoneNames: [String] = []
  private var zoneIndex: [String: UInt16] = [:]
  private(set) var places: [Place] = [Place()]
  private var placeIndex: [Place: UInt32] = [Place(): 0]

  mutating func load(zones: [(UInt16, String)], places loaded: [(UInt32, String?, String?)]) {
    for (index, name) in zones {
      while zoneNames.count <= Int(index) { zoneNames.append("") }
      zoneNames[Int(index)] = name
      zoneIndex[name] = index
    }
    for (index, region, state) in loaded {
      while places.count <= Int(index) { places.append(Place()) }
      let place = Place(region: region, state: state)
      places[Int(index)] = place
      placeIndex[place] = index
    }
  }

  func zoneName(_ zone: UInt16) -> String { Int(zone) < zoneNames.count ? zoneNames[Int(zone)] : "" }
  func place(_ place: UInt32) -> Place { Int(place) < places.count ? places[Int(place)] : Place() }

  mutating func zone(_ name: String, changes: inout [StoreChange]) -> UInt16 {
    if let index = zoneIndex[name] { return index }
    let index = UInt16(zoneNames.count)
    zoneNames.append(name)
    zoneIndex[name] = index
    changes.append(.addZone(index, name: name))
    return index
  }

  mutating func place(_ place: Place, changes: inout [StoreChange]) -> UInt32 {
    if let index = placeIndex[place] { return index }
    let index = UInt32(places.count)
    places.append(place)
    placeIndex[place] = index
    changes.append(.addPlace(index, region: place.region, state: place.state))
    return index
  }
}
