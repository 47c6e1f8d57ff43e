/// The one table of methods: the dispatcher, the roles, the help and the OpenRPC document all read it, so that they
/// cannot drift apart. The page "The control protocol" is its source.
public enum MethodTable {
  /// Every method, in the order in which help lists them.
  public static let methods: [MethodSpec] =
    daemonMethods + campaignMethods + campaignListMethods + listMethods + strategyMethods + callingHoursMethods
    + leadMethods + leadDialMethods + leadCallbackMethods + importMethods + templateMethods + callMethods + agentMethods
    + doNotCallMethods + reportMethods + evidenceMethods + eventMethods

  private static let names = methods.map(\.name)
  private static let places: [String: Int] = Dictionary(
    uniqueKeysWithValues: methods.enumerated().map { ($0.element.name, $0.offset) })

  /// The method of this exact name.
  public static func method(_ name: String) -> MethodSpec? { place(of: name).map { methods[$0] } }

  /// The method's place in ``methods``, by which a dispatcher may keep its handlers.
  public static func place(of name: String) -> Int? { places[name] }

  /// At most three names that look most like this one.
  public static func nearest(to name: String) -> [String] { NearestNames.nearest(to: name, among: names) }

  /// The method of a request that this role may call.
  ///
  /// - Throws: `unknown-method` with the nearest names, or `not-permitted`; also when a parameter of the request needs
  ///   more than the method does.
  public static func method(of request: Request, role: Role) throws(RequestError) -> MethodSpec {
    guard let spec = method(request.method) else {
      throw .unknownMethod(request.method, nearest: nearest(to: request.method))
    }
    guard role >= spec.role else { throw .notPermitted(role, spec.name, needs: spec.role) }
    guard spec.hasGuardedParameter else { return spec }
    for parameter in spec.parameters {
      guard let needs = parameter.role, role < needs, request.params[parameter.name] != nil else { continue }
      throw .notPermitted(role, spec.name, needs: needs, parameter: parameter.name)
    }
    return spec
  }
}
