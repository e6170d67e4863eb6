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
            String(repeating: "[", count: 10_000),
        ]
        for text in wrong { await assertCode("panicked") { try Json(reading: text) } }
    }

    func testAnAnswerOfAnotherVersionIsAnError() async {
        for text in [#"{}"#, #"{"ok":"yes","status":"created"}"#, #"[]"#, #"{"ok":true,"status":7}"#] {
            await assertCode("panicked") { try Told.one(text, Outcome.init) }
        }
    }
}
