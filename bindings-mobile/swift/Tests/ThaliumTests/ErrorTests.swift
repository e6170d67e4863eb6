import Foundation
import XCTest

@testable import Thalium

final class ErrorTests: XCTestCase {
    func testErrorsHaveCodes() async throws {
        await assertCode("address") { try await Thalium.open("postgres://localhost/x") }
        await assertCode("missing") { try await Thalium.open("/nowhere/at/all", OpenOptions(create: false)) }
        let t = try await bank()
        let limit = await failure { try await t.accounts.page(limit: 0) }
        XCTAssertEqual([limit?.code, limit?.field], ["invalid", "limit"])
        let at = await failure { try await t.accounts.get("c42:ZAR", at: "yesterday") }
        XCTAssertEqual(at?.field, "at")
        let unknown = await failure { try await t.askText(#"{"op":"fly"}"#) }
        XCTAssertEqual([unknown?.code, unknown?.field], ["invalid", "op"])
        XCTAssertEqual(unknown?.localizedDescription, unknown?.message)
        let cut = await failure { try await t.askText("{") }
        XCTAssertEqual(cut?.code, "invalid")
        try await t.close()
        try await t.close()
        await assertCode("closed") { try await t.root() }
        await assertCode("closed") { try await t.holds("c42:ZAR").all() }
        XCTAssertEqual(Array(try Thalium.newId().uuidString)[14], "7")
    }

    func testTheDocumentedCodesAreThoseOfTheLibrary() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Sources/Thalium/Errors.swift")
        let text = try String(contentsOf: file, encoding: .utf8)
        let told = text.components(separatedBy: "/// - `").dropFirst().map { String($0.prefix { $0 != "`" }) }
        XCTAssertEqual(Set(told), Set(try Thalium.codes().keys))
    }

    func testAnAnswerThatDecimalCannotHoldIsAnError() async throws {
        let t = try await Thalium.open("memory:")
        try await t.assets.create(code: "N", scale: 0)
        for key in ["n1", "n2"] { try await t.accounts.create(key: key, asset: "N") }
        let post = #"{"op":"submit","commands":[{"op":"post","key":"k","from":"n1","to":"n2","amount":"340282366920938463463374607431768211455"}]}"#
        _ = try await t.askText(post)
        let error = await failure { try await t.accounts.get("n2") }
        XCTAssertEqual(error?.code, "unsupported")
        XCTAssertEqual(error?.field, "credits_posted")
        try await t.close()
    }

    func testManyUseItAtOnceAndOneClosesIt() async throws {
        let t = try await bank()
        let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
            for n in 0..<64 {
                group.addTask { try await t.post(key: "p\(n)", from: "bank:ZAR", to: "c42:ZAR", amount: zar("1.00")) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        XCTAssertTrue(outcomes.count == 64 && outcomes.allSatisfy(\.ok))
        let account = try await t.accounts.get("c42:ZAR")
        XCTAssertEqual(account?.balance, try zar("64"))
        let errors = await withTaskGroup(of: [String].self) { group in
            for n in 0..<4 {
                group.addTask {
                    var codes: [String] = []
                    for m in 0..<400 {
                        do {
                            try await t.post(key: "q\(n)-\(m)", from: "bank:ZAR", to: "c42:ZAR", amount: zar("1"))
                        } catch let error as ThaliumError {
                            codes.append(error.code)
                        } catch {
                            codes.append("\(error)")
                        }
                    }
                    return codes
                }
            }
            group.addTask {
                try? await Task.sleep(nanoseconds: 10_000_000)
                try? await t.close()
                return []
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        XCTAssertEqual(Set(errors).subtracting(["closed"]), [])
    }

    // Calls that wait keep no thread of Swift's pool: with one of them for each core, others still run.
    func testWaitingCallsLeaveTheOthersThePool() async throws {
        try await withFolder { folder in
            let t = try await Thalium.open(folder + "/books")
            let cores = ProcessInfo.processInfo.activeProcessorCount
            let waiting = (0..<cores * 4).map { _ in
                Task { try await Thalium.open(folder + "/books", OpenOptions(waitMilliseconds: 1_000)).close() }
            }
            try await Task.sleep(nanoseconds: 50_000_000)
            let start = Date()
            let others = (0..<cores * 4).map { n in Task.detached { n } }
            for other in others { _ = await other.value }
            XCTAssertLessThan(Date().timeIntervalSince(start), 0.5)
            try await t.close()
            for one in waiting { _ = await one.result }
        }
    }
}
