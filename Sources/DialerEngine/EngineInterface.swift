import ControlProtocol
import DialerModel
import LeadStore
import Telephony

/// What the engine is told in a turn.
public enum EngineInput: Sendable {
  case request(EngineRequest)
  case trunk(TrunkName, TrunkEvent)
  /// The answer to an ``EngineEffect/query(_:)``.
  case answer(QueryID, QueryAnswer)
  /// The configuration was read again and is without fault.
  case reload(EngineSettings, requestedBy: RequestToken?)
  /// What came of ``EngineEffect/readConfiguration(_:isDryRun:)`` where nothing is to be changed: a dry run, or faults.
  case reloadAnswered(RequestToken, JSON)
  /// No new calls from now on; live ones go on.
  case drain
  /// The store cannot write, or can write again: while it cannot, nothing is dialled and nothing is changed.
  case storeWritable(Bool)
}

/// The host's name for a request that waits for its reply.
@frozen public struct RequestToken: Hashable, Sendable {
  public let rawValue: UInt64
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// Who asks: the kernel says the user, the configuration says the role.
public struct Peer: Hashable, Sendable {
  public var userID: UInt32
  public var role: Role
  /// The tenant that the role is bound to: nothing of another tenant is there for this peer. Nil = not bound.
  public var tenant: TenantID?
  public init(userID: UInt32, role: Role, tenant: TenantID? = nil) {
    self.userID = userID
    self.role = role
    self.tenant = tenant
  }
}

/// One call of a method, its parameters checked against the method table.
public struct EngineRequest: Sendable {
  public var token: RequestToken
  public var peer: Peer
  public var method: String
  /// Whether the method changes something: then it takes `requestID` and `dryRun`, and its reply waits for the disk.
  public var changes: Bool
  public var parameters: Parameters
  /// A hash of method and parameters; of use only with a `requestID`.
  public var fingerprint: UInt64
  public init(
    token: RequestToken, peer: Peer, method: String, changes: Bool, parameters: Parameters, fingerprint: UInt64 = 0
  ) {
    self.token = token
    self.peer = peer
    self.method = method
    self.changes = changes
    self.parameters = parameters
    self.fingerprint = fingerprint
  }
}

/// What the engine wants done. Effects of a turn that writes are carried out after its transaction is on disk, in order.
public enum EngineEffect: Sendable {
  case reply(RequestToken, Result<JSON, RequestError>)
  case trunk(TrunkName, TrunkCommand)
  case query(EngineQuery)
  /// The configuration is to be read again; the host answers with `reload` or `reloadAnswered`.
  case readConfiguration(RequestToken, isDryRun: Bool)
  case log(LogEvent)
  /// Every call has ended or the drain's time is over.
  case drained
}

/// What a turn comes to.
public struct TurnOutput: Sendable {
  public var turn: Int64 = 0
  /// Nothing of the turn is true before this is on disk.
  public var transaction = StoreTransaction()
  /// Effects that wait for nothing.
  public var immediate: [EngineEffect] = []
  /// Effects that wait until this transaction, and every one before it, is on disk.
  public var afterCommit: [EngineEffect] = []
  /// When the next turn is due without an input; nil = not before one.
  public var nextWake: MonotonicInstant?
  public init() {}
}

/// A question to the store that the host carries out beside the engine.
@frozen public struct QueryID: Hashable, Sendable {
  public let rawValue: UInt64
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

public struct EngineQuery: Sendable {
  public var id: QueryID
  public var question: QueryQuestion
}

public enum QueryQuestion: Sendable {
  /// One lead's details. Quick enough to be asked on the engine's own thread.
  case lead(LeadID)
  /// The details of the leads that come into question as the same lead or the same person. Answered like ``lead(_:)``:
  /// before the next turn, so that what is on its way to the disk meanwhile is still known to the engine.
  case candidates(LeadProbe)
  case find(LeadQuery)
  /// Ids only, for commands on many leads.
  case leadIDs(LeadQuery)
  /// Two leads of the lists with the same value of the field, as ids; none when there are none.
  case sameValue(FilterField, lists: [ListID])
  /// Answered once all values of the field are gathered (see ``StoreChange/indexField(_:)``).
  case fieldIndexed(FilterField)
  /// Leads that carry one of these numbers or prefixes: their places in the indexes are looked at anew.
  case leadIDsByPhone([DoNotCallEntry])
  case attempts(AttemptFilter, limit: Int, cursor: String?, evidence: Bool)
  case attempt(AttemptID)
  case campaignStatistics(CampaignID, since: Instant?)
  case listStatusCounts(ListID)
  /// Past attempts for the rolling limits.
  case attemptHistory(since: Instant)
  /// Which leads of the list each static part of its filter takes.
  case filterBits(ListID, [FilterExpression])
  /// The next piece of the walk along the chain of evidence.
  case verifyEvidence(EvidenceRange, EvidenceWalk?)
  /// A piece of the records of calls.
  case exportEvidence(EvidenceRange, tenant: TenantID?, after: AttemptID?)
  case backup(path: String)
  /// Carried out on a thread of its own.
  case importing(ImportRequest)
  /// Answered at once: as an effect after the commit it says that the turn is on disk.
  case barrier
  /// Files of do-not-call numbers, carried out on threads of their own.
  case numbers(NumberFileRequest)
}

/// A lead as the store has it.
public struct KnownLead: Sendable {
  public var record: LeadRecord
  public var vendorLeadCode: String?
  public var details: LeadDetails
  public var touch: LeadTouch
  /// Fields that a rule cut, while the lead is drafted.
  var cut: [String] = []
  public init(record: LeadRecord, vendorLeadCode: String?, details: LeadDetails, touch: LeadTouch) {
    self.record = record
    self.vendorLeadCode = vendorLeadCode
    self.details = details
    self.touch = touch
  }

  public init(_ stored: StoredLead) {
    self.init(
      record: stored.record, vendorLeadCode: stored.vendorLeadCode, details: stored.details,
      touch: LeadTouch(
        lastContactedAt: stored.lastContactedAt, lastAgentID: stored.lastAgentID, wrapCode: stored.wrapCode))
  }
}

/// What the last calls left on a lead, beside its state.
public struct LeadTouch: Hashable, Sendable {
  public var lastContactedAt: Instant?
  public var lastAgentID: AgentID?
  public var wrapCode: String?
  public init(lastContactedAt: Instant? = nil, lastAgentID: AgentID? = nil, wrapCode: String? = nil) {
    self.lastContactedAt = lastContactedAt
    self.lastAgentID = lastAgentID
    self.wrapCode = wrapCode
  }
}

public enum QueryAnswer: Sendable {
  case lead(KnownLead?)
  case candidates([KnownLead])
  case leads([KnownLead], nextCursor: String?)
  case leadIDs([LeadID])
  case attempts([Attempt], nextCursor: String?)
  case statistics(JSON)
  case statusCounts([(status: String, count: Int)])
  case history([AttemptTrace])
  /// In order of id: each lead of the list, one bit for each static part.
  case filterBits([(LeadID, UInt64)])
  case evidenceWalk(EvidenceWalk)
  case evidenceText(String, attempts: Int, next: AttemptID?)
  case done(JSON)
  case imported(ImportAnswer)
  /// The store cannot be brought up to date (its disk is full): what it knew then; nil = nobody can say when.
  indirect case behind(QueryAnswer, asOf: Instant?)
  case numbers(NumberFileAnswer)
  case failed(RequestError)
}

extension QueryQuestion {
  /// Asked for somebody to look at, not to decide by: better answered late than not at all.
  public var isForReaders: Bool {
    switch self {
    case .lead, .candidates, .find, .attempts, .attempt, .campaignStatistics, .listStatusCounts, .verifyEvidence,
      .exportEvidence:
      true
    case .leadIDs, .sameValue, .leadIDsByPhone, .attemptHistory, .filterBits, .backup, .importing, .barrier, .numbers,
      .fieldIndexed:
      false
    }
  }
}

/// How much it matters; the names of the design page on style.
public enum LogLevel: Int, CaseIterable, Comparable, Sendable {
  case debug, info, notice, warning, error
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One line of the log, before it is text.
public struct LogEvent: Sendable {
  public enum Value: Sendable {
    case text(String)
    case number(Int64)
    case seconds(Interval)
    case instant(Instant)
    /// Masked by the host unless the configuration shows numbers.
    case phone(PhoneNumber)
  }
  public var level: LogLevel
  public var name: StaticString
  public var fields: [(key: StaticString, value: Value)]
  public init(_ level: LogLevel, _ name: StaticString, _ fields: [(key: StaticString, value: Value)]) {
    self.level = level
    self.name = name
    self.fields = fields
  }
}
