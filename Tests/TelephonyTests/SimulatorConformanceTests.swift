import Telephony
import Testing

@Test("the simulator keeps the trunk contract", arguments: TrunkConformance.allCases)
func simulatorConforms(rule: TrunkConformance) {
  var bench = SimulatorBench()
  rule.check(&bench)
}
