import DialerModel

/// Reads filters out of params.
public enum FilterParameter {
  /// - Parameters:
  ///   - field: the path of the parameter that holds the filter.
  ///   - mayBeEmpty: whether `{}`, which takes every lead, is accepted; not where it would delete or move them all by an
  ///     oversight.
  public static func parse(
    _ json: JSON, field: String, mayBeEmpty: Bool = true
  ) throws(RequestError) -> FilterExpression {
    let expression: FilterExpression
    do throws(FilterFault) {
      expression = try FilterExpression(json: json)
    } catch {
      throw .invalidParams(
        field: error.path.isEmpty ? field : "\(field).\(error.path)", value: error.value, accepted: error.accepted,
        message: error.message)
    }
    if expression == .everything, !mayBeEmpty {
      throw .invalidParams(
        field: field, value: json, accepted: ["a filter with a condition"],
        message: "An empty filter takes every lead; this method wants a condition.")
    }
    return expression
  }
}
