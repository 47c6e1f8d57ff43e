import DialerEngine
import DialerModel
import Foundation
import LeadStore

/// Claims with every gate judged, evidence and journal written, on disk before the trunk hears of them.
struct DurableClaims: Benchmark {
  enum Part: String, CaseIterable {
    case burst, rules, sustained, single
  }
  let part: Part
  var name: String { "claims-\(part.rawValue)" }
  var summary: String {
    switch part {
    case .burst: "Durable claims as fast as they go, the projections behind."
    case .rules: "The burst with every rule on: states' hours, strict zones, limits, gap, filter, do-not-call, holds."
    case .sustained: "Calls claimed, ended and projected."
    case .single: "Durable claims one at a time, each waited for."
    }
  }

  func run(_ context: Context) throws -> [Row] {
    switch part {
    case .burst:
      let rows = try burst(context, leads: context.size(1_000_000, quick: 5_000), name: "burst")
      return context.isLarge ? rows + (try large(context, reference: rows.first?.median ?? 1)) : rows
    case .rules: return try rules(context)
    case .sustained: return try sustained(context)
    case .single: return try oneAtATime(context)
    }
  }

  private func directory(_ context: Context, _ name: String) throws -> String {
    let path = context.directory + "/claims-\(name)"
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  // MARK: - A burst

  private func burst(_ context: Context, leads: Int, name: String) throws -> [Row] {
    let claims = context.size(300_000, quick: 2_000)
    var values: [Double] = []
    var references: [Double] = []
    for round in 0..<context.rounds {
      let path = try directory(context, name)
      defer { try? FileManager.default.removeItem(atPath: path) }
      values.append(try burstRate(context, path, leads: leads, claims: claims))
      let queue = try JobQueueReference(path: path + "/queue.sqlite", leads: context.size(200_000, quick: 5_000))
      references.append(
        try queue.rate(claims: context.size(50_000, quick: 2_000), perTransaction: 100))
      context.note("burst round \(round + 1): \(Int(values.last ?? 0)) claims/s")
    }
    return [
      Row(
        "durable claims, burst of \(claims) at \(leads) leads", values: values, unit: "/s",
        referenceName: "UPDATE … RETURNING, 100 a transaction", references: references, target: .atLeast(100_000))
    ]
  }

  private func burstRate(_ context: Context, _ path: String, leads: Int, claims: Int) throws -> Double {
    let store = try LeadStore(path: path + "/dialer.sqlite")
    defer { store.close() }
    try SampleLeads(leads: leads).fill(store)
    let driver = try ClaimDriver(store: store, settings: context.settings, trunkCalls: claims + 10_000)
    let seconds = try Stopwatch.seconds { try driver.run(until: claims, ends: false) }
    return Double(driver.dialled) / seconds
  }

  private func large(_ context: Context, reference: Double) throws -> [Row] {
    let path = try directory(context, "large")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let rate = try burstRate(context, path, leads: 10_000_000, claims: 300_000)
    return [
      Row(
        "durable claims, burst of 300000 at 10000000 leads", value: rate, unit: "/s", referenceName: "at 1 million",
        reference: reference, target: .ratioAtLeast(0.7), remark: "one round")
    ]
  }

  // MARK: - Every rule

  private func rules(_ context: Context) throws -> [Row] {
    let claims = context.size(300_000, quick: 1_000)
    let ruled = RuledLeads(count: context.size(1_000_000, quick: 5_000))
    let past = ruled.past
    var values: [Double] = []
    var references: [Double] = []
    for round in 0..<context.rounds {
      let path = try directory(context, "rules")
      defer { try? FileManager.default.removeItem(atPath: path) }
      let store = try LeadStore(path: path + "/dialer.sqlite")
      defer { store.close() }
      try ruled.fill(store)
      let driver = try ClaimDriver(
        store: store, settings: context.settings, trunkCalls: claims + 10_000, startsAt: RuledLeads.now, past: past)
      try driver.run(until: claims / 100, ends: false)
      let start = driver.dialled
      let seconds = try Stopwatch.seconds { try driver.run(until: claims, ends: false) }
      values.append(Double(driver.dialled - start) / seconds)
      let plain = try directory(context, "plain")
      defer { try? FileManager.default.removeItem(atPath: plain) }
      references.append(try burstRate(context, plain, leads: ruled.count, claims: claims))
      context.note("every rule round \(round + 1): \(Int(values.last ?? 0)) claims/s")
    }
    return [
      Row(
        "durable claims with every rule on, burst of \(claims) at \(ruled.count) leads", values: values, unit: "/s",
        referenceName: "without rules", references: references, target: .atLeast(100_000),
        remark: "one lead in four was called before, one in forty may not be called now")
    ]
  }

  // MARK: - Sustained

  private func sustained(_ context: Context) throws -> [Row] {
    let leads = context.size(1_000_000, quick: 5_000)
    let calls = context.size(500_000, quick: 2_000)
    var values: [Double] = []
    for _ in 0..<context.rounds {
      let path = try directory(context, "sustained")
      defer { try? FileManager.default.removeItem(atPath: path) }
      let store = try LeadStore(path: path + "/dialer.sqlite")
      defer { store.close() }
      try SampleLeads(leads: leads).fill(store)
      let driver = try ClaimDriver(store: store, settings: context.settings, trunkCalls: 3_000)
      let seconds = try Stopwatch.seconds {
        try driver.run(until: calls, ends: true)
        try store.flushProjection()
      }
      values.append(Double(driver.dialled) / seconds)
      context.note("sustained: \(Int(values.last ?? 0)) calls/s")
    }
    return [
      Row(
        "calls claimed, dialled, ended and projected at \(leads) leads", values: values, unit: "/s",
        target: .atLeast(25_000), remark: "the time includes bringing the projection up to the last event")
    ]
  }

  // MARK: - One at a time

  private func oneAtATime(_ context: Context) throws -> [Row] {
    let calls = context.size(5_000, quick: 200)
    var values: [Double] = []
    var references: [Double] = []
    for _ in 0..<context.rounds {
      let path = try directory(context, "single")
      defer { try? FileManager.default.removeItem(atPath: path) }
      let store = try LeadStore(path: path + "/dialer.sqlite")
      defer { store.close() }
      var sample = SampleLeads(leads: context.size(50_000, quick: 2_000))
      sample.lists = 3
      var campaign = sample.campaign()
      campaign.maximumLiveCalls = 1
      try sample.fill(store, campaign: campaign)
      let driver = try ClaimDriver(store: store, settings: context.settings, trunkCalls: 10)
      try driver.run(until: calls / 10, ends: true)
      references.append(try DiskReference(directory: path).rate(count: calls))
      let start = driver.dialled
      let seconds = try Stopwatch.seconds { try driver.run(until: start + calls, ends: true) }
      values.append(Double(driver.dialled - start) / seconds)
    }
    return [
      Row(
        "durable claims, one at a time", values: values, unit: "/s", referenceName: "bare pwrite + fdatasync",
        references: references, target: .ratioAtLeast(0.7))
    ]
  }
}
