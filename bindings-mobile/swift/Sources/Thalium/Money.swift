import Foundation

/// An exact amount of an asset: `try Money("250.00 ZAR")`, or with ``currency(_:)`` `try zar("250.00")`.
///
/// Two amounts are equal if they are the same number of the same asset, however many zeros are written: `1.0` is `1.00`. What is
/// written is printed again with its zeros.
///
/// Nothing is ever rounded. The number is a `Decimal`, which holds 38 digits; one that has more is an error with the code
/// `unsupported`, and so is a sum or product that would. Text that is no amount is an error with the code `invalid`.
///
/// Money cannot be written as a number in the source, since Swift would read it as a `Double` first: `0.1` has lost digits before
/// any initialiser sees it.
public struct Money: Sendable, Hashable {
    /// How many digits a number may have from its first to its last that is not zero.
    public static let digitsMax = 38

    /// The number.
    public let amount: Decimal
    /// The code of the asset.
    public let asset: String

    private let digits: Digits
    fileprivate static let scaleMax = 80

    private init(_ digits: Digits, _ asset: String) throws {
        guard Money.isCode(asset) else {
            throw ThaliumError.invalid("asset", "`\(asset.prefix(64))` is no code: write 1 to 16 of A-Z, 0-9, '.', '_', '-'")
        }
        (amount, self.asset, self.digits) = (try Decimal(exactly: digits), asset, digits)
    }

    /// An amount in decimal text, as `Money("250.00", "ZAR")`.
    ///
    /// - Throws: `invalid` for text that is no decimal number or no code of an asset, `unsupported` past 38 digits.
    public init(_ amount: String, _ asset: String) throws {
        guard let digits = Digits(amount) else {
            throw ThaliumError.invalid("amount", "`\(amount.prefix(64))` is no decimal number: write \"250.00\"")
        }
        try self.init(digits, asset)
    }

    /// An amount in decimal text with its asset, as `Money("250.00 ZAR")`.
    ///
    /// - Throws: As ``init(_:_:)``.
    public init(_ text: String) throws {
        let parts = text.split(separator: " " as Character, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw ThaliumError.invalid("amount", "`\(text.prefix(64))`: write it with its asset, as \"250.00 ZAR\"")
        }
        try self.init(String(parts[0]), String(parts[1]))
    }

    /// How many digits were written after the point.
    public var scale: Int { digits.scale }

    /// The number as text, with the zeros that were written.
    public var amountText: String { digits.description }

    /// Whether it is nothing.
    public var isZero: Bool { digits.magnitude.isEmpty }

    /// Whether they are the same number of the same asset.
    public static func == (a: Money, b: Money) -> Bool {
        a.asset == b.asset && a.digits == b.digits
    }

    /// Equal amounts have equal hashes, whatever zeros are written.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(asset)
        hasher.combine(digits)
    }

    private static func isCode(_ text: String) -> Bool {
        guard (1...16).contains(text.utf8.count) else { return false }
        return text.utf8.enumerated().allSatisfy { place, byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): place > 0
            default: false
            }
        }
    }
}

extension Money: CustomStringConvertible {
    /// The amount with its asset, as `250.00 ZAR`.
    public var description: String { "\(digits) \(asset)" }
}

// They throw where two assets meet, and so Money is not `Comparable`, whose operators cannot.
extension Money {
    /// The sum of two amounts of one asset.
    public static func + (a: Money, b: Money) throws -> Money {
        try Money(a.digits.adding(b.of(a)), a.asset)
    }

    /// The difference of two amounts of one asset.
    public static func - (a: Money, b: Money) throws -> Money {
        try Money(a.digits.adding(b.of(a).negated), a.asset)
    }

    /// So many times the amount.
    public static func * (a: Money, n: Int) throws -> Money {
        try Money(a.digits.multiplied(by: n), a.asset)
    }

    /// The amount with the other sign.
    public static prefix func - (a: Money) -> Money {
        Money(negating: a)
    }

    /// Whether it is less, of one asset.
    public static func < (a: Money, b: Money) throws -> Bool { try a.digits.isLess(than: b.of(a)) }

    /// Whether it is more, of one asset.
    public static func > (a: Money, b: Money) throws -> Bool { try b < a }

    /// Whether it is not more, of one asset.
    public static func <= (a: Money, b: Money) throws -> Bool { try !(b < a) }

    /// Whether it is not less, of one asset.
    public static func >= (a: Money, b: Money) throws -> Bool { try !(a < b) }

    // A sign takes no digit.
    private init(negating other: Money) {
        (amount, asset, digits) = (-other.amount, other.asset, other.digits.negated)
    }

    private func of(_ other: Money) throws -> Digits {
        guard asset == other.asset else { throw ThaliumError.invalid("asset", "\(other) and \(self) are of different assets") }
        return digits
    }
}

extension Decimal {
    /// A number as it is written, to its last digit.
    init(exactly digits: Digits) throws {
        let text = digits.description
        // Both are looked at: how much fits into a Decimal is not the same for every number of one length.
        guard digits.significant <= Money.digitsMax, digits.scale <= Money.scaleMax, let number = Decimal(string: text),
            Digits(number.description) == digits
        else {
            throw ThaliumError.unsupported("amount", "\(text.prefix(64)) has more digits than the \(Money.digitsMax) that Decimal holds")
        }
        self = number
    }

    /// This number of an asset, as `try price.money("ZAR")`.
    ///
    /// It is a method, and no initialiser of ``Money``: that one would take `0.1` from the source, which is a `Double` before it is
    /// a `Decimal`. A `Decimal` does not know the zeros with which it was written; text does.
    ///
    /// - Throws: As ``Money/init(_:_:)``.
    public func money(_ asset: String) throws -> Money {
        try Money(description, asset)
    }
}

/// What makes money of one asset: `let zar = try currency("ZAR")`, then `try zar("250.00")`.
///
/// - Throws: `invalid` for what is no code of an asset.
public func currency(_ asset: String) throws -> @Sendable (String) throws -> Money {
    _ = try Money("0", asset)
    return { amount in try Money(amount, asset) }
}
