import Foundation
import XCTest

@testable import Thalium

/// The same numbers in each run (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func below(_ n: Int) -> Int { Int.random(in: 0..<n, using: &self) }
    mutating func one<Value>(_ values: [Value]) -> Value { values[below(values.count)] }
}

/// Payloads that are nearly right.
struct Payloads {
    var random: Seeded
    let operations: [String]
    private let names = ["c1", "p/x", "bank:ZAR", "holds:ZAR", "", "7", "\0", "ключ", "😀", String(repeating: "x", count: 300)]
    private let fields = [
        "op", "key", "id", "from", "to", "amount", "hold", "account", "asset", "kind", "parent", "name", "code", "scale", "flags", "legs", "now",
        "commands", "command", "request", "reply", "customer", "accounts", "payees", "limit", "after", "at", "before", "random", "open",
        "timeout", "metadata", "outcomes", "linked", "user_data_64", "side", "party", "into", "role", "broker", "fields", "value", "purpose",
        "basis", "identifier", "scope", "why", "actor", "until", "subject", "years", "retention", "law", "due", "public", "transfers",
        "viewer", "description", "rollup", "trades", "trade", "symbol", "price", "quantity", "taker", "bad_rows", "width", "fill", "levels",
        "zone", "delay", "late", "horizon", "keep", "of", "path", "input", "query", "strict", "only",
    ]

    mutating func next() -> String {
        let payload = random.below(10) == 0 ? scalar().written : object(depth: 3).written
        // Some of them are cut off.
        return random.below(12) == 0 ? String(payload.prefix(random.below(payload.count + 1))) : payload
    }

    private mutating func scalar() -> Json {
        switch random.below(10) {
        case 0: .null
        case 1: .bool(random.below(2) == 0)
        case 2: .number(String(Int64(bitPattern: random.next())))
        case 3: .number(String(Double.random(in: -1e9...1e9, using: &random)))
        case 4: .text("\(random.below(100)).\(random.below(100)) ZAR")
        case 5: .text("2026-01-0\(1 + random.below(9))T10:00:00Z")
        case 6: .number("340282366920938463463374607431768211456")
        case 7: .text(random.one(operations))
        default: .text(random.one(names))
        }
    }

    private mutating func value(depth: Int) -> Json {
        if depth == 0 { return scalar() }
        switch random.below(8) {
        case 0: return .list((0..<random.below(4)).map { _ in value(depth: depth - 1) })
        case 1, 2: return object(depth: depth - 1)
        default: return scalar()
        }
    }

    private mutating func object(depth: Int) -> Json {
        var told: [String: Json] = [:]
        for _ in 0..<random.below(7) { told[random.one(fields)] = value(depth: depth) }
        if random.below(8) > 0 { told["op"] = .text(random.one(operations)) }
        return .object(told)
    }
}

/// Whatever is sent, what comes back is an answer or a documented error.
final class RandomTests: XCTestCase {
    func testOnlyDocumentedErrors() async throws {
        let count = ProcessInfo.processInfo.environment["THALIUM_TEST_TIER"] == "full" ? 100_000 : 2_000
        let codes = Set(try Thalium.codes().keys).subtracting(["panicked"])
        // A ledger that is drained answers nothing more.
        let operations = try Thalium.operations().keys.filter { $0 != "drain" }.sorted()
        let commands = [
            "post", "hold", "capture", "release", "account", "asset", "transfer", "transaction", "register_party", "seal_data",
            "forget_party", "define_retention", "nonsense",
        ]
        var payloads = Payloads(random: Seeded(state: 20_261_128), operations: operations + commands)
        let t = try await Thalium.open("memory:", OpenOptions(insecureSeed: String(repeating: "07", count: 32)))
        let device = try await Device.open("memory:") { _ in "" }
        let policy = try await Policy.of(["p.rego": "package p\n\nx := input\n"])
        var answers = 0
        for _ in 0..<count {
            let payload = payloads.next()
            for ask in [t.askText, device.askText, policy.askText] {
                do {
                    _ = try Json(reading: try await ask(payload))
                    answers += 1
                } catch let error as ThaliumError {
                    XCTAssertTrue(codes.contains(error.code), "\(payload): \(error)")
                }
            }
        }
        XCTAssertGreaterThan(answers, count / 100)
        try await t.close()
        try await device.close()
    }

    func testTextIsReadOrRefused() throws {
        var payloads = Payloads(random: Seeded(state: 1), operations: ["post"])
        for _ in 0..<5_000 {
            let text = payloads.next()
            do {
                let json = try Json(reading: text)
                XCTAssertEqual(try Json(reading: json.written), json)
            } catch let error as ThaliumError {
                XCTAssertEqual(error.code, "panicked")
            }
        }
    }
}
