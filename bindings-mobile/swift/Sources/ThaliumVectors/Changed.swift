import Thalium

/// A driver that takes anything for right would pass as well: so expected values are changed, one at a time.
enum Changed {
    /// Where in a scenario something is expected.
    static func places(_ scenario: Scenario) -> [[String]] {
        let ofSteps = scenario.steps.enumerated().flatMap { number, step -> [[String]] in
            let part = step["answer"] == nil ? "failure" : "answer"
            return leaves(step[part] ?? .null).map { ["steps", "\(number)", part] + $0 }
        }
        return ofSteps + ["events", "root", "state_hash"].map { ["end", $0] }
    }

    /// Some of them from all over, and the end.
    static func sample(_ scenario: Scenario, _ count: Int) -> [[String]] {
        let places = places(scenario)
        let every = max(1, places.count / count)
        return places.enumerated().filter { $0.offset % every == 0 || $0.offset >= places.count - 3 }.map(\.element)
    }

    private static func leaves(_ json: Json) -> [[String]] {
        switch json {
        case .object(let fields):
            fields.filter { !Plain.worded.contains($0.key) }.sorted { $0.key < $1.key }
                .flatMap { name, value in leaves(value).map { [name] + $0 } }
        case .list(let values): values.enumerated().flatMap { index, value in leaves(value).map { ["\(index)"] + $0 } }
        case .null: []
        default: [[]]
        }
    }

    static func changed(_ json: Json, at place: [String]) -> Json {
        guard let name = place.first else { return .text("something else") }
        let rest = Array(place.dropFirst())
        switch json {
        case .object(let fields): return .object(fields.merging([name: changed(fields[name] ?? .null, at: rest)]) { _, new in new })
        case .list(let values): return .list(values.enumerated().map { "\($0.offset)" == name ? changed($0.element, at: rest) : $0.element })
        default: return json
        }
    }
}
