// A customer's device on the console: it goes offline, keeps what the customer asks for, and shows what became of it when the
// back end is reached. `examples/express` is a back end for it.
//
//   ThaliumDevice http://127.0.0.1:8080 c42-token-for-trying-out ./device
import Foundation
import Thalium

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

struct Unreachable: Error {
    let why: String
}

/// The back end over HTTP, as the customer whose token it is.
struct Http: BackEnd {
    let url: URL
    let token: String

    func sync(_ request: String) async throws -> String {
        var asked = URLRequest(url: url)
        asked.httpMethod = "POST"
        asked.httpBody = Data(request.utf8)
        asked.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        asked.setValue("application/json", forHTTPHeaderField: "Content-Type")
        let (body, answer) = try await URLSession.shared.data(for: asked)
        let status = (answer as? HTTPURLResponse)?.statusCode ?? 0
        guard status == 200 else { throw Unreachable(why: "the back end answered \(status)") }
        return String(decoding: body, as: UTF8.self)
    }
}

// At once, into a pipe too, where `print` would keep it back.
func show(_ text: String) {
    FileHandle.standardOutput.write(Data("\(text)\n".utf8))
}

func line(_ intent: IntentView) -> String {
    intent.state == .rejected ? "\(intent.key): refused, \(intent.outcome?.reason ?? "")" : "\(intent.key): \(intent.state.rawValue)"
}

func offline(_ backEnd: Http, _ directory: String) async throws {
    let zar = try currency("ZAR")
    let device = try await Device.open(directory, backEnd: backEnd)
    try await device.follow("c42:ZAR")
    // Each has a key: whatever is sent again, and however often, is booked once.
    let intents = device.intents
    try await intents.post(key: "lunch-7", from: "c42:ZAR", to: "c77:ZAR", amount: zar("30.00"), description: "Lunch")
    try await intents.hold(key: "order-1", from: "c42:ZAR", amount: zar("100.00"))
    try await intents.post(key: "rent-1", from: "c42:ZAR", to: "c77:ZAR", amount: zar("5000.00"))
    if try await device.sync(now: true).failure != nil {
        show("offline: \(try await intents.list(open: true).count) intents wait")
    }
    // Until the back end is there again; between two attempts it waits, longer each time.
    for try await result in device.syncs() where result.failure == nil {
        if try await intents.list(open: true).isEmpty { break }
    }
    for intent in try await intents.list() { show(line(intent)) }
    if let known = try await device.account("c42:ZAR"), let account = known.account, let asOf = known.asOf {
        show("c42:ZAR has \(account.balance), \(account.available) of it available, as of \(asOf)")
    }
    for entry in try await device.statement("c42:ZAR")?.statement.entries ?? [] {
        show("  \(entry.what)  \(entry.change)  \(entry.balance)  \(entry.counterparty)")
    }
    try await device.close()
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let url = URL(string: arguments[1] + "/sync") else {
    FileHandle.standardError.write(Data("ThaliumDevice URL TOKEN DIRECTORY\n".utf8))
    exit(2)
}
try await offline(Http(url: url, token: arguments[2]), arguments[3])
