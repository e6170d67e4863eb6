/// What stands on page after page, one item at a time: `for try await transfer in t.transfers.list() { … }`.
///
/// A page is asked for when the one before is used up. Each loop begins anew.
public struct Pages<Element: Sendable>: AsyncSequence, Sendable {
    typealias Page = (items: [Element], next: (any Sendable)?)

    static var limit: Int { 1_000 }

    let page: @Sendable (_ after: (any Sendable)?) async throws -> Page

    init(_ page: @escaping @Sendable (_ after: Int64?) async throws -> (items: [Element], next: Int64?)) {
        self.init(after: Int64.self, page)
    }

    /// Pages that come after something else than a number.
    init<Place: Sendable>(
        after _: Place.Type, _ page: @escaping @Sendable (_ after: Place?) async throws -> (items: [Element], next: Place?)
    ) {
        self.page = { after in
            let told = try await page(after as? Place)
            return (told.items, told.next)
        }
    }

    /// Begins at the first page.
    public func makeAsyncIterator() -> Iterator { Iterator(page: page) }

    /// Goes through the pages.
    public struct Iterator: AsyncIteratorProtocol {
        let page: @Sendable (_ after: (any Sendable)?) async throws -> Page
        private var items: ArraySlice<Element> = []
        private var after: (any Sendable)?
        private var isAtEnd = false

        init(page: @escaping @Sendable (_ after: (any Sendable)?) async throws -> Page) {
            self.page = page
        }

        /// The next item; nothing at the end.
        ///
        /// - Throws: What asking for a page throws; `CancellationError` if the task was cancelled.
        public mutating func next() async throws -> Element? {
            // A page may be empty though another one follows.
            while items.isEmpty {
                if isAtEnd { return nil }
                try Task.checkCancellation()
                let told = try await page(after)
                (items, after, isAtEnd) = (told.items[...], told.next, told.next == nil)
            }
            return items.removeFirst()
        }
    }
}

extension Pages {
    /// Everything that stands on them, in memory.
    public func all() async throws -> [Element] {
        try await reduce(into: []) { $0.append($1) }
    }
}
