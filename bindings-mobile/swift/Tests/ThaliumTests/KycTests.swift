import Foundation
import XCTest

@testable import Thalium

// Foundation has no HMAC under Linux: these are the few lines of FIPS 180-4 and RFC 2104.
private func sha256(_ message: [UInt8]) -> [UInt8] {
    func bits(_ root: (Double) -> Double, _ count: Int) -> [UInt32] {
        let primes = (2...311).filter { n in !(2..<n).contains { n % $0 == 0 } }
        return primes.prefix(count).map { prime in
            let value = root(Double(prime))
            return UInt32((value - value.rounded(.down)) * 4_294_967_296)
        }
    }
    let constants = bits(cbrt, 64)
    var hash = bits({ $0.squareRoot() }, 8)
    var padded = message + [0x80]
    padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
    padded += (0..<8).map { UInt8(truncatingIfNeeded: UInt64(message.count * 8) >> UInt64(56 - 8 * $0)) }
    func turned(_ word: UInt32, _ by: UInt32) -> UInt32 { word >> by | word << (32 - by) }
    for start in stride(from: 0, to: padded.count, by: 64) {
        var w = (0..<16).map { at in padded[(start + 4 * at)..<(start + 4 * at + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } }
        for at in 16..<64 {
            let (a, b) = (w[at - 15], w[at - 2])
            let first = turned(a, 7) ^ turned(a, 18) ^ a >> 3
            let second = turned(b, 17) ^ turned(b, 19) ^ b >> 10
            w.append(w[at - 16] &+ first &+ w[at - 7] &+ second)
        }
        var v = hash
        for at in 0..<64 {
            let (e, a) = (v[4], v[0])
            let ofE = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
            let ofA = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
            let chosen = (e & v[5]) ^ (~e & v[6])
            let major = (a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2])
            let one = v[7] &+ ofE &+ chosen &+ constants[at] &+ w[at]
            v = [one &+ ofA &+ major, v[0], v[1], v[2], v[3] &+ one, v[4], v[5], v[6]]
        }
        hash = zip(hash, v).map { $0 &+ $1 }
    }
    return hash.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
}

private func hmac(_ secret: String, _ text: String) -> String {
    let key = Array(secret.utf8) + [UInt8](repeating: 0, count: 64 - secret.utf8.count)
    let inner = sha256(key.map { $0 ^ 0x36 } + Array(text.utf8))
    return sha256(key.map { $0 ^ 0x5c } + inner).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

final class KycTests: XCTestCase {
    private let zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    private let body = #"{"payload":{"resource_type":"workflow_run","action":"workflow_run.completed","object":{"id":"run-1","status":"approved","completed_at_iso8601":"2026-01-31T09:30:00Z"}}}"#
    private let key = CallbackKey(id: "2026", secret: "webhook-token")

    private func now() throws -> Timestamp { try Timestamp("2026-01-31T09:30:05Z") }

    func testTheHmacIsOne() {
        // RFC 4231, test case 2.
        XCTAssertEqual(hmac("Jefe", "what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    func testAMachineReadableZoneIsRead() async throws {
        let read = try await Kyc.readMrz(zone, today: "2012-04-15")
        XCTAssertEqual([read.format, read.documentCode, read.issuer, read.number], ["TD3", "P", "UTO", "L898902C3"])
        XCTAssertEqual([read.primary, read.secondary, read.born, read.expires], ["ERIKSSON", "ANNA MARIA", "1974-08-12", "2012-04-15"])
        XCTAssertTrue(read.valid && read.status == "valid" && read.wrong.isEmpty)
        let later = try await Kyc.readMrz(zone)
        XCTAssertEqual(later.status, "expired")
        var shown = "\(read) \(String(reflecting: read))"
        dump(read, to: &shown)
        XCTAssertFalse(shown.contains("ERIKSSON") || shown.contains("L898902C3"), shown)
        let wrong = try await Kyc.readMrz(zone.replacingOccurrences(of: "7408122", with: "7408123"), today: "2010-01-01")
        XCTAssertTrue(!wrong.valid && wrong.wrong.contains("born"), "\(wrong.wrong)")
        let error = await failure { try await Kyc.readMrz("P<UTO") }
        XCTAssertEqual([error?.code, error?.field], ["invalid", "text"])
    }

    func testACallbackIsProvenAndRead() async throws {
        let (signature, now) = (hmac(key.secret, body), try now())
        let read = try await Kyc.readCallback(.onfido, headers: ["X-SHA2-Signature": signature], body: body.utf8, keys: [key], now: now)
        XCTAssertEqual([read.key, read.about, read.outcome, read.event], ["2026", "run-1", "approved", "check.approved"])
        XCTAssertEqual(read.occurredAt, try Timestamp("2026-01-31T09:30:00Z"))
        XCTAssertEqual(read.data["about"], "run-1")
        let lists = ["x-sha2-signature": [signature], "Accept": ["a", "b"]]
        let same = try await Kyc.readCallback(.onfido, headers: lists, body: Data(body.utf8), keys: [key], now: now)
        XCTAssertEqual(same, read)

        let old = CallbackKey(id: "2025", secret: key.secret, notAfter: Timestamp(nanoseconds: now.nanoseconds - 1_000_000_000))
        let wrong: [(headers: [String: [String]], body: String, key: CallbackKey)] = [
            (["X-SHA2-Signature": [hmac("another", body)]], body, key), ([:], body, key), (["X-SHA2-Signature": [signature]], body + " ", key),
            (["X-SHA2-Signature": [signature, signature]], body, key), (["X-SHA2-Signature": [signature]], body, old),
        ]
        for (headers, body, key) in wrong {
            let error = await failure { try await Kyc.readCallback(.onfido, headers: headers, body: body.utf8, keys: [key], now: now) }
            XCTAssertEqual([error?.code, error?.field], ["refused", "body"])
            XCTAssertFalse(error?.message.contains(key.secret) ?? true, error?.message ?? "")
        }
        let bytes = await failure {
            try await Kyc.readCallback(.onfido, headers: ["X-SHA2-Signature": signature], body: [0x7b, 0xff], keys: [key], now: now)
        }
        XCTAssertEqual([bytes?.code, bytes?.field], ["invalid", "body"])
        // Who signs nothing is known by the address.
        let jumio = await failure { try await Kyc.readCallback(.jumio, body: "{}".utf8) }
        XCTAssertEqual([jumio?.code, jumio?.field], ["invalid", "from"])
        var shown = "\(key) \(String(reflecting: key))"
        dump(key, to: &shown)
        XCTAssertFalse(shown.contains(key.secret), shown)
    }

    func testARiskIsScoredExactly() async throws {
        let model = """
            risk: 1
            id: small
            description: Two factors.
            factors:
              - {id: country, description: Where they live., weight: 1, value: {var: country}, points: {ZA: 10, XX: 60}}
              - {id: volume, description: What they move in a month., weight: 0.5, value: {var: volume}, bands: [{to: 100000.50, points: 0}, {from: 100000.50, points: 40}]}
            floors:
              - {when: {var: pep}, at_least: 70, reason: pep, hard: true}
            levels:
              - {level: low, from: 0, refresh: P5Y}
              - {level: high, from: 60, refresh: P1Y}
            """
        // What a `Double` would round up to the border.
        for (volume, score) in ["100000.49999999999999999999": 10, "100000.50": 30] {
            let facts: Json = ["country": "ZA", "volume": .number(volume), "pep": false]
            let scored = try await Kyc.scoreRisk(model, facts: facts, now: now())
            XCTAssertTrue(scored.score == Decimal(score) && scored.level == "low" && !scored.refuse, "\(volume): \(scored)")
            XCTAssertEqual(scored.refreshBy, try Timestamp("2031-01-31T09:30:05Z"))
            XCTAssertTrue(!scored.explained.isEmpty && scored.details.fields != nil)
        }
        let raised: Json = ["level": "high", "by": "sam", "reason": "a hunch", "expires": "2026-12-01T00:00:00Z"]
        let facts: Json = ["country": "ZA", "volume": 1, "pep": false]
        let scored = try await Kyc.scoreRisk(model, facts: facts, overrides: [raised], now: now())
        XCTAssertEqual(scored.level, "high")
        let error = await failure { try await Kyc.scoreRisk(model, facts: ["volume": .number("0,1")]) }
        XCTAssertEqual([error?.code, error?.field], ["invalid", "facts"])
        await assertCode("chart") { try await Kyc.scoreRisk("risk: 1\nid: small\nfactor: []\n") }
    }

    func testADefinitionOfBallerineBecomesAChart() async throws {
        let states = #"{"waiting": {"on": {"REJECT": "rejected"}}, "rejected": {}}"#
        let text = #"{"id": "review", "definitionType": "statechart-json", "definition": {"id": "review", "initial": "waiting", "states": \#(states)}}"#
        let read = try await Kyc.importBallerine(text)
        XCTAssertTrue(read.charts.isEmpty && !read.leniencies.isEmpty, "\(read)")
        let chart = try await Chart.of(read.chart, charts: read.charts, dialect: read.dialect)
        let told = try await chart.step(chart.start("c-1"), "REJECT")
        XCTAssertEqual(told.states, ["rejected"])
        await assertCode("chart") { try await Kyc.importBallerine(text, strict: true) }
    }

    func testRulesOfBallerineBecomeAGuard() async throws {
        let read = try await Kyc.importRules(#"{"operator": "and", "rules": [{"key": "score", "operator": "GT", "value": 40}]}"#)
        let states = #"{"waiting": {"on": {"CHECKED": [{"target": "high", "guard": \#(read.guard)}, "low"]}}, "high": {}, "low": {}}"#
        let chart = try await Chart.of(#"{"chart": 1, "id": "risk", "context": {"score": 0}, "states": \#(states)}"#, dialect: read.dialect)
        for (score, state) in [("41", "high"), ("40", "low")] {
            let told = try await chart.step(chart.start("c-1", data: ["score": .number(score)]), "CHECKED")
            XCTAssertEqual(told.states, [state])
        }
        let asking = #"{"operator": "and", "rules": [{"key": "score", "operator": "AML_CHECK", "value": {}}]}"#
        await assertCode("chart") { try await Kyc.importRules(asking) }
    }

    func testWhatIsProbablyWrongInAKindOfCasesIsTold() async throws {
        let chart = """
            chart: 1
            id: papers
            states:
              review: {on: {decided: settled}}
              resting: {on: {woken: review}}
              settled: {type: final}
            """
        let kind = """
            case: 1
            id: papers
            chart: papers
            queues:
              - {id: all, roles: [officer]}
              - {id: some, states: [review], roles: [officer]}
            decisions:
              approve: {states: [review, resting], roles: [officer], event: decided}
            """
        let told = try await Kyc.lintCases(kind, charts: [chart])
        XCTAssertEqual(told.map(\.rule), ["hidden-queue", "unheard-decision"])
        XCTAssertEqual(told.map(\.severity), ["warning", "warning"])
        let javascript = try await Kyc.lintCases(kind, charts: [chart], dialect: .javascript)
        XCTAssertEqual(javascript, told)
        // Guards of a kind ask a policy.
        let asking = kind.replacingOccurrences(of: "{id: all, ", with: "{id: all, when: {rego: kyc/high}, ")
        let policy = PolicyBundle.of(["kyc.rego": "package kyc\n\nhigh if input.score >= 5\n"])
        let asked = try await Kyc.lintCases(asking, charts: [chart], policy: policy)
        XCTAssertEqual(asked.map(\.rule), ["unheard-decision"])
        for refused in [asking, kind.replacingOccurrences(of: "[review]", with: "[nowhere]")] {
            await assertCode("chart") { try await Kyc.lintCases(refused, charts: [chart]) }
        }
    }

    func testWhatTheReadmeShows() async throws {
        let lines = """
            P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
            L898902C36UTO7408122F1204159ZE184226B<<<<<10
            """
        let passport = try await Kyc.readMrz(lines)
        XCTAssertTrue(passport.valid)
        XCTAssertEqual([passport.number, passport.born!, passport.status], ["L898902C3", "1974-08-12", "expired"])
        let (signature, body, now) = (hmac(key.secret, body), body, try now())
        let headers = ["X-SHA2-Signature": signature]
        let callback = try await Kyc.readCallback(.onfido, headers: headers, body: body.utf8, keys: [key], now: now)
        XCTAssertEqual([callback.outcome, callback.event], ["approved", "check.approved"])
    }
}
