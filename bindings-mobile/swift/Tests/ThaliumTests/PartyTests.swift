import Foundation
import XCTest

@testable import Thalium

final class PartyTests: XCTestCase {
    private let address = "thandi@example.com"
    private let person = "Thandi <Maseko>"

    private var contact: PersonalField { PersonalField(value: address, purpose: "contact", identifier: .email) }
    private var identity: PersonalField { PersonalField(value: person, purpose: "due_diligence", basis: .law, years: 5) }

    private func ledger() async throws -> Thalium {
        let t = try await Thalium.open("memory:", OpenOptions(actor: "ann", insecureSeed: String(repeating: "07", count: 32)))
        try await t.accounts.create(key: "c42:ZAR", asset: "ZAR", kind: .liability)
        let registered = try await t.parties.register(key: "c42")
        let assigned = try await t.parties.assign("c42", account: "c42:ZAR")
        let sealed = try await t.parties.seal("c42", fields: ["email": contact, "name": identity])
        XCTAssertTrue(registered.ok && assigned.ok && sealed.ok)
        return t
    }

    func testAPersonIsKnownFoundReadAndForgotten() async throws {
        let t = try await ledger()
        let holders = try await t.parties.holders("c42:ZAR")
        XCTAssertEqual(holders.map(\.party), ["c42"])
        XCTAssertEqual(holders.first?.role, .owner)
        let found = try await t.parties.find(.email, "Thandi@Example.com")
        XCTAssertEqual(found.map(\.key), ["c42"])
        let party = try await t.parties.get("c42")
        let known = try XCTUnwrap(party)
        XCTAssertEqual(known.fields.map(\.name), ["email", "name"])
        XCTAssertEqual(known.fields.map(\.basis), [.consent, .law])
        XCTAssertEqual(known.accounts.map(\.account), ["c42:ZAR"])
        let unexplained = await failure { try await t.parties.read("c42", why: "") }
        XCTAssertEqual([unexplained?.code, unexplained?.field], ["invalid", "why"])
        let all = try await t.parties.read("c42", why: "a complaint", context: Context(actor: "bob"))
        XCTAssertEqual(all.fields.map(\.value), [address, person])
        let one = try await t.parties.read("c42", fields: ["name"], why: "a review")
        XCTAssertEqual(one.fields.map(\.name), ["name"])

        try await t.parties.placeHold("c42", name: "case-1", reason: "a court")
        let held = try await t.parties.forget("c42", scope: .consent)
        XCTAssertEqual(held.status, "legal_hold_in_force")
        try await t.parties.liftHold("c42", name: "case-1")
        let consent = try await t.parties.forget("c42", scope: .consent)
        XCTAssertTrue(consent.ok)
        let gone = try await t.parties.find(.email, address)
        XCTAssertEqual(gone, [])
        let rest = try await t.parties.read("c42", why: "a review")
        XCTAssertEqual(rest.fields.map(\.value), [person])
        let early = try await t.parties.forget("c42")
        XCTAssertEqual(early.status, "relationship_has_not_ended")
        try await t.parties.amend("c42", ended: "2020-01-31")
        let forgotten = try await t.parties.forget("c42")
        XCTAssertTrue(forgotten.ok)
        let nothing = try await t.parties.read("c42", why: "a review")
        XCTAssertEqual(nothing.fields, [])
        let after = try await t.parties.get("c42")
        XCTAssertEqual(after?.forgotten?.scope, .all)
        try await t.close()
    }

    func testWhatIsKnownIsGivenToThePersonAndWhoReadItToThoseWhoMayKnow() async throws {
        let t = try await ledger()
        _ = try await t.parties.read("c42", fields: ["email"], why: "a complaint", context: Context(actor: "bob", role: "support"))
        let export = try await t.parties.export("c42", why: "asked by the person")
        XCTAssertEqual(export.party.key, "c42")
        XCTAssertEqual(export.data.fields.map(\.name), ["email", "name"])
        XCTAssertEqual(export.accesses.map(\.actor), ["bob"])
        XCTAssertEqual(export.accesses.map(\.fields), [["email"]])
        let page = try await t.parties.exportPage("c42", why: "asked by the person")
        XCTAssertTrue(page.hasPrefix("<!doctype html>") && page.contains(address) && page.contains("Thandi &lt;"), page)
        XCTAssertFalse(page.contains(person), page)

        let refused = await failure { try await t.parties.accessLog() }
        XCTAssertEqual([refused?.code, refused?.field], ["invalid", "actor"])
        try await t.parties.grantAccess("ann", until: "2200-01-01")
        let grants = try await t.parties.grants()
        XCTAssertEqual(grants.map(\.actor), ["ann"])
        XCTAssertEqual(grants.map(\.party), [nil])
        let first = try await t.parties.accessLog(limit: 2)
        let rest = try await t.parties.accessLog(party: "c42", after: first.next, actor: "ann")
        XCTAssertEqual((first.entries + rest.entries).map(\.why), ["a complaint", "asked by the person", "asked by the person"])
        XCTAssertNil(rest.next)
        try await t.parties.revokeAccess("ann")
        let none = try await t.parties.grants()
        XCTAssertEqual(none, [])
        try await t.close()
    }

    func testPartiesAreRelatedMergedAmendedAndListed() async throws {
        let t = try await ledger()
        try await t.parties.register(key: "b1", kind: .broker)
        try await t.parties.register(key: "acme", kind: .company, broker: "b1")
        try await t.parties.relate(from: "c42", to: "acme", role: .beneficialOwner, since: "2026-01-31", share: "25.5")
        let acme = try await t.parties.get("acme")
        XCTAssertEqual(acme?.broker, "b1")
        let relation = try XCTUnwrap(acme?.related.first)
        XCTAssertEqual([relation.party, relation.since, relation.share], ["c42", "2026-01-31", "25.50"])
        XCTAssertEqual(relation.role, .beneficialOwner)

        try await t.parties.amend("c42", kycLevel: 2, risk: .high, set: ["pep"])
        let flagged = try await t.parties.page(flag: "pep")
        XCTAssertEqual(flagged.parties.map(\.key), ["c42"])
        XCTAssertEqual(flagged.parties.first?.kycLevel, 2)
        XCTAssertEqual(flagged.parties.first?.risk, .high)
        try await t.parties.register(key: "c43")
        try await t.parties.merge("c43", into: "c42")
        let merged = try await t.parties.get("c43")
        XCTAssertEqual(merged?.key, "c42")
        XCTAssertEqual(merged?.merged, ["c43"])
        let split = try await t.parties.split("c43")
        XCTAssertTrue(split.ok)

        let outcomes = try await t.submit((0..<1_200).map { Command.registerParty(key: "p\($0)", broker: "b1") })
        XCTAssertTrue(outcomes.allSatisfy(\.ok))
        let clients = try await t.parties.list(broker: "b1").all()
        XCTAssertEqual(Set(clients.map(\.key)).count, 1_201)
        let parties = try await t.parties.list().all()
        XCTAssertEqual(parties.count, 1_204)
        let first = try await t.parties.page(kind: .person, limit: 2)
        let second = try await t.parties.page(kind: .person, after: first.next, limit: 2)
        XCTAssertEqual(Set((first.parties + second.parties).map(\.id)).count, 4)
        try await t.close()
    }

    private func assertHidden(_ value: Any, file: StaticString = #filePath, line: UInt = #line) {
        var shown = "\(value) \(String(describing: value)) \(String(reflecting: value)) "
        dump(value, to: &shown)
        XCTAssertFalse(shown.contains(address), shown, file: file, line: line)
    }

    func testAValueIsPrintedNowhere() async throws {
        let command = Command.sealData(party: "c42", fields: ["email": contact])
        assertHidden(contact)
        assertHidden(["email": contact])
        assertHidden(command)
        assertHidden([command])
        XCTAssertTrue("\(contact)".contains("contact") && "\(command)".contains("contact"))
        XCTAssertNotEqual(command, Command.sealData(party: "c42", fields: ["email": identity]))
        let t = try await ledger()
        let data = try await t.parties.read("c42", why: "a review")
        assertHidden(data)
        let export = try await t.parties.export("c42", why: "a review")
        assertHidden(export)
        try await t.close()
    }

    func testWithoutAKeyNothingIsSealed() async throws {
        let t = try await Thalium.open("memory:")
        try await t.parties.register(key: "c42")
        let outcome = try await t.parties.seal("c42", fields: ["email": contact])
        XCTAssertEqual(outcome.status, "invalid")
        assertHidden(outcome)
        await assertCode("keys") { try await t.parties.read("c42", why: "a review") }
        await assertCode("invalid") { try await Thalium.open("memory:", OpenOptions(insecureSeed: "07")) }
        let nobody = try await t.parties.get("nobody")
        XCTAssertNil(nobody)
        try await t.close()
    }

    func testWhatTheReadmeShows() async throws {
        try await withFolder { folder in
            let (directory, file) = (folder + "/books", folder + "/key")
            try await Files.newKey(file)
            let t = try await Thalium.open(directory, OpenOptions(actor: "ann", keys: .keyFile(file)))
            try await t.parties.register(key: "c42")        // in the clear: no personal data in it
            let name = PersonalField(value: "Thandi Maseko", purpose: "due_diligence", basis: .law, years: 5)
            let email = PersonalField(value: "thandi@example.com", purpose: "contact", identifier: .email)
            try await t.parties.seal("c42", fields: ["name": name, "email": email])

            let found = try await t.parties.find(.email, "Thandi@Example.com")
            let data = try await t.parties.read("c42", fields: ["email"], why: "a complaint")
            print(found.map(\.key), data.fields[0].value!)        // ["c42"] thandi@example.com

            try await t.parties.forget("c42", scope: .consent)        // the address is gone for ever
            let rest = try await t.parties.read("c42", why: "a complaint")
            print(rest.fields.map(\.name))        // ["name"]
            XCTAssertEqual([found.map(\.key), rest.fields.map(\.name)], [["c42"], ["name"]])
            XCTAssertEqual(data.fields.map(\.value), ["thandi@example.com"])
            try await t.close()
        }
    }

    func testTheReadmeShowsWhatIsRun() throws {
        func lines(_ text: String) -> String {
            let lines = text.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            return lines.filter { !$0.isEmpty }.joined(separator: "\n")
        }
        let source = URL(fileURLWithPath: #filePath)
        let readme = try String(contentsOf: source.deletingLastPathComponent().appendingPathComponent("../../README.md"), encoding: .utf8)
        let section = try XCTUnwrap(readme.components(separatedBy: "\n## Parties\n").dropFirst().first)
        let blocks = section.components(separatedBy: "```")
        XCTAssertTrue(blocks.count > 2 && blocks[1].hasPrefix("swift\n"))
        let shown = lines(String(blocks[1].dropFirst("swift".count)))
        let run = try lines(String(contentsOf: source, encoding: .utf8))
        XCTAssertTrue(run.contains(shown), shown)
    }
}
