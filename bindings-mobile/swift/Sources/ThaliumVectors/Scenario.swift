import Thalium

/// One file of the vectors, run through the package.
struct Scenario: Sendable {
    /// Stands for what the step before answered: its request, or all of it.
    static let last = Json.text("$last")

    var json: Json

    var steps: [Json] { json["steps"]?.list ?? [] }

    struct Told: Sendable {
        var differences: [String] = []
        var commands = 0
        var typed = 0
        var long = 0
    }

    func run() async throws -> Told {
        let options = OpenOptions(tenant: json["tenant"]?.text, origin: "", insecureSeed: json["seed"]?.text)
        let t = try await Thalium.open("memory:", options)
        let device = try await Device.open("memory:") { _ in throw Unreached() }
        var (told, typed, last) = (Told(), Typed(), Json.null)
        for (number, step) in steps.enumerated() {
            var fields = step["call"]?.fields ?? [:]
            for name in ["request", "reply"] where fields[name] == Scenario.last { fields[name] = last }
            let found = try await answer(fields, step, t, device, &typed, &told)
            if let answer = found["answer"] { last = answer["request"] ?? answer }
            let expected = step.fields?.filter { $0.key != "call" } ?? [:]
            told.differences += [difference("step \(number)", Plain.of(.object(expected)), Plain.of(found))].compactMap { $0 }
        }
        let end = Plain.of(told: try await t.root()).fields?.merging(Plain.of(told: try await t.check()).fields ?? [:]) { a, _ in a }
        told.differences += [difference("end", json["end"] ?? .null, .object(end ?? [:]))].compactMap { $0 }
        try await t.close()
        try await device.close()
        return told
    }

    private struct Unreached: Error {}

    private func answer(
        _ fields: [String: Json], _ step: Json, _ t: Thalium, _ device: Device, _ typed: inout Typed, _ told: inout Told
    ) async throws -> Json {
        let (op, raw) = (fields["op"]?.text ?? "", Json.object(fields).written)
        do {
            if Surface.ofDevice.contains(op) { return .object(["answer": try Json(reading: await device.askText(raw))]) }
            if step["failure"] != nil { return .object(["answer": try Json(reading: await t.askText(raw))]) }
            guard let call = Surface.calling(op, as: fields["viewer"]?.text) else {
                return .object(["answer": .text("Swift has no `\(op)`")])
            }
            var commands: [Command] = []
            for json in fields["commands"]?.list ?? [] {
                let (command, isTyped) = typed.command(json)
                commands.append(command)
                told.commands += 1
                told.typed += isTyped ? 1 : 0
                told.differences += [Long.isRefused(json)].compactMap { $0 }
            }
            let asked = Call(fields: fields, commands: commands, trades: Typed.trades(fields))
            told.commands += fields["trades"]?.list?.count ?? 0
            told.typed += asked.trades?.count ?? 0
            let answer = step["answer"] ?? .null
            if Long.isIn(answer) {
                told.long += 1
                return try await long(op, asked, call, t, &told)
            }
            let value = try await call(t, asked)
            // What is sent on to the device stays whole.
            return .object(["answer": value as? Json ?? Plain.of(told: value)])
        } catch let error as ThaliumError {
            var failure: [String: Json] = ["code": .text(error.code)]
            failure["field"] = error.field.map(Json.text)
            return .object(["failure": .object(failure)])
        }
    }

    // An answer that Decimal cannot hold is an error of the package; what the library says is compared as it is.
    private func long(_ op: String, _ call: Call, _ ask: Calling<Thalium>, _ t: Thalium, _ told: inout Told) async throws -> Json {
        if let read = Long.read[op] {
            // What is done twice is answered otherwise: it is sent once, and its answer read.
            var fields = call.fields
            if op == "submit" { fields["commands"] = .list(call.commands.map(\.json)) }
            let text = try await t.askText(Json.object(fields).written)
            told.differences += [Long.refusal(op) { try read(text) }].compactMap { $0 }
            return .object(["answer": try Json(reading: text)])
        }
        do {
            _ = try await ask(t, call)
            told.differences.append("\(op): took an amount past the digits that it can hold")
        } catch let error as ThaliumError where error.code == "unsupported" {}
        return .object(["answer": try Json(reading: await t.askText(Json.object(call.fields).written))])
    }
}
