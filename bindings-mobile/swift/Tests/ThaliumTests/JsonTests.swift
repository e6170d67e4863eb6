import Foundation
import XCTest

@testable import Thalium

final class JsonTests: XCTestCase {
    func testWhatIsReadIsWritten() throws {
        for text in ["null", "true", "[]", "{}", "[1,-2.5e+3,18446744073709551615]", #"{"a":"x\"\\y","b":[{},null,false]}"#] {
            XCTAssertEqual(try Json(reading: text).written, text)
        }
        let escaped = #"" \/ \n\t\r\b\f \u0041 \u00e9 \ud83d\ude00 \u0000""#
        XCTAssertEqual(try Json(reading: escaped).text, " / \n\t\r\u{8}\u{c} A é 😀 \0")
        XCTAssertEqual(Json.text("\u{1}\n\"é😀").written, #""\u0001\u000a\"é😀""#)
        XCTAssertEqual(try Json(reading: " { \"a\" : [ 1 , 2 ] } ").written, #"{"a":[1,2]}"#)
    }

    func testWhatIsNoneIsAnError() async {
        let wrong = [
            "", "{", "[1,]", "{\"a\"}", "{\"a\":}", "tru", "1 2", "\"", "\"\\x\"", "\"\\u12\"", "-", "01x", "{a:1}",
        ]
        for text in wrong {
            await assertCode("panicked") { try Json(reading: text) }
            await assertCode("invalid") { try Json(parsing: text) }
        }
        let deep = String(repeating: "[", count: 10_000)
        await assertCode("unsupported") { try Json(reading: deep) }
        await assertCode("invalid") { try Json(parsing: deep) }
    }

    func testWhatIsWrittenInTheSourceIsJson() throws {
        let json: Json = ["a": ["x", 1, true, .null, .number("19.99")], "b": "\(1 + 1)", "a c": [:]]
        XCTAssertEqual(json.written, #"{"a":["x",1,true,null,19.99],"a c":{},"b":"2"}"#)
        XCTAssertEqual(try Json(parsing: json.written), json)
    }

    func testNumbersAreReadToTheLastDigit() async throws {
        let table = [
            ("0", "0"), ("-12.50", "-12.5"), ("1.5e+06", "1500000"), ("1E-8", "0.00000001"), ("120e-1", "12"), ("0e5", "0"),
            ("12345678901234567890.123456789012345678", "12345678901234567890.123456789012345678"),
        ]
        for (text, number) in table { XCTAssertEqual("\(try Json.number(text).decimal())", number) }
        for text in ["0.1234567890123456789012345678901234567891", "1e200", "1e-200", "1e99999999999999999999"] {
            await assertCode("unsupported") { try Json.number(text).decimal() }
        }
        for text in ["", "-", "01", "1.", ".5", "+1", "1e", "1e+", "1 ", "0x1", "NaN", "1,2", "٣"] {
            XCTAssertFalse(Json.isNumber(text), text)
            await assertCode("invalid") { try Json.number(text).decimal() }
        }
        await assertCode("invalid") { try Json.text("1").decimal() }
        XCTAssertEqual(try XCTUnwrap(Decimal(string: "19.99")).json, .number("19.99"))
        XCTAssertEqual([Json.number("7").integer, Json.number("1e1").integer, Json.number("9223372036854775808").integer], [7, nil, nil])
    }

    func testAnAnswerOfAnotherVersionIsAnError() async {
        for text in [#"{}"#, #"{"ok":"yes","status":"created"}"#, #"[]"#, #"{"ok":true,"status":7}"#] {
            await assertCode("panicked") { try Told.one(text, Outcome.init) }
        }
    }
}
