import Foundation
import XCTest

@testable import Thalium

final class DiskTests: XCTestCase {
    func testALedgerIsClosedReadVerifiedAndRestored() async throws {
        try await withFolder { folder in
            let (books, copy, plain) = (folder + "/books", folder + "/copy", folder + "/again")
            let keys = KeySource.keyFile(try await Files.newKey(folder + "/key"))
            let t = try await Thalium.open(books, OpenOptions(keys: keys))
            try await t.accounts.create(key: "bank:ZAR", asset: "ZAR", kind: .asset)
            try await t.accounts.create(key: "c42:ZAR", asset: "ZAR", kind: .liability)
            try await t.post(key: "dep-1", from: "bank:ZAR", to: "c42:ZAR", amount: zar("1.00"))
            await assertCode("locked") { try await Thalium.open(books, OpenOptions(keys: keys)) }
            let reader = try await Thalium.open(books, OpenOptions(readOnly: true, keys: keys))
            let read = try await reader.accounts.get("c42:ZAR")
            XCTAssertEqual(read?.balance, try zar("1"))
            await assertCode("read_only") { try await reader.post(key: "x", from: "bank:ZAR", to: "c42:ZAR", amount: zar("1")) }
            try await reader.close()

            let backup = try await Files.backup(books, to: copy, keys: keys)
            XCTAssertGreaterThan(backup.events, 0)
            let (health, metrics) = try await (t.health(), t.metrics())
            XCTAssertEqual(health.condition, .ready)
            XCTAssertTrue(metrics.contains("thalium"))
            let rotated = try await t.rotateKeys()
            let checked = try await t.checkKeys()
            XCTAssertEqual(rotated, checked)
            let other = KeySource.passphrase("correct horse battery staple")
            try await t.rewrapKeys(other)
            try await t.drain()
            await assertCode("draining") { try await t.post(key: "y", from: "bank:ZAR", to: "c42:ZAR", amount: zar("1")) }
            try await t.close()

            await assertCode("keys") { try await Thalium.open(books) }
            await assertCode("keys") { try await Thalium.open(books, OpenOptions(keys: keys)) }
            let verified = try await Files.verify(books, keys: other)
            XCTAssertTrue(verified.ok && verified.accounts == 2)
            let rehearsed = try await Files.rehearse(copy, keys: keys)
            XCTAssertEqual(rehearsed.events, backup.events)
            let restored = try await Files.restore(copy, to: plain, keys: keys, decrypt: true)
            XCTAssertEqual(restored.transfers, 1)
            let older = try await Files.upgrade(plain, check: true)
            XCTAssertEqual(older, [])
            let found = try await Files.inspect(books, keys: other)
            XCTAssertTrue(found.hasPrefix("{"))
            let again = try await Thalium.open(plain)
            let account = try await again.accounts.get("c42:ZAR")
            XCTAssertEqual(account?.balance, try zar("1"))
            try await again.close()
        }
    }

    // What is not closed is closed by its last reference, and lets go of the files.
    func testWhatIsForgottenIsClosed() async throws {
        try await withFolder { folder in
            for n in 1...3 {
                let t = try await Thalium.open(folder + "/books", OpenOptions(waitMilliseconds: 10_000))
                let told = try await t.assets.create(code: "A\(n)", scale: 0)
                XCTAssertTrue(told.ok)
            }
        }
    }

    func testAKeyIsNotPrinted() {
        for keys in [KeySource.key("secret"), .passphrase("secret")] {
            XCTAssertFalse("\(keys) \(String(reflecting: keys)) \(OpenOptions(keys: keys))".contains("secret"))
            var dumped = ""
            dump(OpenOptions(keys: keys), to: &dumped)
            XCTAssertFalse(dumped.contains("secret"))
        }
    }
}
