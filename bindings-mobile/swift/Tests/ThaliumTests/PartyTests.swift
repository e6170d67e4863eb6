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
        XCTAssertEqual((first.entries + rest.entries).map(\.why), ["a complaint"] + Array(repeating: "asked by the person", count: 4))
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

    private let fees = "school fees of Lerato"

    private var words: Extra {
        Extra(description: fees, metadata: ["branch": "7", "payee": address], subject: "alpha-1", years: 7, public: ["branch"])
    }

    /// Two brokers with a client and an account each, and money that moved between the two.
    private func ofTwoBrokers() async throws -> Thalium {
        let t = try await Thalium.open("memory:", OpenOptions(actor: "ann", insecureSeed: String(repeating: "07", count: 32)))
        try await t.accounts.create(key: "bank:ZAR", asset: "ZAR", kind: .asset)
        try await t.accounts.create(key: "holds:ZAR", asset: "ZAR", kind: .liability)
        for house in ["alpha", "beta"] {
            try await t.parties.register(key: house, kind: .broker)
            try await t.parties.register(key: "\(house)-1", broker: house)
            try await t.parties.seal("\(house)-1", fields: ["email": contact])
            try await t.accounts.create(key: "\(house):ZAR", asset: "ZAR", kind: .liability, name: person, subject: "\(house)-1")
            try await t.parties.assign("\(house)-1", account: "\(house):ZAR")
            try await t.post(key: "\(house)-fund", from: "bank:ZAR", to: "\(house):ZAR", amount: zar("9.00"))
        }
        let paid = try await t.post(key: "pay-1", from: "alpha:ZAR", to: "beta:ZAR", amount: zar("1.00"), extra: words)
        let order = Extra(description: "an order", subject: "alpha-1", basis: .consent)
        let held = try await t.hold(key: "ord-1", from: "alpha:ZAR", amount: zar("2.00"), extra: order)
        XCTAssertTrue(paid.ok && held.ok)
        return t
    }

    func testABrokerSeesItsOwn() async throws {
        let t = try await ofTwoBrokers()
        for (house, other) in [("alpha", "beta"), ("beta", "alpha")] {
            let seen = t.seenBy(house)
            let accounts = try await seen.accounts.list().all()
            XCTAssertEqual(accounts.map(\.key), ["\(house):ZAR"])
            let (own, theirs) = try await (seen.accounts.get("\(house):ZAR"), seen.accounts.get("\(other):ZAR"))
            let whole = try await t.accounts.get("\(house):ZAR")
            XCTAssertEqual(own?.balance, whole?.balance)
            XCTAssertNil(theirs)
            // What moved between the two is there, but not whose the other side is.
            let moved = try await seen.transfers.list().all().filter { $0.amount == (try? zar("1")) }
            XCTAssertEqual(moved.map { [$0.key, house == "alpha" ? $0.to : $0.from] }, [["", ""]])
            let (fund, hidden) = try await (seen.transfers.get("\(house)-fund"), seen.transfers.get("\(other)-fund"))
            XCTAssertEqual(fund?.key, "\(house)-fund")
            XCTAssertNil(hidden)
            let parts = try await seen.transfers.ofTransaction("\(other)-fund")
            XCTAssertEqual(parts, [])
            let holds = try await seen.holds("\(house):ZAR").all()
            XCTAssertEqual(holds.map(\.key), house == "alpha" ? ["ord-1"] : [])
            let refused = await failure { try await seen.holds("\(other):ZAR").all() }
            XCTAssertEqual([refused?.code, refused?.field], ["invalid", "account"])
            let history = try await seen.history("\(house):ZAR").all()
            XCTAssertEqual(history.prefix(2).map(\.counterparty), ["bank:ZAR", ""])
            let (statement, none) = try await (seen.statement("\(house):ZAR"), seen.statement("\(other):ZAR"))
            XCTAssertEqual(statement?.entries, history)
            XCTAssertNil(none)
            let balances = try await seen.balanceHistory("\(house):ZAR")
            XCTAssertEqual(balances.buckets.last?.close, whole?.balance)
            let (ofParty, ofAccount) = try await (seen.volumes(party: "\(house)-1"), t.volumes(account: "\(house):ZAR"))
            XCTAssertEqual(ofParty.volumes, ofAccount.volumes)
            let (assets, all) = try await (seen.assets.list(all: true), t.assets.list(all: true))
            XCTAssertEqual(assets, all)

            let parties = try await seen.parties.list().all()
            XCTAssertEqual(Set(parties.map(\.key)), [house, "\(house)-1"])
            let stranger = try await seen.parties.get("\(other)-1")
            XCTAssertNil(stranger)
            let holders = try await seen.parties.holders("\(house):ZAR")
            XCTAssertEqual(holders.map(\.party), ["\(house)-1"])
            let found = try await seen.parties.find(.email, address)
            XCTAssertEqual(found.map(\.key), ["\(house)-1"])
            let data = try await seen.parties.read("\(house)-1", why: "a complaint")
            XCTAssertEqual(data.fields.map(\.value), [address])
            let export = try await seen.parties.export("\(house)-1", why: "asked")
            XCTAssertEqual(export.party.key, "\(house)-1")
            let page = try await seen.parties.exportPage("\(house)-1", why: "asked")
            XCTAssertTrue(page.contains(address), page)
            let errors = [
                await failure { try await seen.parties.read("\(other)-1", why: "a complaint") },
                await failure { try await seen.parties.export("\(other)-1", why: "a complaint") },
                await failure { try await seen.parties.exportPage("\(other)-1", why: "a complaint") },
            ]
            XCTAssertEqual(errors.map { $0?.field }, ["party", "party", "party"])
        }
        let client = await failure { try await t.seenBy("alpha-1").accounts.page() }
        XCTAssertEqual([client?.code, client?.field], ["invalid", "viewer"])
        try await t.close()
    }

    func testWordsAreSealedToAParty() async throws {
        let t = try await ofTwoBrokers()
        let party = try await t.parties.get("alpha-1")
        let subject = try XCTUnwrap(party).id
        let transfer = try await t.transfers.get("pay-1")
        XCTAssertEqual([transfer?.description, transfer?.metadata["branch"], transfer?.metadata["payee"]], ["", "7", nil])
        let account = try await t.accounts.get("alpha:ZAR")
        XCTAssertEqual(account?.name, "")
        let history = try await t.history("alpha:ZAR").all()
        XCTAssertEqual([transfer?.subject, account?.subject, history[1].subject], [subject, subject, subject])

        let names = ["pay-1", "ord-1"]
        let data = try await t.parties.read("alpha-1", transfers: names, accounts: ["alpha:ZAR"], why: "a complaint")
        XCTAssertEqual(data.fields, [])
        assertHidden(data)
        let opened = Dictionary(uniqueKeysWithValues: data.details.map { ($0.transfer ?? $0.account ?? "", $0) })
        XCTAssertEqual(Set(opened.keys), ["pay-1", "ord-1", "alpha:ZAR"])
        XCTAssertEqual(opened["pay-1"]?.description, fees)
        XCTAssertEqual(opened["pay-1"]?.metadata, ["payee": address])
        XCTAssertEqual(opened["alpha:ZAR"]?.description, person)
        XCTAssertEqual([opened["pay-1"]?.basis, opened["ord-1"]?.basis], [.law, .consent])
        XCTAssertEqual([opened["pay-1"]?.years, opened["ord-1"]?.years], [7, nil])

        let export = try await t.parties.export("alpha-1", why: "asked by the person")
        XCTAssertEqual(Set(export.data.details), Set(data.details))
        let page = try await t.parties.exportPage("alpha-1", why: "asked by the person")
        XCTAssertTrue(page.contains(fees), page)
        let unknown = await failure { try await t.parties.read("alpha-1", transfers: ["x"], why: "a review") }
        XCTAssertEqual(unknown?.field, "transfers")
        try await t.parties.grantAccess("ann", until: "2200-01-01")
        let readings = try await t.parties.accessLog(party: "alpha-1").entries
        XCTAssertEqual(Set(readings.flatMap(\.transfers)), Set(names))
        XCTAssertEqual(readings.flatMap(\.accounts), ["alpha:ZAR"])
        XCTAssertEqual(readings.filter(\.details).map(\.why), ["asked by the person", "asked by the person"])
        let extra = Extra(description: fees, subject: "nobody")
        let refused = try await t.post(key: "pay-2", from: "bank:ZAR", to: "beta:ZAR", amount: zar("1.00"), extra: extra)
        XCTAssertEqual(refused.status, "subject_not_found")
        try await t.close()

        // What is sealed is printed nowhere, what is public is.
        let post = Command.post(key: "k", from: "a", to: "b", amount: try zar("1.00"), extra: words)
        let named = Command.account(key: "k", asset: "ZAR", name: fees, metadata: words.metadata, subject: "alpha-1", public: words.public)
        for shown: Any in [words, post, named] {
            assertHidden(shown)
            XCTAssertTrue("\(shown)".contains(#""branch":"7""#), "\(shown)")
        }
        XCTAssertTrue("\(Extra(description: fees))".contains(fees))
    }

    func testARetentionClassSaysHowLongALawHasDataKept() async throws {
        let t = try await ledger()
        let passport = PersonalField(value: "A01234567", purpose: "due_diligence", retention: "due_diligence")
        let early = try await t.parties.seal("c42", fields: ["passport": passport])
        XCTAssertEqual(early.status, "retention_not_found")
        let defined = try await t.parties.defineRetention("due_diligence", years: 100, law: "Directive (EU) 2015/849, Art. 40")
        let second = try await t.parties.defineRetention("tax", years: 7)
        let sealed = try await t.parties.seal("c42", fields: ["passport": passport])
        XCTAssertTrue(defined.ok && second.ok && sealed.ok)
        try await t.accounts.create(
            key: "c42:USD", asset: "USD", kind: .liability, name: person, subject: "c42", retention: "due_diligence"
        )
        try await t.accounts.create(key: "bank:ZAR", asset: "ZAR", kind: .asset)
        func pay(_ key: String, _ retention: String) async throws -> String {
            let extra = Extra(description: fees, subject: "c42", retention: retention)
            return try await t.post(key: key, from: "bank:ZAR", to: "c42:ZAR", amount: zar("1.00"), extra: extra).status
        }
        let statuses = try await [pay("pay-1", "tax"), pay("pay-2", "none")]
        XCTAssertEqual(statuses, ["created", "retention_not_found"])

        func field() async throws -> FieldView? { try await t.parties.get("c42")?.fields.first { $0.name == "passport" } }
        let first = try await field()
        XCTAssertEqual([first?.basis.rawValue, first?.retention], ["law", "due_diligence"])
        XCTAssertEqual(first?.years, 100)
        let read = try await t.parties.read("c42", transfers: ["pay-1"], accounts: ["c42:USD"], why: "a complaint")
        let opened = Dictionary(uniqueKeysWithValues: read.details.map { ($0.transfer ?? $0.account ?? "", $0) })
        XCTAssertEqual([opened["pay-1"]?.basis, opened["c42:USD"]?.basis], [.law, .law])
        XCTAssertEqual([opened["pay-1"]?.years, opened["c42:USD"]?.years], [7, 100])
        XCTAssertEqual([opened["pay-1"]?.retention, opened["c42:USD"]?.retention], ["tax", "due_diligence"])

        // Defined anew, a class moves what was sealed under it.
        try await t.parties.amend("c42", ended: "2010-01-31")
        let kept = try await t.parties.forget("c42")
        XCTAssertEqual(kept.status, "retention_has_not_passed")
        try await t.parties.defineRetention("due_diligence", years: 5, law: "as the board decided")
        let changed = try await field()
        XCTAssertEqual(changed?.years, 5)
        let forgotten = try await t.parties.forget("c42")
        XCTAssertTrue(forgotten.ok)

        try await t.parties.register(key: "alpha", kind: .broker)
        let (classes, seen) = try await (t.parties.retentions(), t.seenBy("alpha").parties.retentions())
        XCTAssertEqual(classes.map(\.name), ["due_diligence", "tax"])
        XCTAssertEqual(classes.map(\.years), [5, 7])
        XCTAssertEqual(classes.map(\.law), ["as the board decided", ""])
        XCTAssertGreaterThan(classes[0].defined, classes[1].defined)
        XCTAssertEqual(seen, classes)
        try await t.close()
    }

    func testTokensAndDigitsStandForWhatIsKnown() async throws {
        let t = try await ledger()
        let before = try await t.root()
        let tokens = try await t.parties.tokens(.email, [address, " Thandi@Example.com ", "no address"], purpose: "marketing")
        XCTAssertNotNil(tokens[0])
        XCTAssertEqual(tokens, [tokens[0], tokens[0], nil])
        let others = try await t.parties.tokens(.email, [address], purpose: "fraud")
        XCTAssertNotEqual(others, [tokens[0]])
        let card = "4000-0012-3456-7899"
        let masked = try await t.parties.mask([card, "12"], purpose: "statement")
        XCTAssertEqual(masked[0]?.map(\.isNumber), card.map(\.isNumber))
        XCTAssertNotEqual(masked[0], card)
        XCTAssertEqual(masked.dropFirst(), [nil])
        let unnamed = await failure { try await t.parties.mask([card], purpose: "") }
        XCTAssertEqual(unnamed?.field, "purpose")
        let after = try await t.root()
        XCTAssertEqual(after, before)
        try await t.close()
    }

    private func assertHidden(_ value: Any, file: StaticString = #filePath, line: UInt = #line) {
        var shown = "\(value) \(String(describing: value)) \(String(reflecting: value)) "
        dump(value, to: &shown)
        XCTAssertFalse(shown.contains(address) || shown.contains(fees), shown, file: file, line: line)
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
