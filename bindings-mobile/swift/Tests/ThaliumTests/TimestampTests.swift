import Foundation
import XCTest

@testable import Thalium

final class TimestampTests: XCTestCase {
    func testTextAndNanoseconds() throws {
        let table: [(String, Int64)] = [
            ("1970-01-01T00:00:00.000000000Z", 0),
            ("1970-01-01T00:00:00.000000001Z", 1),
            ("1969-12-31T23:59:59.999999999Z", -1),
            ("2026-01-31T09:30:00.000000001Z", 1_769_851_800_000_000_001),
            ("2000-02-29T23:59:59.999999999Z", 951_868_799_999_999_999),
            ("2200-01-01T00:00:02.000000001Z", 7_258_118_402_000_000_001),
            ("2262-04-11T23:47:16.854775807Z", .max),
            ("1677-09-21T00:12:43.145224192Z", .min),
        ]
        for (text, nanoseconds) in table {
            XCTAssertEqual(try Timestamp(text).nanoseconds, nanoseconds)
            XCTAssertEqual("\(Timestamp(nanoseconds: nanoseconds))", text)
        }
        let same = ["2026-01-31T11:30:00+02:00", "2026-01-31T04:00:00.0-05:30", "2026-01-31t09:30:00z", "2026-01-31T09:30:00.000Z"]
        for text in same { XCTAssertEqual("\(try Timestamp(text))", "2026-01-31T09:30:00.000000000Z") }
    }

    func testWhatIsNoneIsRefused() async throws {
        let wrong = [
            "", "yesterday", "2026-01-31", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T09:30:00",
            "2026-01-31T09:30:00.Z", "2026-01-31T09:30:00.0000000001Z", "2026-01-31T09:30:00Zx", "2026-01-31T09:30Z",
            "2262-04-11T23:47:16.854775808Z", "1677-09-21T00:12:43.145224191Z", "9999-12-31T23:59:59Z", "٢٠٢٦-01-31T09:30:00Z",
        ]
        for text in wrong { await assertCode("invalid") { try Timestamp(text) } }
        await assertCode("invalid") { try Timestamp(Date.distantFuture) }
    }

    func testDates() throws {
        let date = Date(timeIntervalSince1970: 1_769_851_800.5)
        XCTAssertEqual("\(try Timestamp(date))", "2026-01-31T09:30:00.500000000Z")
        XCTAssertEqual(try Timestamp("2026-01-31T09:30:00.5Z").date, date)
        XCTAssertEqual(Timestamp(nanoseconds: -500_000_000).date.timeIntervalSince1970, -0.5)
        XCTAssertLessThan(abs(Timestamp.now.date.timeIntervalSinceNow), 5)
        XCTAssertLessThan(Timestamp(nanoseconds: 1), Timestamp(nanoseconds: 2))
    }

    // Foundation's calendar knows the days as well.
    func testEveryDay() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try XCTUnwrap(TimeZone(identifier: "UTC"))
        for day in stride(from: Int64(-60_000), to: 100_000, by: 97) {
            let timestamp = Timestamp(nanoseconds: day * 86_400_000_000_000)
            let parts = calendar.dateComponents([.year, .month, .day], from: timestamp.date)
            let text = String(format: "%04d-%02d-%02dT00:00:00.000000000Z", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
            XCTAssertEqual("\(timestamp)", text)
            XCTAssertEqual(try Timestamp(text), timestamp)
        }
    }
}
