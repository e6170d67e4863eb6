// What must not compile: an amount, a price or what a policy is asked with that is a fraction in the source, and of a broker's view what is for the ledger alone. `test.sh`
// asks the compiler for each line with `REFUSED`, and for what is right.
import Foundation
import Thalium

func amounts() throws {
    #if RIGHT
    _ = try [Money("0.1", "ZAR"), Money("0.1 ZAR"), currency("ZAR")("0.1"), Decimal(1).money("ZAR")]
    _ = TradeRow(symbol: "BTC-ZAR", at: .now, price: "0.1", quantity: "0.1")
    #elseif REFUSED_1
    let _: Money = 0.1
    #elseif REFUSED_2
    _ = try Money(0.1, "ZAR")
    #elseif REFUSED_3
    _ = try currency("ZAR")(0.1)
    #elseif REFUSED_4
    _ = try (0.1).money("ZAR")
    #elseif REFUSED_5
    _ = try Money(Double(1), "ZAR")
    #elseif REFUSED_6
    let _: Money = 1
    #elseif REFUSED_7
    _ = try Money(amount: 0.1, asset: "ZAR")
    _ = [["a": 1, "b": [.number("0.1"), Decimal(1).json, "x", true]], .null] as Json
    #elseif REFUSED_19
    let _: Json = 0.1
    #elseif REFUSED_20
    let _: Json = ["a": [0.1]]
    #elseif REFUSED_21
    _ = Json.number(0.1)
    #elseif REFUSED_22
    _ = (0.1).json
    #elseif REFUSED_16
    _ = TradeRow(symbol: "BTC-ZAR", at: .now, price: 0.1, quantity: "0.1")
    #endif
}

func policies(_ policy: Policy) async throws {
    #if RIGHT
    _ = try await (policy.decide("a/b"), policy.decide("a/b", input: ["a": 1]), policy.decide("a/b", input: #"{"a": 0.1}"#, now: .now))
    _ = try await (policy.evaluate("a/b", input: .null), policy.query("x := input", input: 1))
    _ = try await (policy.explain("a/b", input: #"{"a": 0.1}"#), policy.filter("a/b", columns: ["c": RowColumn(.text)], input: ["a": 1]))
    #elseif REFUSED_23
    _ = try await policy.decide("a/b", input: 0.1)
    #elseif REFUSED_24
    _ = try await policy.decide("a/b", input: ["amount": Double(1)])
    #elseif REFUSED_25
    _ = try await policy.decide("a/b", input: ["amount": 0.1])
    #endif
}

func charts(_ chart: Chart, _ begun: SessionStep) async throws {
    #if RIGHT
    _ = try await (chart.start("a"), chart.start("a", data: ["b": 1]), chart.start("a", data: #"{"b": 0.1}"#, now: .now))
    _ = try await (chart.step(begun, "b"), chart.step(begun.at, "b", data: .number("0.1")), chart.step("s1", "b", data: "0.1"))
    _ = try await (chart.draw(session: begun), chart.advance("s1"), chart.session(begun))
    #elseif REFUSED_30
    _ = try await chart.start("a", data: ["amount": 0.1])
    #elseif REFUSED_31
    _ = try await chart.step(begun, "b", data: 0.1)
    #elseif REFUSED_32
    _ = try await chart.step(1, "b")
    #endif
}

func cases(_ t: Thalium, _ seen: BrokerView) async throws {
    #if RIGHT
    _ = try await (t.cases.open("a", kind: "b"), t.cases.open("a", kind: "b", data: ["c": .number("0.1")], by: By("d", now: .now)))
    _ = try await (t.cases.send("a", "b", data: Json(parsing: #"{"c": 0.1}"#)), Kyc.scoreRisk("m", facts: ["a": 1]))
    _ = try await Kyc.readCallback(.onfido, headers: ["a": "b"], body: "{}".utf8)
    #elseif REFUSED_33
    _ = try await t.cases.open("a", kind: "b", data: ["c": 0.1])
    #elseif REFUSED_34
    _ = try await Kyc.scoreRisk("m", facts: ["a": 0.1])
    #elseif REFUSED_35
    _ = try await seen.cases.list()
    #endif
}

func decisions(_ t: Thalium, _ seen: BrokerView) async throws {
    #if RIGHT
    _ = try await (t.decide("a/b"), t.decide("a/b", input: ["a": 1]), t.decide("a/b", input: #"{"a": 0.1}"#, subject: "c"))
    _ = try await t.listDecisions(masks: [.remove("/input/a"), .upsert("/input/b", .number("0.1"))])
    #elseif REFUSED_26
    _ = try await t.decide("a/b", input: ["amount": 0.1])
    #elseif REFUSED_27
    _ = DecisionMask.upsert("/input/b", 0.1)
    #elseif REFUSED_28
    _ = try await seen.decide("a/b")
    #elseif REFUSED_29
    _ = try await seen.listDecisions()
    #endif
}

func views(_ t: Thalium, _ seen: BrokerView) async throws {
    #if RIGHT
    _ = try await (seen.accounts.get("a"), seen.parties.get("b"), seen.statement("a"), t.trialBalance(), t.parties.grants())
    _ = try await (seen.balanceHistory("a", width: "1h"), seen.volumes(party: "b", code: 7), t.volumes(asset: "ZAR"))
    _ = try await (seen.parties.retentions(), t.parties.defineRetention("c", years: 5), t.klines("BTC-ZAR", "1h"), t.rollups.list())
    #elseif REFUSED_8
    _ = try await seen.trialBalance()
    #elseif REFUSED_9
    _ = try await seen.parties.grants()
    #elseif REFUSED_10
    _ = try await seen.parties.accessLog()
    #elseif REFUSED_11
    _ = try await seen.parties.forget("b")
    #elseif REFUSED_12
    _ = try await seen.accounts.create(key: "a", asset: "ZAR")
    #elseif REFUSED_13
    _ = try await seen.submit([])
    #elseif REFUSED_14
    _ = seen.seenBy("b")
    #elseif REFUSED_15
    _ = try await seen.parties.defineRetention("c", years: 5)
    #elseif REFUSED_17
    _ = try await seen.klines("BTC-ZAR", "1h")
    #elseif REFUSED_18
    _ = try await seen.rollups.list()
    #endif
}
