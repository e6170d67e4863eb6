// The vectors of core/vectors through Swift's own surface: what every language has to answer. The folder is THALIUM_VECTORS.
import Foundation
import Thalium

func files(in folder: String) throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }.sorted()
    return names.map { "\(folder)/\($0)" }
}

guard let folder = ProcessInfo.processInfo.environment["THALIUM_VECTORS"] else {
    FileHandle.standardError.write(Data("THALIUM_VECTORS names no folder\n".utf8))
    exit(2)
}

var wrong = try Surface.missing().map { "`\($0)` is not both in the library and in Swift" }
wrong += try await Surface.missingChanges().map { "the change `\($0)` of a case is not both in the library and in Swift" }
wrong += try await Surface.unexpected().map { "\($0) is done, though this build is without it" }
let folders = try [folder, folder + "/device", folder + "/decisions", folder + "/cases", folder + "/collecting"].map(files(in:))
let paths = folders.flatMap { $0 }
var (steps, commands, typed, long) = (0, 0, 0, 0)
var scenarios: [(name: String, scenario: Scenario)] = []

for path in paths {
    let scenario = Scenario(json: try Json(reading: String(contentsOfFile: path, encoding: .utf8)))
    let name = String(path.dropFirst(folder.count + 1))
    let told = try await scenario.run()
    wrong += told.differences.map { "\(name): \($0)" }
    if scenario.steps.isEmpty { wrong.append("\(name): has no steps") }
    steps += scenario.steps.count
    commands += told.commands
    typed += told.typed
    long += told.long
    scenarios.append((name, scenario))
}

// One of each folder.
let ofEach = folders.compactMap(\.last).map { String($0.dropFirst(folder.count + 1)) }
var changes = 0
for (name, scenario) in scenarios where name == scenarios.first?.name || ofEach.dropFirst().contains(name) {
    for place in Changed.sample(scenario, 40) {
        let changed = Scenario(json: Changed.changed(scenario.json, at: place))
        if try await changed.run().differences.isEmpty { wrong.append("\(name): a change of \(place.joined(separator: ".")) is not noticed") }
        changes += 1
    }
}

let bundles = try files(in: folder + "/policy")
var (asked, asTheyStand) = (0, 0)
for path in bundles {
    let policies = Policies(json: try Json(reading: String(contentsOfFile: path, encoding: .utf8)))
    let name = String(path.dropFirst(folder.count + 1))
    let told = try await policies.run()
    wrong += told.differences.map { "\(name): \($0)" }
    asked += told.steps
    asTheyStand += told.asTheyStand
    for (number, place) in Changed.places(Scenario(json: policies.json)).dropLast(3).enumerated() where number % 5 == 0 {
        let changed = Policies(json: Changed.changed(policies.json, at: place))
        if try await changed.run().differences.isEmpty { wrong.append("\(name): a change of \(place.joined(separator: ".")) is not noticed") }
        changes += 1
    }
}

let ofCharts = try files(in: folder + "/charts")
var (stepped, chartsAsTheyStand) = (0, 0)
for path in ofCharts {
    let charts = Charts(json: try Json(reading: String(contentsOfFile: path, encoding: .utf8)))
    let name = String(path.dropFirst(folder.count + 1))
    let told = try await charts.run()
    wrong += told.differences.map { "\(name): \($0)" }
    stepped += told.steps
    chartsAsTheyStand += told.asTheyStand
    for (number, place) in Changed.places(Scenario(json: charts.json)).dropLast(3).enumerated() where number % 5 == 0 {
        let changed = Charts(json: Changed.changed(charts.json, at: place))
        if try await changed.run().differences.isEmpty { wrong.append("\(name): a change of \(place.joined(separator: ".")) is not noticed") }
        changes += 1
    }
}

if stepped <= 50 { wrong.append("only \(stepped) steps are asked of charts") }
if chartsAsTheyStand * 5 > stepped { wrong.append("\(chartsAsTheyStand) of \(stepped) steps of charts are sent as they stand") }
if asked <= 30 { wrong.append("only \(asked) steps are asked of policies") }
// Else they would say little of the methods.
if asTheyStand * 5 > asked { wrong.append("\(asTheyStand) of \(asked) steps of policies are sent as they stand") }
if folders.contains(where: \.isEmpty) { wrong.append("a folder of the vectors has no files") }
if paths.count < 20 { wrong.append("there are only \(paths.count) files in \(folder)") }
// Too many that are sent as they stand would be no test of the factories.
if typed * 10 < commands * 9 { wrong.append("only \(typed) of \(commands) commands and trades could be typed") }
if changes < 40 { wrong.append("only \(changes) values were changed") }

wrong.forEach { print($0) }
print("\(typed) of \(commands) commands and trades typed, \(long) answers past \(Money.digitsMax) digits, \(changes) changed values")
print("swift vectors: \(paths.count + bundles.count + ofCharts.count) files, \(steps + asked + stepped) steps")
exit(wrong.isEmpty ? 0 : 1)
