import ControlProtocol
import DialerModel
import DialingRules

/// Named filters of a tenant. A change of one holds at once wherever it is used.
extension Engine {
  func putSegment(_ command: Command) throws(RequestError) -> Answer {
    let tenant = try tenant(for: command)
    let name = try command.parameters.text("segment")
    let filter = try command.parameters.filter("filter")
    _ = try filters(namedIn: filter, tenant)
    guard !filter.segments.contains(name), !filter.segments.contains(where: { reaches($0, name, tenant) }) else {
      throw command.parameters.invalid("filter", "filter: the segment \(name) would go by itself.")
    }
    let old = segments[tenant]?[name]
    var segment = Segment(name: name, tenant: tenant, filter: filter, createdAt: old?.createdAt ?? now.wall)
    segment.updatedAt = now.wall
    segments[tenant, default: [:]][name] = segment
    do throws(RequestError) {
      try checkExtents(with: name, tenant)
    } catch {
      segments[tenant]?[name] = old
      throw error
    }
    let isKept = try keepIfReady(segment, old, isDryRun: command.isDryRun)
    guard isKept else { return .done(form(segment)) }
    output.transaction.changes.append(.putSegment(segment))
    if old?.filter != filter { rejudgeLists(using: name, tenant) }
    return .done(form(segment))
  }

  /// Segments that go by it become larger with it.
  private func checkExtents(with name: String, _ tenant: TenantID) throws(RequestError) {
    let all = segments[tenant, default: [:]]
    var measure = FilterMeasure { all[$0]?.filter }
    for other in all.keys.sorted() where other == name || reaches(other, name, tenant) {
      do throws(FilterExtent.Excess) {
        _ = try measure.extent(of: .segment(other))
      } catch {
        throw .invalidParams(
          field: "filter", value: nil, accepted: [],
          message: "filter: with it the segment \(other) would be too large. \(error.message)")
      }
    }
  }

  private func reaches(_ start: String, _ name: String, _ tenant: TenantID) -> Bool {
    guard let filter = segments[tenant]?[start]?.filter else { return false }
    return uses(filter, segment: name, tenant)
  }

  /// Every list that goes by it must still be able to; else, and in a dry run, it is as before.
  private func keepIfReady(_ segment: Segment, _ old: Segment?, isDryRun: Bool) throws(RequestError) -> Bool {
    var fault: RequestError?
    for (runtime, id) in lists(using: segment.name, segment.tenant) {
      guard let filter = runtime.assigned[id]?.assignment.filter else { continue }
      do throws(CompiledFilter.Fault) {
        _ = try compiled(filter, segment.tenant)
      } catch {
        fault = .invalidParams(
          field: "filter", value: nil, accepted: [],
          message: "filter: the list \(id) of the campaign \(runtime.id) cannot go by it: \(error.words).")
      }
    }
    if fault != nil || isDryRun { segments[segment.tenant]?[segment.name] = old }
    if let fault { throw fault }
    return !isDryRun
  }

  private func lists(using name: String, _ tenant: TenantID) -> [(CampaignRuntime, ListID)] {
    var found: [(CampaignRuntime, ListID)] = []
    for runtime in campaignOrder where runtime.campaign.tenant == tenant {
      for id in runtime.assigned.keys.sorted() {
        guard let filter = runtime.assigned[id]?.assignment.filter, uses(filter, segment: name, tenant) else {
          continue
        }
        found.append((runtime, id))
      }
    }
    return found
  }

  private func rejudgeLists(using name: String, _ tenant: TenantID) {
    for (runtime, id) in lists(using: name, tenant) {
      loadFilter(id, in: runtime)
      fill(id, in: runtime)
    }
  }

  func getSegment(_ command: Command) throws(RequestError) -> Answer { .done(form(try segment(of: command))) }

  func listSegments(_ command: Command) throws(RequestError) -> Answer {
    let tenant = try tenant(for: command)
    let found = segments[tenant, default: [:]]
    return .done(["segments": .array(found.keys.sorted().compactMap { found[$0] }.map(form))])
  }

  func deleteSegment(_ command: Command) throws(RequestError) -> Answer {
    let segment = try segment(of: command)
    if let (runtime, id) = lists(using: segment.name, segment.tenant).first {
      throw .conflict("segment-in-use", "The campaign \(runtime.id) dials the list \(id) by this segment.")
    }
    let others = segments[segment.tenant, default: [:]].values.filter { $0.filter.segments.contains(segment.name) }
    if let other = others.map(\.name).min() {
      throw .conflict("segment-in-use", "The segment \(other) goes by this one.")
    }
    if command.isDryRun { return .done(["deleted": 1]) }
    segments[segment.tenant]?[segment.name] = nil
    output.transaction.changes.append(.deleteSegment(segment.tenant, segment.name))
    return .done(["deleted": 1])
  }

  private func segment(of command: Command) throws(RequestError) -> Segment {
    let name = try command.parameters.text("segment")
    guard let found = segments[try tenant(for: command)]?[name] else { throw .notFound("segment", .string(name)) }
    return found
  }

  private func form(_ segment: Segment) -> JSON {
    [
      "segment": .string(segment.name), "tenant": .string(segment.tenant.rawValue), "filter": segment.filter.json,
      "createdAt": JSON(segment.createdAt), "updatedAt": JSON(segment.updatedAt),
    ]
  }
}
