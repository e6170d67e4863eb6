import Foundation
import XCTest

@testable import Thalium

final class PoliciesTests: XCTestCase {
    private let newYear = Timestamp(nanoseconds: 1_767_225_600_000_000_000)
    private let module = """
        package p

        same := input
        twice := input.amount * 2
        long := 12345678901234567890.123456789012345678
        nothing := null
        clash := 1
        clash := 2
        verdict := {"outcome": "deny", "obligations": [{"type": "hold", "seconds": 18446744073709551615}]}
        wrong := {"outcome": "allow", "because": "of this"}
        """

    private func policy() async throws -> Policy { try await Policy.of(["p.rego": module]) }

    /// The examples of the repository; in a tree that is entered for Swift they stand elsewhere, if at all.
    private func examples() throws -> URL {
        let folder = ProcessInfo.processInfo.environment["THALIUM_POLICIES"].map { URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../../examples/policies")
        if !FileManager.default.fileExists(atPath: folder.appendingPathComponent(".manifest").path) {
            throw XCTSkip("\(folder.path) is not here: THALIUM_POLICIES names it")
        }
        return folder
    }

    func testADirectoryIsOpenedAndAsked() async throws {
        let examples = try examples()
        let policy = try await Policy.open(examples.path)
        let view = try await policy.describe()
        XCTAssertTrue(view.digest.count == 64 && view.rules.contains { $0.name == "data.access.verdict" && $0.makes == .value })
        for name in ["access", "aml", "security", "trading"] {
            let input = try String(contentsOf: examples.appendingPathComponent("inputs/\(name).json"), encoding: .utf8)
            let verdict = try await policy.decide("\(name)/verdict", input: input, now: newYear)
            XCTAssertTrue(verdict.reasons.allSatisfy { !$0.message.isEmpty && $0.code >= 10_000 }, "\(name): \(verdict)")
            let again = try await policy.decide("\(name)/verdict", input: Json(parsing: input), now: newYear)
            XCTAssertEqual(verdict, again)
        }
        // What is not known denies.
        let denied = try await policy.decide("access/verdict", input: [:], now: newYear)
        XCTAssertEqual(denied.outcome, .deny)
        let tests = try await policy.test(only: "access", now: newYear)
        XCTAssertTrue(tests.passed > 0 && tests.failed == 0 && tests.tests.allSatisfy { $0.outcome == .passed }, "\(tests)")
    }

    func testAFolderAndAFileAreOpened() async throws {
        try await withFolder { folder in
            let file = "\(folder)/p.rego"
            try Data(module.utf8).write(to: URL(fileURLWithPath: file))
            for path in [folder, file] {
                let one = try await Policy.open(path).evaluate("p/same", input: 1)
                XCTAssertEqual(one, 1)
            }
            await assertCode("io") { try await Policy.open("\(folder)/none") }
            let key = PolicyKey(algorithm: "HS256", key: "a secret of the operators", id: "ops")
            let unsigned = await failure { try await Policy.open(folder, keys: [key]) }
            XCTAssertEqual(unsigned?.code, "policy")
            var dumped = "\(key) \(String(reflecting: key)) \(unsigned?.message ?? "")"
            dump([key], to: &dumped)
            XCTAssertFalse(dumped.contains("secret"))
        }
    }

    func testNumbersAreExact() async throws {
        let policy = try await policy()
        let numbers = [
            "0.1", "12.50", "1e-8", "-7", "18446744073709551615", "100000000000000000000000000000000000000001", "0.\(String(repeating: "1", count: 60))",
        ]
        for text in numbers {
            let json = try await policy.evaluate("p/same", input: .number(text))
            let read = try await policy.evaluate("p/same", input: text)
            XCTAssertEqual([json, read], [.number(text), .number(text)])
        }
        let twice = try await policy.evaluate("p/twice", input: #"{"amount": 100000000000000000000.01}"#)
        XCTAssertEqual(try twice?.decimal(), Decimal(string: "200000000000000000000.02"))
        let decimal = try await policy.evaluate("p/same", input: XCTUnwrap(Decimal(string: "19.99")).json)
        XCTAssertEqual(decimal, .number("19.99"))
        let long = try await policy.evaluate("p/long")
        XCTAssertEqual(try long.map { "\(try $0.decimal())" }, "12345678901234567890.123456789012345678")
        // What an answer's type cannot hold is refused.
        let error = await failure { try await policy.decide("p/verdict") }
        XCTAssertEqual([error?.code, error?.field], ["unsupported", "seconds"])
    }

    func testAnInputIsTextOrJson() async throws {
        let policy = try await policy()
        let input: Json = ["a": [true, .null, "x", [1]], "at": .text("\(newYear)")]
        let told = try await (policy.evaluate("p/same", input: input), policy.evaluate("p/same", input: input.written))
        XCTAssertEqual([told.0, told.1], [input, input])
        // In the source the text of JSON, and text in JSON.
        let texts = try await (policy.evaluate("p/same", input: "[1]"), policy.evaluate("p/same", input: .text("[1]")))
        XCTAssertEqual([texts.0, texts.1], [[1], .text("[1]")])
        // None, and one that is null; undefined, and null.
        let (none, null) = try await (policy.evaluate("p/same"), policy.evaluate("p/same", input: .null))
        XCTAssertEqual([none, null], [nil, .some(.null)])
        let nothing = try await policy.evaluate("p/nothing")
        XCTAssertEqual(nothing, .some(.null))
        let ways = try await (policy.query("x := input + 1", input: 1), policy.query("input > 1", input: "1"))
        XCTAssertEqual([ways.0, ways.1], [[["x": 2]], []])
    }

    func testWhatIsNoJsonIsRefused() async throws {
        let policy = try await policy()
        let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        for text in ["{", "", #"{"a": b}"#, "01", "1.", "1,\"now\":\"x\"", deep] {
            let error = await failure(text) { try await policy.decide("p/same", input: text) }
            XCTAssertEqual([error?.code, error?.field], ["invalid", "input"], text)
            XCTAssertTrue(error?.message.hasSuffix("no permission: deny") == true, "\(error?.message ?? "")")
        }
        let number = await failure { try await policy.evaluate("p/same", input: ["a": [1, .number("1,2")]]) }
        XCTAssertTrue(number?.code == "invalid" && number?.message.hasPrefix("input.a[1]: `1,2`") == true, "\(number?.message ?? "")")
        await assertCode("invalid") { try await policy.evaluate("p/same", input: Decimal.nan.json) }
        await assertCode("invalid") { try await policy.evaluate("p/same", input: .number("1e2000000000")) }
    }

    func testErrorsHaveCodes() async throws {
        let refused = await failure { try await Policy.of(["a/b.rego": "package a\n\nx := \n"]) }
        XCTAssertEqual(refused?.code, "policy")
        XCTAssertTrue(refused?.message.contains("a/b.rego:4") == true, "\(refused?.message ?? "")")
        let policy = try await policy()
        for path in ["p/clash", "p/wrong", "p/same", "p/long"] {
            let error = await failure(path) { try await policy.decide(path, input: 1) }
            XCTAssertEqual(error?.code, "undecided", path)
            XCTAssertTrue(error?.message.contains("no permission") == true, "\(error?.message ?? "")")
        }
        await assertCode("undecided") { try await policy.evaluate("p/clash") }
        let path = await failure { try await policy.decide("p/verdikt") }
        XCTAssertEqual([path?.code, path?.field], ["invalid", "path"])
        let query = await failure { try await policy.query("x :=") }
        XCTAssertEqual([query?.code, query?.field], ["invalid", "query"])
        let now = await failure { try await policy.evaluate("p/same", input: 1, now: Timestamp(nanoseconds: 0)) }
        XCTAssertEqual([now?.code, now?.field], ["invalid", "now"])
        // An undefined path is no error, but a denial.
        let denied = try await policy.decide("p/twice")
        XCTAssertEqual(denied.outcome, .deny)
        XCTAssertEqual(denied.reasons.map(\.audience), [.operator])
    }

    func testAnAnswerIsExplained() async throws {
        let module = """
            package access

            import rego.v1

            allow if {
                input.role == "teller"
                input.amount <= 100.50
            }

            said if print("the amount is", input.amount)
            """
        let explained = try await Policy.of(["access.rego": module])
        let input: Json = ["role": "teller", "amount": .number("100.51")]
        let why = try await explained.explain("access/allow", input: input, now: newYear)
        XCTAssertTrue(!why.defined && why.result == nil && why.error == nil && !why.cut, "\(why)")
        for text in ["failed: input.amount <= 100.50", "100.51", "access.rego:7"] { XCTAssertTrue(why.text.contains(text), why.text) }
        XCTAssertTrue(why.steps.contains { $0.became == .failed && $0.file == "access.rego" && $0.row == 7 && $0.depth > 0 }, "\(why)")
        let told = try await explained.explain("access/allow", input: #"{"role": "teller", "amount": 100.50}"#)
        XCTAssertEqual(told.result, "true")
        let said = try await explained.explain("access/said", input: input)
        XCTAssertTrue(said.said.contains("the amount is 100.51"), "\(said)")
        let bare = try await explained.explain("access/said", input: input, withoutValues: true)
        XCTAssertTrue(!bare.text.contains("100.51") && bare.said.isEmpty, "\(bare)")
        let short = try await explained.explain("access/allow", input: input, steps: 1)
        XCTAssertTrue(short.cut && short.steps.count == 1, "\(short)")
        // That it came to no end is told, and a path that leads nowhere is misuse.
        let clash = try await policy().explain("p/clash")
        XCTAssertTrue(!clash.defined && clash.result == nil && clash.error?.contains("p.rego:8") == true, "\(clash)")
        let path = await failure { try await explained.explain("access/alow") }
        XCTAssertEqual([path?.code, path?.field], ["invalid", "path"])
        let text = await failure { try await explained.explain("access/allow", input: "{") }
        XCTAssertEqual([text?.code, text?.field], ["invalid", "input"])
    }

    func testWhatIsProbablyWrongIsToldAndWhatTheTestsRan() async throws {
        let module = "package a\n\nimport data.b\n\nx := 1 if input.y\nelse := 2\n"
        let linted = try await Policy.of(["a.rego": module, "a_test.rego": "package a_test\n\ntest_x if data.a.x == 2\n"])
        let found = try await linted.lint().filter { $0.id == "unused-import" }
        XCTAssertEqual(found.map(\.file), ["a.rego"])
        XCTAssertTrue(found.allSatisfy { $0.row == 3 && !$0.message.isEmpty && !$0.hint.isEmpty }, "\(found)")
        let bare = try await linted.test()
        XCTAssertNil(bare.coverage)
        let tests = try await linted.test(coverage: true)
        let coverage = try XCTUnwrap(tests.coverage)
        XCTAssertEqual(coverage.files.map(\.file), ["a.rego", "a_test.rego"])
        XCTAssertTrue(tests.passed == 1 && (1...10_000).contains(coverage.basisPoints ?? 0), "\(tests)")
    }

    func testARuleBecomesAConditionInSQL() async throws {
        let module = """
            package accounts

            visible if input.row.owner == input.user

            visible if {
                input.row.branch in input.branches
                input.row.balance < 12345678901234567890.10
            }

            doubled if input.row.balance * 2 > 1

            all if input.user
            """
        let filtering = try await Policy.of(["accounts.rego": module])
        let columns = [
            "owner": RowColumn(.text, sql: "owner_id"), "branch": RowColumn(.text, nullable: true), "balance": RowColumn(.number),
        ]
        let input: Json = ["user": "ann", "branches": ["north", "south"]]
        let filter = try await filtering.filter("accounts/visible", columns: columns, input: input, alias: "a", firstParameter: 2)
        XCTAssertEqual(filter.rows, .some)
        XCTAssertTrue(filter.sql.contains("owner_id") && filter.sql.contains("$2") && !filter.sql.contains("$1"), filter.sql)
        let texts = filter.parameters.compactMap(\.text)
        XCTAssertTrue(texts.contains("ann") && texts.contains("12345678901234567890.10"), "\(filter.parameters)")
        XCTAssertTrue(filter.parameters.contains { $0.texts == ["north", "south"] }, "\(filter.parameters)")
        let text = try await filtering.filter("accounts/visible", columns: columns, input: #"{"user": "ann", "branches": []}"#)
        XCTAssertTrue(text.sql.contains("$1"), text.sql)
        let (all, none) = try await (
            filtering.filter("accounts/all", columns: columns, input: input), filtering.filter("accounts/all", columns: columns)
        )
        XCTAssertEqual([all.rows, none.rows], [FilteredRows.all, FilteredRows.none])
        // What has no exact condition is refused.
        let refused = await failure { try await filtering.filter("accounts/doubled", columns: columns, input: input) }
        XCTAssertEqual([refused?.code, refused?.field], ["unsupported", "path"])
        XCTAssertTrue(refused?.message.contains("accounts.rego:10") == true, "\(refused?.message ?? "")")
        let path = await failure { try await filtering.filter("accounts/visibel", columns: columns) }
        XCTAssertEqual([path?.code, path?.field], ["invalid", "path"])
    }

    func testWhatAnotherVersionChangesIsTold() async throws {
        func files(_ limit: String) -> [String: String] {
            ["a/a.rego": "package a\n\nok if input.amount < data.a.limit\n", "a/data.json": "{\"limit\": \(limit)}"]
        }
        let policy = try await Policy.of(files("100.50"))
        let next = files("100.51").merging(["b.rego": "package b\n\nx := 1\n"]) { first, _ in first }
        let diff = try await policy.diff(.of(next))
        XCTAssertTrue(!diff.empty && !diff.same && diff.before.digest != diff.after.digest, "\(diff)")
        XCTAssertEqual(diff.documents.map(\.pointer), ["/a/limit"])
        XCTAssertEqual(diff.documents.map(\.change), [.changed])
        XCTAssertEqual([diff.documents[0].before, diff.documents[0].after], ["100.50", "100.51"])
        XCTAssertEqual(diff.rules.map(\.path), ["data.b.x"])
        let none = try await policy.diff(.of(files("100.50")))
        XCTAssertTrue(none.empty && none.same && none.rules.isEmpty, "\(none)")
        await assertCode("policy") { try await policy.diff(.of(["a.rego": "package a\n\nx := \n"])) }
    }

    func testWhatTheReadmeShows() async throws {
        let module = """
            package access

            default verdict := {"outcome": "deny"}

            verdict := {"outcome": "allow"} if input.amount <= data.access.limits[input.role]
            """
        let policy = try await Policy.of(["access/access.rego": module, "access/data.json": #"{"limits": {"teller": 5000.50}}"#])
        let verdict = try await policy.decide("access/verdict", input: ["role": "teller", "amount": .number("5000.50")])
        let other = try await policy.decide("access/verdict", input: #"{"role": "teller", "amount": 5000.51}"#)
        let limit = try await policy.evaluate("access/limits/teller")
        XCTAssertEqual(["\(verdict.outcome)", "\(other.outcome)", "\(try limit!.decimal())"], ["allow", "deny", "5000.5"])
    }

    func testManyAskItAtOnce() async throws {
        let policy = try await policy()
        let sum = try await withThrowingTaskGroup(of: Int64.self) { group in
            for n in 1...500 {
                group.addTask { try await policy.evaluate("p/twice", input: ["amount": .number("\(n)")])?.integer ?? 0 }
            }
            return try await group.reduce(0, +)
        }
        XCTAssertEqual(sum, 250_500)
    }
}
