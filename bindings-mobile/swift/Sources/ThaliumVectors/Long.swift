import Thalium

/// Amounts past the digits that ``Money`` holds.
enum Long {
    private static let amounts = Plain.numbers.union([
        "amount", "have", "need", "change", "balance", "available", "opening", "closing", "debit", "credit", "debits", "credits",
        "debits_pending", "debits_posted", "credits_pending", "credits_posted",
    ])

    /// How the answers of operations are read that change something.
    static let read: [String: @Sendable (String) throws -> Void] = [
        "submit": { _ = try Outcome.several($0) }, "correct_trade": { _ = try TradeView.one($0) },
        "remove_trade": { _ = try TradeView.one($0) },
    ]

    /// Whether one of them stands in an answer.
    static func isIn(_ json: Json, _ name: String = "") -> Bool {
        switch json {
        case .object(let fields): fields.contains { isIn($0.value, $0.key) }
        case .list(let values): values.contains { isIn($0, name) }
        case .text(let text): amounts.contains(name) && isLong(text)
        default: false
        }
    }

    // Counted here in another way than the package does.
    private static func isLong(_ text: String) -> Bool {
        let number = text.prefix { $0 != " " }
        var digits = number.filter(\.isNumber)[...]
        digits = digits.drop { $0 == "0" }
        while digits.last == "0" { digits.removeLast() }
        return digits.count > Money.digitsMax
    }

    /// That a command says one, and that ``Money`` refuses it as is documented.
    static func isRefused(_ command: Json) -> String? {
        guard isIn(command), let text = command["amount"]?.text else { return nil }
        return refusal("amount \(text)") { _ = try Money(String(text.prefix { $0 != " " }), "X") }
    }

    static func refusal(_ what: String, _ run: () throws -> Void) -> String? {
        do {
            try run()
            return "\(what): was taken"
        } catch let error as ThaliumError where error.code == "unsupported" {
            return nil
        } catch {
            return "\(what): \(error)"
        }
    }
}
