import Foundation
import XCTest

@testable import Thalium

/// FIPS 180-4: the SHA-256 of `abc`.
private let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

/// The specimen of ICAO Doc 9303: it expired in 2012.
private let specimen = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"

private let kind = """
    {case: 1, id: onboarding, chart: onboarding, document_events: {submitted: document.in}, \
    documents: {passport: {attempts: 2, roles: [officer], reasons: [blurred]}, bill: {roles: [officer]}}}
    """

private let chart = """
    {chart: 1, id: onboarding, context: {street: '', rooms: 0}, states: {collecting: {on: {document.in: {actions: [{effect: scan}]}, \
    address.given: {target: checking, actions: [{assign: {street: {expr: {var: event.data.street}}, rooms: {expr: {var: event.data.rooms}}}}]}}}, \
    checking: {on: {document.in: {actions: [{effect: scan}]}}}}}
    """

/// A back end in this process that has cases, on a line that can be down.
private actor Office: BackEnd {
    private let t: Thalium
    private var state = Line.State.up
    private(set) var sent = ""

    init(_ t: Thalium) { self.t = t }

    func become(_ state: Line.State) { self.state = state }

    func sync(_ request: String) async throws -> String {
        if state == .down { throw Line.Broken() }
        sent += request
        let known = CustomerCases(
            parties: ["zodwa"], documents: ["bill"], forms: ["address.given": ["street", "rooms"]], states: ["collecting", "checking"],
            reasons: ["blurred"]
        )
        let reply = try await t.sync(customer: "zodwa", accounts: [], request: request, cases: known)
        if state == .losesReplies { throw Line.Broken() }
        return reply
    }
}

private func ledger() async throws -> Thalium {
    let t = try await Thalium.open("memory:", OpenOptions(insecureSeed: String(repeating: "07", count: 32)))
    for party in ["zodwa", "sipho"] {
        let told = try await t.parties.register(key: party)
        XCTAssertTrue(told.ok)
    }
    _ = try await t.cases.define(kind, charts: [chart])
    _ = try await t.cases.setStaff("officer-1", roles: ["officer"])
    _ = try await t.cases.open("case-7", kind: "onboarding", party: "zodwa")
    _ = try await t.cases.open("case-8", kind: "onboarding", party: "sipho")
    _ = try await t.cases.requestDocument("case-7", "passport", by: By("officer-1"))
    return t
}

final class CollectionTests: XCTestCase {
    func testWhatWasCollectedOfflineIsHandedInOnceWhenTheLineIsBack() async throws {
        let t = try await ledger()
        let office = Office(t)
        try await withFolder { folder in
            try await self.collectOffline(office, folder)
            await office.become(.up)
            try await self.comeBack(office, folder)
        }
        // What names the document or its holder never left the device.
        let sent = await office.sent
        for word in ["L898902C3", "ERIKSSON", "740812", "scan.jpg"] { XCTAssertFalse(sent.contains(word), word) }
        let seen = try await t.cases.get("case-7", open: OpenSealed(why: "a test"))
        XCTAssertEqual(seen.documents.map(\.attempts), [1])
        XCTAssertEqual(seen.documents.map(\.hash), [abc])
        XCTAssertEqual(seen.data?["street"]?.text, "Long Street 1")
        try await t.close()
    }

    private func collectOffline(_ office: Office, _ folder: String) async throws {
        let scan = folder + "/scan.jpg"
        try Data("abc".utf8).write(to: URL(fileURLWithPath: scan))
        let device = try await Device.open(folder + "/device", backEnd: office)
        let collection = try await device.collection("case-7")
        let none = try await collection.documents()
        XCTAssertTrue(none.isEmpty)
        let first = try await device.sync()
        XCTAssertEqual(first.done?.cases, ["case-7"])
        let documents = try await collection.documents()
        XCTAssertEqual(documents.map(\.document), ["bill", "passport"])
        XCTAssertTrue(documents.allSatisfy(\.wanted))
        let forms = try await collection.forms()
        XCTAssertEqual(forms.map(\.variables), [["street", "rooms"]])
        // Offline: everything is kept, and what was sent counts as sent.
        await office.become(.down)
        let warned = try await collection.check("passport", path: scan, zone: specimen)
        XCTAssertEqual(warned.warnings, ["not_valid", "expired"])
        XCTAssertEqual(warned.hash, abc)
        let until = try Timestamp("2099-01-01T00:00:00Z")
        let given = try await collection.submit("passport", path: scan, file: "uploads/1", validUntil: until, zone: specimen)
        let kept = try await given.now()
        XCTAssertEqual(kept?.name, scan)
        let printed = String(describing: kept)
        XCTAssertFalse(printed.contains("ERIKSSON"), printed)
        let again = try await collection.submit("passport", path: scan, file: "uploads/1", validUntil: until, zone: specimen)
        XCTAssertEqual(given.key, again.key)
        let bytes = Data("abc".utf8)
        let refused: [(String, () async throws -> Any?)] = [
            ("document", { try await collection.submit("passport", bytes: Data("other".utf8)) }),
            ("document", { try await collection.submit("selfie", bytes: bytes) }),
            ("bytes", { try await collection.submit("bill", bytes: Data()) }),
            ("path", { try await collection.submit("bill", path: folder + "/none") }),
            ("answers", { try await collection.answer("address.given", ["hits": 0]) }),
        ]
        for (field, ask) in refused {
            let error = await failure(field, ask)
            XCTAssertEqual(error?.field, field)
        }
        try await collection.answer("address.given", ["street": "Long Street 1", "rooms": 3])
        let cancelled = try await collection.submit("bill", bytes: bytes, name: "bill.pdf").cancel()
        XCTAssertEqual(cancelled.state, .cancelled)
        let down = try await device.sync(now: true)
        XCTAssertNotNil(down.failure)
        await office.become(.losesReplies)
        let lost = try await device.sync(now: true)
        XCTAssertNotNil(lost.failure)
        try await device.close()
    }

    private func comeBack(_ office: Office, _ folder: String) async throws {
        let device = try await Device.open(folder + "/device", backEnd: office)
        let collection = try await device.collection("case-7")
        let open = try await collection.handIns(open: true)
        XCTAssertEqual(open.map(\.state), [.sent, .sent])
        let found = try await collection.pending(XCTUnwrap(open.first).key)
        let passport = try XCTUnwrap(found)
        var states = passport.updates.makeAsyncIterator()
        let before = try await states.next()
        XCTAssertEqual(before?.state, .sent)
        var views = collection.updates.makeAsyncIterator()
        let waiting = try await views.next()
        XCTAssertEqual(waiting?.waiting.count, 2)
        let result = try await device.sync(now: true)
        let done = try XCTUnwrap(result.done)
        XCTAssertEqual(done.handIns.map(\.state), [.booked, .booked])
        XCTAssertEqual(done.handIns.map { $0.outcome?.replayed }, [true, true])
        let after = try await inTime { try await passport.resolved() }
        XCTAssertEqual(after.state, .booked)
        XCTAssertNil(after.zone)
        let told = try await views.next()
        XCTAssertEqual(told?.waiting.count, 0)
        XCTAssertEqual(told?.told?.states, ["checking"])
        XCTAssertEqual(told?.told?.documents.first { $0.document == "passport" }?.standing, "submitted")
        let cases = try await device.cases()
        XCTAssertEqual(cases.map { $0.case }, ["case-7"])
        let pruned = try await device.intents.prune(before: Timestamp("2200-01-01T00:00:00Z"))
        XCTAssertEqual(pruned.count, 3)
        let forgotten = try await passport.now()
        XCTAssertNil(forgotten)
        try await device.uncollect("case-7")
        let gone = try await collection.now()
        XCTAssertNil(gone)
        try await device.close()
    }

    func testACaseOfSomebodyElseIsNeitherToldNorChanged() async throws {
        let t = try await ledger()
        let device = try await Device.open("memory:", backEnd: Office(t))
        let other = try await device.collection("case-8")
        let told = try await device.sync()
        XCTAssertEqual(told.done?.refusedCases, ["case-8"])
        let error = await failure("case") { try await other.submit("passport", bytes: Data("abc".utf8)) }
        XCTAssertEqual(error?.field, "case")
        let seen = try await t.cases.get("case-8")
        XCTAssertTrue(seen.documents.isEmpty)
        try await device.close()
        try await t.close()
    }
}
