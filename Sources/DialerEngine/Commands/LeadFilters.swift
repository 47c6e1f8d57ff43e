import ControlProtocol
import DialerModel
import DialingRules
import LeadStore

/// What a filter means where a client names one: whose leads, by which segments, and whether archived ones are meant.
extension Engine {
  /// The tenant that is named, or that the peer is bound to; nil = every tenant, and the segments of the standard one.
  func selectedTenant(_ command: Command) throws(RequestError) -> TenantID? {
    command.parameters.isPresent("tenant") ? try tenant(for: command) : command.peer.tenant
  }

  /// A query for the leads that a filter takes, of one tenant's lists where that is asked. Archived leads are found only
  /// by a filter that names them.
  func query(_ filter: FilterExpression?, tenant: TenantID?) throws(RequestError) -> LeadQuery {
    let asked = filter ?? .everything
    var query = LeadQuery()
    query.segments = try filters(namedIn: asked, tenant ?? .standard)
    let namesArchived = asked.mentions(.archived) { query.segments[$0] }
    let unarchived = FilterExpression.compare(.archived, .eq, [.boolean(false)])
    query.filter = namesArchived ? asked : asked == .everything ? unarchived : .and([asked, unarchived])
    if tenant != nil || !listsBeingDeleted.isEmpty {
      query.lists = lists.values.filter { tenant == nil || $0.tenant == tenant }.map(\.listID).sorted()
    }
    query.live = callByLead.keys.sorted()
    query.liveStatuses = liveStatuses
    query.statusNames = statusNames
    return query
  }

  private var liveStatuses: [String: [LeadID]] {
    var found: [String: [LeadID]] = [:]
    for lead in callByLead.keys.sorted() {
      guard let call = callByLead[lead].flatMap({ calls[$0] }) else { continue }
      found[call.liveStatus, default: []].append(lead)
    }
    for lead in reservations.keys.sorted() where callByLead[lead] == nil { found["QUEUE", default: []].append(lead) }
    return found
  }

  /// In the order in which ``statusName(_:list:)`` looks for them.
  private var statusNames: [StatusNaming] {
    campaignOrder.flatMap { runtime in
      runtime.campaign.wrapCodes.map {
        StatusNaming(status: $0.code, name: $0.name, lists: runtime.assigned.keys.sorted())
      }
    }
  }

  /// Every segment that a filter needs, also through others.
  func filters(
    namedIn filter: FilterExpression, _ tenant: TenantID, field: String = "filter"
  ) throws(RequestError) -> [String: FilterExpression] {
    var found: [String: FilterExpression] = [:]
    var open = filter.segments
    while let name = open.popLast() {
      guard found[name] == nil else { continue }
      guard let segment = segments[tenant]?[name] else {
        throw .invalidParams(
          field: field, value: .string(name), accepted: segments[tenant, default: [:]].keys.sorted(),
          message: "\(field): the tenant \(tenant) has no segment of this name.")
      }
      found[name] = segment.filter
      open += segment.filter.segments
    }
    var measure = FilterMeasure { found[$0] }
    do throws(FilterExtent.Excess) {
      _ = try measure.extent(of: filter)
    } catch {
      throw .invalidParams(field: field, value: nil, accepted: [], message: "\(field): \(error.message)")
    }
    return found
  }

  /// Whether a filter asks for a segment, be it through others.
  func uses(_ filter: FilterExpression, segment name: String, _ tenant: TenantID) -> Bool {
    var seen: Set<String> = []
    var open = filter.segments
    while let next = open.popLast() {
      if next == name { return true }
      if seen.insert(next).inserted { open += segments[tenant]?[next]?.filter.segments ?? [] }
    }
    return false
  }

  /// A list's filter made ready for its campaign.
  func compiled(_ filter: FilterExpression, _ tenant: TenantID) throws(CompiledFilter.Fault) -> CompiledFilter {
    var measure = FilterMeasure { self.segments[tenant]?[$0]?.filter }
    do throws(FilterExtent.Excess) {
      _ = try measure.extent(of: filter)
    } catch {
      throw .tooDeep
    }
    return try CompiledFilter(filter) { self.segments[tenant]?[$0]?.filter }
  }
}

extension CompiledFilter.Fault {
  /// What is wrong, as the end of a sentence.
  var words: String {
    switch self {
    case .unknownSegment(let name): "there is no segment \(name)"
    case .tooDeep: "with all its segments it goes too deep or is too long"
    case .tooManyStaticLeaves: "it has more than \(CompiledFilter.maximumStaticLeaves) conditions"
    }
  }
}
