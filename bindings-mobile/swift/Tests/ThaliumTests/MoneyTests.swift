import Foundation
import XCTest

@testable import Thalium

final class MoneyTests: XCTestCase {
    func testWhatIsWrittenIsReadBack() throws {
        let most = String(repeating: "9", count: 38)
        for text in ["0", "0.00", "250.00", "-1.5", "007.10", most, "0." + most, "-" + most, "0.00000000000000000000000000000000000001"] {
            let money = try zar(text)
            XCTAssertEqual(money.amountText, text.hasPrefix("007") ? "7.10" : text)
            XCTAssertEqual("\(money)", "\(money.amountText) ZAR")
            XCTAssertEqual(money.amount, Decimal(string: text))
            XCTAssertEqual(try Money("\(money)"), money)
        }
        XCTAssertEqual(try zar("250.00").scale, 2)
        XCTAssertEqual("\(try zar("-0.00"))", "0.00 ZAR")
    }

    func testAmountsAreNumbersOfAnAsset() throws {
        XCTAssertEqual(try zar("1.0"), try zar("1.00"))
        XCTAssertEqual(try Set([zar("1.0"), zar("1.00"), zar("1"), zar("01")]).count, 1)
        XCTAssertNotEqual(try zar("1.00"), try Money("1.00", "USD"))
        XCTAssertNotEqual(try zar("1"), try zar("-1"))
        XCTAssertEqual("\(try zar("0.10") + zar("0.20"))", "0.30 ZAR")
        XCTAssertEqual("\(try zar("0.1") - zar("0.20"))", "-0.10 ZAR")
        XCTAssertEqual("\(try zar("100") - zar("0.01"))", "99.99 ZAR")
        XCTAssertEqual("\(try zar("-5") + zar("5.00"))", "0.00 ZAR")
        XCTAssertEqual("\(try zar("19.99") * 3)", "59.97 ZAR")
        XCTAssertEqual("\(try zar("19.99") * -3)", "-59.97 ZAR")
        XCTAssertEqual("\(try zar("1.50") * 0)", "0.00 ZAR")
        XCTAssertEqual("\(try zar("1") * Int.min)", "-9223372036854775808 ZAR")
        XCTAssertEqual("\(-(try zar("19.99")))", "-19.99 ZAR")
        XCTAssertEqual((-(try zar("19.99"))).amount, Decimal(string: "-19.99"))
        XCTAssertTrue(try zar("9.99") < zar("10") && zar("10") > zar("9.99") && zar("-2") < zar("-1.99"))
        XCTAssertTrue(try zar("1.0") <= zar("1.00") && zar("1.0") >= zar("1.00"))
        XCTAssertFalse(try zar("1.0") < zar("1.00"))
        XCTAssertTrue(try zar("0.00").isZero)
        XCTAssertEqual(try XCTUnwrap(Decimal(string: "12.5")).money("ZAR"), try zar("12.50"))
        XCTAssertEqual(try currency("ZAR")("1"), try zar("1.00"))
    }

    func testNothingIsRounded() async throws {
        let most = String(repeating: "9", count: 38)
        // 39 digits fit into a Decimal as long as they are below 2^128, and are refused all the same: one rule for every number.
        let past = [
            "340282366920938463463374607431768211455", "340282366920938463463374607431768211456", "3.40282366920938463463374607431768211455",
            "1" + most, most + ".1", "0.1" + most, String(repeating: "9", count: 500), "0." + String(repeating: "0", count: 81),
        ]
        for text in past { await assertCode("unsupported") { try zar(text) } }
        await assertCode("unsupported") { try zar(most) + zar("0.1") }
        await assertCode("unsupported") { try zar("-\(most)") - zar("0.1") }
        await assertCode("unsupported") { try zar(most) * 3 }
        XCTAssertEqual("\(try zar(most) + zar("1"))", "1" + String(repeating: "0", count: 38) + " ZAR")
        XCTAssertEqual("\(try zar(most) - zar(most))", "0 ZAR")
        XCTAssertEqual("\(try zar("1" + String(repeating: "0", count: 60)))", "1" + String(repeating: "0", count: 60) + " ZAR")
    }

    func testWhatIsNoAmountIsRefused() async throws {
        for text in ["", "1,00", "1.", ".5", "1e3", "NaN", "nan", "0x1", " 1", "1 ", "+1", "--1", "1.2.3", "-", ".", "١", "∞"] {
            await assertCode("invalid") { try zar(text) }
        }
        for asset in ["", "zar", "ZAR ", "-A", String(repeating: "A", count: 17), "É"] {
            await assertCode("invalid") { try currency(asset) }
        }
        for text in ["250.00", "250.00  ZAR", "ZAR 250.00", "250.00 ZAR x", " 250.00 ZAR", "250.00 ZAR "] {
            await assertCode("invalid") { try Money(text) }
        }
        await assertCode("invalid") { try zar("1") + Money("1", "USD") }
        await assertCode("invalid") { try zar("1") < Money("1", "USD") }
        await assertCode("invalid") { try Decimal.nan.money("ZAR") }
    }

    // Against whole numbers, whose sums Swift knows.
    func testSumsAreRight() throws {
        var random = Seeded(state: 7)
        for _ in 0..<2_000 {
            let (a, b) = (Int64.random(in: -999_999...999_999, using: &random), Int64.random(in: -999_999...999_999, using: &random))
            let n = Int.random(in: -999...999, using: &random)
            let (x, y) = try (zar(cents(a)), zar(cents(b)))
            XCTAssertEqual("\(try x + y)", cents(a + b) + " ZAR")
            XCTAssertEqual("\(try x - y)", cents(a - b) + " ZAR")
            XCTAssertEqual("\(try x * n)", cents(a * Int64(n)) + " ZAR")
            XCTAssertEqual(try x < y, a < b)
            XCTAssertEqual(x == y, a == b)
        }
    }

    private func cents(_ n: Int64) -> String {
        let digits = String(n.magnitude)
        let all = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        return (n < 0 ? "-" : "") + all.dropLast(2) + "." + all.suffix(2)
    }
}
