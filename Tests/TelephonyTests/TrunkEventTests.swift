import DialerModel
import Telephony
import Testing

@Test("an event about a call names it, one about the trunk names none")
func eventNamesItsCall() {
  let callID = CallID("a")
  #expect(TrunkEvent.ended(callID, CallEnding(byFarEnd: true)).callID == callID)
  #expect(TrunkEvent.connected(callID, AgentID("anna")).callID == callID)
  #expect(TrunkEvent.live([callID]).callID == nil)
}
