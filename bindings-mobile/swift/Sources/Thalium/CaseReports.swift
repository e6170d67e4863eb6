extension Cases {
    /// What came of letting time pass.
    public struct Advanced: Sendable, Hashable {
        /// How many cases changed.
        public let changed: Int64
        /// What the host is to do, in order.
        public let effects: [Case.Effect]
        /// The cases that refused: each stands as it was, and is due still.
        public let refused: [Case.Outcome]
        /// Whether more is due.
        public let more: Bool

        init(_ told: Told) throws {
            changed = try told.number("changed")
            effects = try told.list("effects", Case.Effect.init)
            refused = try told.list("refused", Case.Outcome.init)
            more = try told.flag("more")
        }
    }

    /// Some cases.
    public struct Found: Sendable, Hashable {
        /// The cases.
        public let cases: [Case]
        /// What the next page comes after, where there are more.
        public let next: String?

        init(_ told: Told) throws {
            cases = try told.list("cases", Case.init)
            next = try told.textOrNil("next")
        }
    }

    /// Some of the log of cases.
    public struct Log: Sendable, Hashable {
        /// What happened, the oldest first.
        public let entries: [Case.Entry]
        /// What the next page comes after, where there is more.
        public let next: Int64?

        init(_ told: Told) throws {
            entries = try told.list("entries", Case.Entry.init)
            next = try told.numberOrNil("next")
        }
    }

    /// A queue in which cases wait.
    public struct Queue: Sendable, Hashable {
        /// Its name.
        public let queue: String
        /// How many cases wait in it, without those that rest.
        public let waiting: Int64
        /// How many rest.
        public let snoozed: Int64
        /// How many of them nobody works on.
        public let unassigned: Int64
        /// How many of them have waited too long.
        public let overdue: Int64
        /// Since when the oldest waits, also of those that rest.
        public let oldest: Timestamp?

        init(_ told: Told) throws {
            queue = try told.text("queue")
            waiting = try told.number("waiting")
            snoozed = try told.number("snoozed")
            unassigned = try told.number("unassigned")
            overdue = try told.number("overdue")
            oldest = try told.textOrEmpty("oldest").isEmpty ? nil : told.instant("oldest")
        }
    }

    /// How cases stand at an instant.
    public struct Report: Sendable, Hashable {
        /// The instant.
        public let at: Timestamp
        /// The cases that wait for people, by kind and queue.
        public let queues: [Waiting]
        /// What became of the cases of each kind.
        public let kinds: [KindReport]
        /// Who works on what and voted for what.
        public let people: [PersonReport]
        /// What was decided, by kind and decision.
        public let decisions: [DecisionReport]
        /// How documents stand, by kind and name.
        public let documents: [DocumentReport]

        init(_ told: Told) throws {
            at = try told.instant("at")
            queues = try told.list("queues", Waiting.init)
            kinds = try told.list("kinds", KindReport.init)
            people = try told.list("people", PersonReport.init)
            decisions = try told.list("decisions", DecisionReport.init)
            documents = try told.list("documents", DocumentReport.init)
        }
    }

    /// What waits in a queue, and for how long.
    public struct Waiting: Sendable, Hashable {
        /// The kind of case.
        public let kind: String
        /// The queue.
        public let queue: String
        /// How many cases wait in it.
        public let cases: Int64
        /// How many of them less than a day.
        public let underADay: Int64
        /// How many one to three days.
        public let oneToThreeDays: Int64
        /// How many three to seven days.
        public let threeToSevenDays: Int64
        /// How many seven to thirty days.
        public let sevenToThirtyDays: Int64
        /// How many thirty days or more.
        public let thirtyDaysOrMore: Int64
        /// Since when the oldest does.
        public let oldest: Timestamp?
        /// How many have waited too long.
        public let overdue: Int64
        /// On how many nobody works.
        public let unassigned: Int64
        /// How many rest.
        public let snoozed: Int64

        init(_ told: Told) throws {
            kind = try told.text("kind")
            queue = try told.text("queue")
            cases = try told.number("cases")
            underADay = try told.number("under_a_day")
            oneToThreeDays = try told.number("one_to_three_days")
            threeToSevenDays = try told.number("three_to_seven_days")
            sevenToThirtyDays = try told.number("seven_to_thirty_days")
            thirtyDaysOrMore = try told.number("thirty_days_or_more")
            oldest = try told.instantOrNil("oldest")
            overdue = try told.number("overdue")
            unassigned = try told.number("unassigned")
            snoozed = try told.number("snoozed")
        }
    }
}
