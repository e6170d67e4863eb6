// What must not compile: an amount that is a number in the source. `test.sh` asks the compiler for each line with `REFUSED`,
// and for the one that is right.
import Foundation
import Thalium

func amounts() throws {
    #if RIGHT
    _ = try [Money("0.1", "ZAR"), Money("0.1 ZAR"), currency("ZAR")("0.1"), Decimal(1).money("ZAR")]
    #elseif REFUSED_1
    let _: Money = 0.1
    #elseif REFUSED_2
    _ = try Money(0.1, "ZAR")
    #elseif REFUSED_3
    _ = try currency("ZAR")(0.1)
    #elseif REFUSED_4
    _ = try (0.1).money("ZAR")
    #elseif REFUSED_5
    _ = try Money(Double(1), "ZAR")
    #elseif REFUSED_6
    let _: Money = 1
    #elseif REFUSED_7
    _ = try Money(amount: 0.1, asset: "ZAR")
    #endif
}
