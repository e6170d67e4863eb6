import Foundation
import XCTest

@testable import Thalium

func zar(_ amount: String) throws -> Money { try Money(amount, "ZAR") }

/// A ledger of a bank with two customers.
func bank(_ address: String = "memory:") async throws -> Thalium {
    let t = try await Thalium.open(address, OpenOptions(actor: "test"))
    for key in ["clients:ZAR", "holds:ZAR"] { try await t.accounts.create(key: key, asset: "ZAR", kind: .liability) }
    try await t.accounts.create(key: "bank:ZAR", asset: "ZAR", kind: .asset)
    for key in ["c42:ZAR", "c77:ZAR"] { try await t.accounts.create(key: key, asset: "ZAR", kind: .liability, parent: "clients:ZAR") }
    return t
}

/// The error of this package that something throws.
func failure(
    _ what: String = "", file: StaticString = #filePath, line: UInt = #line, _ run: () async throws -> Any?
) async -> ThaliumError? {
    do {
        XCTFail("\(what): gave \(String(describing: try await run()))", file: file, line: line)
    } catch let error as ThaliumError {
        return error
    } catch {
        XCTFail("\(what): threw \(error)", file: file, line: line)
    }
    return nil
}

func assertCode(_ code: String, file: StaticString = #filePath, line: UInt = #line, _ run: () async throws -> Any?) async {
    let error = await failure(file: file, line: line, run)
    XCTAssertEqual(error?.code, code, file: file, line: line)
}

/// A folder that is gone when the test has ended.
func withFolder(_ run: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("thalium-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await run(folder.path)
}

struct TooLate: Error {}

/// What comes in time; a test that waits for ever tells nothing.
func inTime<Value: Sendable>(_ run: @escaping @Sendable () async throws -> Value) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask(operation: run)
        group.addTask {
            try await Task.sleep(nanoseconds: 20_000_000_000)
            throw TooLate()
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw TooLate() }
        return value
    }
}
