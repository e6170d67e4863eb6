package io.thalium

import java.io.File
import java.lang.reflect.Modifier
import java.math.BigDecimal
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import java.util.UUID
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory

/** The vectors of core/vectors through Kotlin's own surface. */
class VectorsTest {
    private val folder = File(System.getenv("THALIUM_VECTORS") ?: "../../core/vectors")
    private val folders = listOf(folder) + listOf("device", "decisions", "cases", "collecting").map { File(folder, it) }
    private val files = folders.flatMap(::filesIn)
    private val policies = filesIn(File(folder, "policy"))
    private val charts = filesIn(File(folder, "charts"))

    private fun filesIn(of: File): List<File> = of.listFiles { file -> file.extension == "json" }!!.sortedBy { it.name }

    // Their answers are of this machine and this run; LedgerTest and PartiesTest have them.
    private val ofTheMachine = setOf("health", "metrics", "drain", "rotate_keys", "rewrap_keys", "check_keys", "party_page", "rotate_subject_keys", "check_subject_keys")
    private val ofFiles = setOf("backup", "restore", "rehearse", "verify", "inspect", "upgrade", "new_key")

    // What leaves as a table and comes again is for back ends: the library of phones is built without.
    private val notInThisBuild = setOf("export_table", "import_tables", "import_blnk")

    // DeviceTest has the methods of a device; here their clock is that of the vectors.
    private val ofDevice = setOf(
        "intend", "cancel_intent", "get_intent", "list_intents", "prune_intents", "follow", "unfollow", "followed_accounts",
        "followed_account", "followed_holds", "followed_statement", "begin_sync", "end_sync", "fail_sync", "hurry_sync",
        "follow_case", "unfollow_case", "followed_cases", "followed_case", "hand_in_document", "check_document", "answer_form", "cancel_hand_in",
        "get_hand_in", "list_hand_ins",
    )

    private fun JsonObject.text(name: String): String? = this[name]?.jsonPrimitive?.contentOrNull
    private fun JsonObject.number(name: String): Long? = this[name]?.takeIf { it !is JsonNull }?.jsonPrimitive?.long
    private fun JsonObject.limit(): Int? = number("limit")?.toInt()
    private fun JsonObject.texts(name: String): List<String> = this[name]?.jsonArray?.map { it.jsonPrimitive.content } ?: emptyList()

    private fun customerCases(told: JsonObject) = CustomerCases(
        told.texts("parties"), told.texts("documents"),
        told["forms"]?.jsonObject.orEmpty().mapValues { (_, names) -> names.jsonArray.map { it.jsonPrimitive.content } },
        told.texts("states"), told.texts("reasons"),
    )

    // How each question is called in Kotlin, of the ledger and of what a broker sees of it.
    private val questions: Map<String, suspend (SeenBooks, JsonObject) -> Any?> = mapOf(
        "list_assets" to { t, call -> t.assets.list(call.text("all") == "true") },
        "get_account" to { t, call -> t.accounts.get(call.text("name")!!, call.text("at")) },
        "list_accounts" to { t, call -> t.accounts.page(call.text("under"), call.text("asset"), call.number("after"), call.limit()) },
        "get_transfer" to { t, call -> t.transfers.get(call.text("name")!!) },
        "get_transaction" to { t, call -> t.transfers.ofTransaction(call.text("name")!!) },
        "list_transfers" to { t, call ->
            val query = TransferQuery(
                call.text("account"), call.text("side")?.let(Side::of), call.text("asset"), call.number("code")?.toInt(), call.text("from"),
                call.text("to"), call.text("from_date"), call.text("to_date"), call.text("newest_first") == "true",
            )
            t.transfers.page(query, call.number("after"), call.limit())
        },
        "list_holds" to { t, call -> t.holdsPage(call.text("account")!!, call.number("after"), call.limit()) },
        "history" to { t, call ->
            t.historyPage(
                call.text("account")!!, call.text("from"), call.text("to"), call.number("after"), call.limit(),
                call.text("newest_first") == "true",
            )
        },
        "statement" to { t, call -> t.statement(call.text("account")!!, call.text("from"), call.text("to")) },
        "balance_history" to { t, call ->
            t.balanceHistory(
                call.text("account")!!, call.text("width"), call.text("from"), call.text("to"), call.text("zone"), call.limit(),
            )
        },
        "volumes" to { t, call ->
            t.volumes(
                call.text("account"), call.text("party"), call.text("asset"), call.number("code")?.toInt(), call.text("width"),
                call.text("from"), call.text("to"), call.text("zone"), call.limit(),
            )
        },
        "get_party" to { t, call -> t.parties.get(call.text("name")!!) },
        "list_parties" to { t, call ->
            t.parties.page(
                call.text("broker"), call.text("kind")?.let(PartyKind::of), call.text("flag"),
                call.text("due")?.let(LocalDate::parse), call.text("after")?.let(UUID::fromString), call.limit(),
            )
        },
        "list_holders" to { t, call -> t.parties.holders(call.text("account")!!) },
        "list_retentions" to { t, _ -> t.parties.retentions() },
        "find_parties" to { t, call -> t.parties.find(IdentifierKind.of(call.text("identifier")!!), call.text("value")!!) },
        "read_data" to { t, call ->
            t.parties.read(
                call.text("party")!!, call.texts("fields"), call.texts("transfers"), call.texts("accounts"), call.text("why")!!, context(call),
            )
        },
        "export_party" to { t, call -> t.parties.export(call.text("party")!!, call.text("why")!!, context(call)) },
    )

    // How each operation is called in Kotlin: one that is missing here fails.
    private val surface: Map<String, suspend (Thalium, JsonObject) -> Any?> = questions + mapOf(
        "submit" to { t, call -> t.submit(call.getValue("commands").jsonArray.map { typed.command(it.jsonObject) }, context(call)) },
        "sync" to { t, call ->
            val told = t.sync(
                call.text("customer")!!, call.texts("accounts"), call.getValue("request").toString(), call.texts("payees"), context(call),
                (call["cases"] as? JsonObject)?.let(::customerCases),
            )
            Json.parseToJsonElement(told)
        },
        "trial_balance" to { t, call -> t.trialBalance(call.text("at")) },
        "list_grants" to { t, _ -> t.parties.grants() },
        "make_tokens" to { t, call ->
            t.parties.tokens(IdentifierKind.of(call.text("identifier")!!), call.texts("values"), call.text("purpose")!!)
        },
        "mask_digits" to { t, call -> t.parties.mask(call.texts("values"), call.text("purpose")!!) },
        "access_log" to { t, call -> t.parties.accessLog(call.text("party"), call.number("after"), call.limit(), call.text("actor")) },
        "define_rollup" to { t, call ->
            val keep = call["keep"]?.takeIf { it !is JsonNull }?.jsonObject?.mapValues { (_, value) -> value.jsonPrimitive.content }
            t.rollups.define(
                DefineRollup(
                    call.text("name")!!, call.text("of"), call["levels"]?.takeIf { it !is JsonNull }?.let { call.texts("levels") },
                    call.text("zone"), call.text("delay"), call.text("late")?.let(LateView::of), call.text("horizon"), keep.orEmpty(),
                    call.number("price_scale")?.toInt(), call.number("quantity_scale")?.toInt(), call.text("origin"), call.text("offset"),
                ),
            )
        },
        "drop_rollup" to { t, call -> t.rollups.drop(call.text("name")!!).let { null } },
        "list_rollups" to { t, _ -> t.rollups.list() },
        "ingest_trades" to { t, call ->
            val bad = call.text("bad_rows")?.let(BadRows::of) ?: BadRows.REFUSE
            val trades = typed.trades(call.getValue("trades").jsonArray)
            if (trades == null) Json.parseToJsonElement(t.ask(call))
            else t.rollups.ingest(call.text("rollup")!!, trades, bad, instant(call, "now"))
        },
        "correct_trade" to { t, call ->
            val trades = typed.trades(listOf(call.getValue("trade")))
            t.rollups.correct(call.text("rollup")!!, trades!!.single(), instant(call, "now"))
        },
        "remove_trade" to { t, call ->
            t.rollups.remove(call.text("rollup")!!, call.text("symbol")!!, instant(call, "at")!!, call.text("id")!!)
        },
        "advance_rollup" to { t, call -> t.rollups.advance(call.text("rollup")!!, instant(call, "now")).let { null } },
        "klines" to { t, call ->
            t.klines(
                call.text("symbol").orEmpty(), call.text("width")!!, instant(call, "from"), instant(call, "to"), call.text("rollup")!!, call.limit(),
                call.text("fill") == "true",
            )
        },
        "list_symbols" to { t, call -> t.rollups.symbolsPage(call.text("rollup")!!, call.text("after"), call.limit()) },
        "rollup_changes" to { t, call ->
            // A number that no Long holds is sent as it stands.
            if (call.text("after")?.toLongOrNull() == null && call.text("after") != null) Json.parseToJsonElement(t.ask(call))
            else t.rollups.changes(call.text("rollup")!!, call.number("after"), call.limit())
        },
        "load_policy" to { t, call ->
            t.loadPolicy(bundle(call), call.text("name") ?: "policy", call.text("shadow") == "true", instant(call, "now"))
        },
        "roll_back_policy" to { t, call -> call.text("name")?.let { t.rollBackPolicy(it) } ?: t.rollBackPolicy() },
        "drop_policy" to { t, call -> t.dropPolicy(call.text("name") ?: "policy", call.text("shadow") == "true").let { null } },
        "list_policies" to { t, _ -> t.listPolicies() },
        "decide_on_record" to { t, call ->
            t.decide(
                call.text("path")!!, call["input"], call.text("policy") ?: "policy", call.text("subject"), call.text("retention"),
                call.text("concerns"), call.text("actor"), call.text("request_id"), call.text("decision_id"), instant(call, "now"),
                call.text("strict") == "true",
            )
        },
        "list_decisions" to { t, call ->
            val query = DecisionQuery(
                call.text("decision_id"), call.text("path"), call.text("policy"), call.text("outcome")?.let(VerdictOutcome::of),
                call.text("subject"), call.text("concerns"), call.text("from"), call.text("until"),
            )
            val masks = call["masks"]?.takeIf { it !is JsonNull }?.jsonArray.orEmpty().map(::mask)
            t.listDecisions(query, call.number("after"), call.limit(), opening(call), masks)
        },
        "replay_decisions" to { t, call ->
            t.replayDecisions(bundle(call), call.text("path"), call.text("policy"), call.text("from"), call.text("until"), call.limit())
        },
        "define_cases" to { t, call ->
            val dialect = ChartDialect.entries.first { it.wire == (call.text("dialect") ?: "strict") }
            t.cases.define(call.text("kind")!!, call.texts("charts"), null, dialect, call.text("actor"), instant(call, "now"))
        },
        "list_kinds" to { t, _ -> t.cases.kinds() },
        "set_staff" to { t, call ->
            t.cases.setStaff(call.text("person")!!, call.texts("roles"), call.text("away") == "true", call.text("actor"), instant(call, "now"))
        },
        "list_staff" to { t, _ -> t.cases.staff() },
        "change_case" to { t, call ->
            val change = call.getValue("change").jsonObject
            changes.getValue(change.text("do")!!)(t.cases, call.text("case")!!, change, call["data"], by(call))
        },
        "advance_cases" to { t, call -> t.cases.advanceAll(call.limit(), call.text("actor"), instant(call, "now")) },
        "get_case" to { t, call -> t.cases.get(call.text("case")!!, opening(call)) },
        "list_cases" to { t, call ->
            val query = CaseQuery(
                call.text("queue"), call.text("assignee"), call.text("unassigned") == "true", call.text("kind"), call.text("party"),
                call.text("parent"), call.text("status")?.let(CaseStatus::of), call.text("overdue") == "true", call.text("snoozed") == "true",
            )
            t.cases.page(query, call.text("after"), call.limit(), instant(call, "now"))
        },
        "list_queues" to { t, call -> t.cases.queues(instant(call, "now")) },
        "case_log" to { t, call -> t.cases.logPage(call.text("case"), call.number("after"), call.limit(), opening(call)) },
        "case_report" to { t, call -> t.cases.report(instant(call, "now")) },
        "replay_cases" to { t, _ -> t.cases.replay() },
        "draw_case" to { t, call ->
            val format = DrawFormat.entries.first { it.wire == (call.text("format") ?: "svg") }
            JsonObject(mapOf("text" to JsonPrimitive(t.cases.draw(call.text("case")!!, format))))
        },
        "rehearse_migration" to { t, call ->
            t.cases.rehearseMigration(call.text("kind")!!, call.text("map")!!, call.text("actor"), instant(call, "now"))
        },
        "read_mrz" to { _, call -> Kyc.readMrz(call.text("text")!!, call.text("today")?.let(LocalDate::parse)) },
        "read_callback" to { _, call ->
            val headers = call.getValue("headers").jsonArray.map { it.jsonObject }.groupBy({ it.text("name")!! }, { it.text("value")!! })
            val keys = call["keys"]?.jsonArray.orEmpty().map { it.jsonObject }.map { key ->
                CallbackKey(key.text("id")!!, key.text("secret")!!, key.text("client"), instant(key, "not_before"), instant(key, "not_after"))
            }
            Kyc.readCallback(
                CallbackProvider.of(call.text("provider")!!), headers, call.text("body")!!.toByteArray(), keys, call.number("tolerance")?.toInt(),
                call.text("from"), call.texts("allowed"), instant(call, "now"),
            )
        },
        "score_risk" to { _, call ->
            Kyc.scoreRisk(call.text("model")!!, call["facts"], call["overrides"]?.jsonArray.orEmpty().toList(), instant(call, "now"))
        },
        "import_ballerine" to { _, call -> Kyc.importBallerine(call.text("text")!!, call.text("strict") == "true") },
        "import_rules" to { _, call -> Kyc.importRules(call.text("text")!!) },
        "lint_cases" to { _, call ->
            val dialect = ChartDialect.entries.first { it.wire == (call.text("dialect") ?: "strict") }
            Kyc.lintCases(call.text("kind")!!, call.texts("charts"), null, dialect)
        },
        "root" to { t, _ -> t.root() },
        "check" to { t, _ -> t.check() },
        "stats" to { t, _ -> t.stats() },
    )

    // How each change of a case is made in Kotlin: one that is missing here fails.
    private val changes: Map<String, suspend (Cases, String, JsonObject, JsonElement?, By) -> Case.Outcome> = mapOf(
        "open" to { t, case, it, data, by -> t.open(case, it.text("kind")!!, data, it.text("party"), it.text("retention"), it.text("parent"), by) },
        "send" to { t, case, it, data, by -> t.send(case, it.text("event")!!, data, it.text("session"), it.text("invoke_id"), by) },
        "advance" to { t, case, _, _, by -> t.advance(case, by) },
        "assign" to { t, case, it, _, by -> t.assign(case, it.text("to")!!, by) },
        "claim" to { t, case, _, _, by -> t.claim(case, by) },
        "release" to { t, case, _, _, by -> t.release(case, by) },
        "note" to { t, case, it, _, by -> t.note(case, it.text("text")!!, by) },
        "snooze" to { t, case, it, _, by -> t.snooze(case, instant(it, "until")!!, it.text("why")!!, by, it.text("pause") == "true") },
        "wake" to { t, case, _, _, by -> t.wake(case, by) },
        "request_document" to { t, case, it, _, by -> t.requestDocument(case, it.text("document")!!, it.text("why"), by) },
        "submit_document" to { t, case, it, data, by ->
            t.submitDocument(case, it.text("document")!!, it.text("hash")!!, it.text("file"), instant(it, "valid_until"), data, by)
        },
        "decide_document" to { t, case, it, data, by ->
            val finding = DocumentFinding.entries.first { one -> one.wire == it.text("finding") }
            t.decideDocument(case, it.text("document")!!, finding, it.text("seen")!!, it.texts("reasons"), instant(it, "valid_until"), data, by)
        },
        "attach" to { t, case, it, _, by -> t.attach(case, it.text("name")!!, it.text("hash")!!, it.text("file"), by) },
        "decide" to { t, case, it, data, by ->
            t.decide(case, it.text("decision")!!, it.text("seen")!!, it.texts("reasons"), it.text("comment"), data, by)
        },
        "return" to { t, case, it, _, by -> t.returnDecision(case, it.text("why")!!, by) },
        "override" to { t, case, it, data, by -> t.override(case, it.text("why")!!, instant(it, "until")!!, data, by) },
        "escalate" to { t, case, it, _, by -> t.escalate(case, it.text("queue")!!, it.text("why")!!, by) },
        "reopen" to { t, case, it, _, by -> t.reopen(case, it.text("why")!!, by) },
        "cancel" to { t, case, it, _, by -> t.cancel(case, it.text("why")!!, by) },
        "migrate" to { t, case, it, _, by -> t.migrate(case, it.text("map")!!, by) },
        "callback" to { t, case, it, data, by -> t.callback(case, data, it.text("body"), by) },
    )

    private fun by(call: JsonObject) = By(call.text("actor"), call.text("request_id"), instant(call, "now"))

    private fun opening(call: JsonObject): OpenSealed? =
        call["open"]?.takeIf { it !is JsonNull }?.jsonObject?.let { OpenSealed(it.text("why")!!, context(it)) }

    private fun instant(call: JsonObject, name: String) = call.text(name)?.let(Typed::instant)

    private fun bundle(call: JsonObject): PolicyBundle = PolicyVectors.bundle(call.getValue("bundle").jsonObject)!!

    // A pointer alone is left out.
    private fun mask(told: JsonElement): DecisionMask {
        if (told is JsonPrimitive) return DecisionMask.remove(told.content)
        val (path, value) = told.jsonObject.text("path")!! to told.jsonObject["value"]
        return if (told.jsonObject.text("op") == "upsert") DecisionMask.upsert(path, value) else DecisionMask.remove(path)
    }

    private fun context(call: JsonObject) = Context(
        instant(call, "now"), call.text("actor"), call.text("role"), call.text("request_id"), call.text("origin"),
    )

    /** How much of the vectors was typed. */
    private var typed = Typed()
    private var commands = 0
    private var asTyped = 0

    private fun differences(vector: JsonObject): List<String> = runBlocking {
        typed = Typed()
        val found = mutableListOf<String>()
        fun differ(what: String, expected: JsonElement?, told: Any?) {
            val (a, b) = Plain.of(expected ?: JsonNull) to Plain.of(told)
            if (a != b) found += "$what:\n  expected $a\n  found    $b"
        }
        val options = OpenOptions(tenant = vector.text("tenant"), origin = "", insecureSeed = vector.text("seed"))
        Thalium.open("memory:", options).use { t ->
            Device.open("memory:") { error("not reached") }.use { device ->
                var last: JsonElement = JsonNull
                for ((number, one) in vector.getValue("steps").jsonArray.withIndex()) {
                    val step = one.jsonObject
                    val call = JsonObject(
                        step.getValue("call").jsonObject.mapValues { (name, value) ->
                            if (name in setOf("request", "reply") && value == LAST) last else value
                        },
                    )
                    val op = call["op"]?.let { (it as? JsonPrimitive)?.contentOrNull }
                    val answer: suspend () -> Any? = {
                        when {
                            op in ofDevice -> Json.parseToJsonElement(device.ask(call))
                            "failure" in step -> Json.parseToJsonElement(t.ask(call))
                            call.text("viewer") != null -> questions.getValue(op!!)(t.seenBy(call.text("viewer")!!), call)
                            else -> surface.getValue(op!!)(t, call)
                        }
                    }
                    try {
                        val told = answer()
                        differ("step $number", step["answer"], told)
                        if (told is JsonElement) last = (told as? JsonObject)?.get("request") ?: told
                    } catch (error: ThaliumException) {
                        val told = listOf("code" to error.code, "field" to error.field).filter { it.second != null }
                        differ("step $number", step["failure"], JsonObject(told.associate { (name, text) -> name to JsonPrimitive(text) }))
                    }
                }
                val end = JsonObject(Plain.of(t.root()).jsonObject + Plain.of(t.check()).jsonObject)
                differ("end", vector["end"], end)
                commands += typed.commands
                asTyped += typed.typed
            }
        }
        found
    }

    private fun read(file: File): JsonObject = Json.parseToJsonElement(file.readText()).jsonObject

    @TestFactory
    fun `Kotlin answers as the vectors say`(): List<DynamicTest> = files.map { file ->
        DynamicTest.dynamicTest(file.name) { assertEquals(emptyList(), differences(read(file))) }
    } + policies.map { file ->
        DynamicTest.dynamicTest("policy/${file.name}") { assertEquals(emptyList(), PolicyVectors.differences(read(file))) }
    } + charts.map { file ->
        DynamicTest.dynamicTest("charts/${file.name}") { assertEquals(emptyList(), ChartVectors.differences(read(file))) }
    } + DynamicTest.dynamicTest("most commands and trades were typed") { assertTrue(asTyped * 20 > commands * 17, "$asTyped of $commands") }

    @Test
    fun `there are vectors, and every operation is there`() {
        assertTrue(files.size > 20 && folders.all { filesIn(it).isNotEmpty() })
        val handles = PolicyVectors.surface.keys + ChartVectors.surface.keys
        assertEquals(Thalium.operations().keys, surface.keys + ofTheMachine + ofFiles + ofDevice + notInThisBuild + handles)
        assertEquals(PolicyVectors.surface.keys, Thalium.operations().filterValues { it == "policy" }.keys)
        assertEquals(ChartVectors.surface.keys, Thalium.operations().filterValues { it == "chart" }.keys)
        assertTrue(policies.sumOf { PolicyVectors.steps(read(it)) } > 30)
        assertTrue(charts.sumOf { ChartVectors.steps(read(it)) } > 50)
        runBlocking {
            Thalium.open("memory:").use { t ->
                val calls = listOf(
                    request("export_table", "table" to "accounts", "file" to "a.csv"), request("import_tables", "accounts" to "a.csv"),
                    request("import_blnk", "from" to "."),
                )
                for (call in calls) assertEquals("unsupported", assertFailsWith<ThaliumException> { t.ask(call) }.code)
                // The library names every change of a case, and each has its method.
                val change = JsonObject(mapOf("do" to JsonPrimitive("?")))
                val told = assertFailsWith<InvalidException> { t.ask(request("change_case", "case" to "c", "change" to change)) }.message!!
                val names = Regex("`([a-z_]+)`").findAll(told.substringAfter("expected")).map { it.groupValues[1] }.toSet()
                assertEquals(changes.keys, names, told)
            }
        }
    }

    @Test
    fun `a changed value is noticed`() {
        for (file in listOf(files.first()) + folders.drop(1).map { filesIn(it).last() }) {
            val vector = read(file)
            val steps = vector.getValue("steps").jsonArray
            val places = steps.indices.flatMap { step ->
                val part = if ("answer" in steps[step].jsonObject) "answer" else "failure"
                leaves(steps[step].jsonObject.getValue(part)).map { listOf("steps", step, part) + it }
            } + listOf("events", "root", "state_hash").map { listOf("end", it) }
            assertTrue(places.size > 10)
            val every = maxOf(1, places.size / 60)
            for (place in places.filterIndexed { index, _ -> index % every == 0 || index >= places.size - 3 }) {
                assertNotEquals(emptyList(), differences(changed(vector, place).jsonObject), "${file.name} $place")
            }
        }
    }

    @Test
    fun `a changed value of a policy's is noticed`() {
        for (vector in policies.map(::read).filter { "steps" in it }) {
            val places = vector.getValue("steps").jsonArray.flatMapIndexed { number, step ->
                val part = if ("answer" in step.jsonObject) "answer" else "failure"
                leaves(step.jsonObject.getValue(part)).map { listOf("steps", number, part) + it }
            }
            assertTrue(places.size > 100)
            for (place in places.filterIndexed { index, _ -> index % 3 == 0 }) {
                assertNotEquals(emptyList(), PolicyVectors.differences(changed(vector, place).jsonObject), "$place")
            }
            // Else they would say little of the methods.
            val steps = PolicyVectors.steps(vector)
            assertTrue(PolicyVectors.asTheyStand * 5 < steps, "${PolicyVectors.asTheyStand} of $steps steps were sent as they stand")
        }
    }

    @Test
    fun `a changed value of a chart's is noticed`() {
        for (vector in charts.map(::read).filter { it["steps"] is JsonArray }) {
            val places = vector.getValue("steps").jsonArray.flatMapIndexed { number, step ->
                val part = if ("answer" in step.jsonObject) "answer" else "failure"
                leaves(step.jsonObject.getValue(part)).map { listOf("steps", number, part) + it }
            }
            assertTrue(places.size > 20)
            for (place in places.filterIndexed { index, _ -> index % 3 == 0 }) {
                assertNotEquals(emptyList(), ChartVectors.differences(changed(vector, place).jsonObject), "$place")
            }
            val steps = ChartVectors.steps(vector)
            assertTrue(ChartVectors.asTheyStand * 5 < steps, "${ChartVectors.asTheyStand} of $steps steps were sent as they stand")
        }
    }

    private fun leaves(value: JsonElement): List<List<Any>> = when (value) {
        is JsonObject -> value.filterKeys { it !in Plain.WORDED }.flatMap { (name, item) -> leaves(item).map { listOf(name) + it } }
        is JsonArray -> value.flatMapIndexed { index, item -> leaves(item).map { listOf<Any>(index) + it } }
        is JsonNull -> emptyList()
        is JsonPrimitive -> if (value.content.isEmpty()) emptyList() else listOf(emptyList())
    }

    private fun changed(value: JsonElement, place: List<Any>): JsonElement {
        val at = place.firstOrNull() ?: return JsonPrimitive("something else")
        val rest = place.drop(1)
        return when (value) {
            is JsonObject -> JsonObject(value.mapValues { (name, item) -> if (name == at) changed(item, rest) else item })
            is JsonArray -> JsonArray(value.mapIndexed { index, item -> if (index == at) changed(item, rest) else item })
            else -> value
        }
    }

    private companion object {
        /** Stands for what the step before answered: its request, or all of it. */
        val LAST = JsonPrimitive("\$last")
    }
}

/** What the vectors say, as it would be typed. Money in Kotlin says of which asset it is: that of the account, where a vector leaves it out. */
internal class Typed {
    private val assets = mutableMapOf<String, String>()
    var commands = 0
    var typed = 0

    /** A command through the factory of its kind; as it stands where it says something that cannot be typed. */
    fun command(json: JsonObject): Command {
        commands += 1
        val told = runCatching { of(completed(json)) }.getOrNull()
        if (told == null || Plain.of(told) != Plain.of(Command(completed(json)))) return Command(json)
        typed += 1
        return told
    }

    /** Trades as they are given; nothing where one of them says something that cannot be typed. */
    fun trades(rows: List<JsonElement>): List<TradeRow>? {
        commands += rows.size
        val told = rows.map { row -> runCatching { trade(row.jsonObject) }.getOrNull() ?: return null }
        typed += rows.size
        return told
    }

    private fun trade(row: JsonObject): TradeRow {
        fun text(name: String) = row[name]?.takeIf { it !is JsonNull }?.jsonPrimitive?.also { require(it.isString) }?.content
        return TradeRow(text("symbol")!!, instant(text("at")!!), text("price")!!, text("quantity")!!, text("id"), text("taker"))
    }

    private fun completed(json: JsonObject): JsonObject {
        fun text(name: String) = (json[name] as? JsonPrimitive)?.contentOrNull
        val names = listOf("from", "account", "hold", "pending", "to").mapNotNull(::text)
        val asset = text("asset") ?: names.firstNotNullOfOrNull(assets::get)
        if (asset != null) listOfNotNull(text("key"), text("id")).forEach { assets.putIfAbsent(it, asset) }
        val legs = (json["legs"] as? JsonArray)?.let { legs -> JsonArray(legs.map { (it as? JsonObject)?.let(::completed) ?: it }) }
        val amount = (json["amount"] as? JsonPrimitive)?.takeIf { it.isString && NUMBER.matches(it.content) && asset != null }
        val others = listOfNotNull(legs?.let { "legs" to it }, amount?.let { "amount" to JsonPrimitive("${it.content} $asset") })
        return JsonObject(DEFAULTS[text("op") ?: ""].orEmpty() + json + others)
    }

    private fun of(json: JsonObject): Command {
        fun text(name: String) = (json[name] as? JsonPrimitive)?.contentOrNull
        fun money(name: String) = text(name)?.let(Money::parse)
        val map = json["metadata"]?.jsonObject?.mapValues { (_, value) -> value.jsonPrimitive.content } ?: emptyMap()
        val extra = Extra(
            text("description") ?: "", map, text("effective_date")?.let(LocalDate::parse), json["code"]?.jsonPrimitive?.int,
            text("user_data_128"), text("user_data_64")?.toULong() ?: 0u, text("user_data_32")?.toUInt() ?: 0u, text("linked") == "true",
            text("subject"), text("basis")?.let(Basis::of), text("years")?.toInt(), text("retention"),
            json["public"]?.jsonArray?.map { it.jsonPrimitive.content } ?: emptyList(),
        )
        val (key, id) = (text("key") ?: "") to text("id")
        val flags = json["flags"]?.jsonArray?.map { it.jsonPrimitive.content } ?: emptyList()
        val timeout = text("timeout")?.toUInt() ?: 0u
        fun texts(name: String) = json[name]?.jsonArray?.map { it.jsonPrimitive.content }?.toSet() ?: emptySet()
        fun date(name: String) = text(name)?.let(LocalDate::parse)
        return when (text("op")) {
            "asset" -> {
                val fiat = (json["kind"] as? JsonObject)?.get("fiat")?.jsonObject?.get("number")?.jsonPrimitive?.int
                val kind = if (fiat == null) text("kind") ?: "crypto" else ""
                Command.asset(text("code")!!, text("scale")!!.toInt(), kind, text("ledger")?.toUInt(), fiat)
            }
            "account" -> Command.account(
                key, text("asset")!!, text("kind")?.let(AccountKind::of), text("parent"), text("name") ?: "", extra.code,
                text("overdraft") == "true", flags.map(Flag::of).toSet(), map, id, text("timestamp")?.let(::instant), extra.userData128,
                extra.userData64, extra.userData32, extra.subject, extra.basis, extra.years, extra.retention, extra.public,
            )
            "post" -> Command.post(key, text("from")!!, text("to")!!, money("amount")!!, extra, id)
            "hold" -> Command.hold(key, text("from")!!, money("amount")!!, text("to"), timeout, extra, id)
            "capture" -> Command.capture(key, text("hold")!!, money("amount"), text("to"), extra, id)
            "release" -> Command.release(key, text("hold")!!, extra, id)
            "transaction" -> {
                val legs = json.getValue("legs").jsonArray.map { it.jsonObject }.map { leg ->
                    fun of(name: String) = leg.getValue(name).jsonPrimitive.content
                    Leg(of("account"), Side.of(of("side")), Money.parse(of("amount")))
                }
                Command.transaction(key, legs, extra, id)
            }
            "transfer" -> Command.transfer(
                key, text("from"), text("to"), text("amount")?.takeIf { it != "max" }?.let(Money::parse), text("pending"), timeout, flags.map(TransferFlag::of).toSet(),
                text("timestamp")?.let(::instant), extra, id, max = text("amount") == "max",
            )
            "register_party" -> Command.registerParty(key, PartyKind.of(text("kind")!!), text("broker"), id)
            "amend_party" -> Command.amendParty(
                text("party")!!, text("kyc_level")?.toInt(), text("risk")?.let(RiskLevel::of), texts("set"), texts("clear"), date("ended"),
                text("resumed") == "true",
            )
            "relate_parties" -> Command.relateParties(
                text("from")!!, text("to")!!, RelationRole.of(text("role")!!), date("since"), date("until"), text("share"),
            )
            "assign_account" ->
                Command.assignAccount(text("party")!!, text("account")!!, AccountRole.of(text("role")!!), date("since"), date("until"))
            "seal_data" ->
                Command.sealData(text("party")!!, json.getValue("fields").jsonObject.mapValues { (_, field) -> personal(field.jsonObject) })
            "merge_parties" -> Command.mergeParties(text("party")!!, text("into")!!)
            "split_party" -> Command.splitParty(text("party")!!)
            "place_hold" -> Command.placeHold(text("party")!!, text("name")!!, date("until"), text("reason") ?: "")
            "lift_hold" -> Command.liftHold(text("party")!!, text("name")!!)
            "forget_party" -> Command.forgetParty(text("party")!!, ForgetScope.of(text("scope")!!))
            "grant_access" -> Command.grantAccess(text("actor")!!, text("party"), text("until")!!)
            "revoke_access" -> Command.revokeAccess(text("actor")!!)
            "define_retention" -> Command.defineRetention(text("name")!!, text("years")!!.toInt(), text("law") ?: "")
            else -> error("no such command")
        }
    }

    private fun personal(field: JsonObject): PersonalField {
        fun text(name: String) = (field[name] as? JsonPrimitive)?.contentOrNull
        return PersonalField(
            text("value")!!, text("purpose")!!, text("basis")?.let(Basis::of), text("years")?.toInt(), text("retention"),
            text("identifier")?.let(IdentifierKind::of),
        )
    }

    companion object {
        private val NUMBER = Regex("-?[0-9]+(\\.[0-9]+)?")

        // What a command of parties says where it is silent.
        private val DEFAULTS = mapOf(
            "register_party" to mapOf("kind" to JsonPrimitive("person")),
            "assign_account" to mapOf("role" to JsonPrimitive("owner")),
            "forget_party" to mapOf("scope" to JsonPrimitive("all")),
        )

        fun instant(text: String): Instant {
            val nanos = text.toLongOrNull() ?: return Instant.parse(text)
            return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L))
        }
    }
}

/** Answers as the vectors have them: without what is worded and what says nothing; money and instants as text. */
internal object Plain {
    val WORDED = setOf("reason", "message")
    private val WITH_ASSET = setOf("amount", "have", "need")
    private val INSTANT = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC)

    fun of(value: Any?, name: String = ""): JsonElement = when (value) {
        null, JsonNull -> JsonNull
        is JsonObject -> kept(value, name)
        is JsonArray -> JsonArray(value.map { of(it, name) })
        is JsonPrimitive -> if (name == "until") instant(value) else value
        is Money -> JsonPrimitive(if (name in WITH_ASSET) value.toString() else value.amount.toPlainString())
        is BigDecimal -> JsonPrimitive(value.toPlainString())
        is Instant -> JsonPrimitive(INSTANT.format(value))
        is UUID, is LocalDate -> JsonPrimitive(value.toString())
        is Enum<*> -> JsonPrimitive(value.javaClass.getMethod("getWire").invoke(value) as String)
        is Command -> kept(value.json, name)
        is String -> JsonPrimitive(value)
        is Boolean -> JsonPrimitive(value)
        is Number -> JsonPrimitive(value)
        is Map<*, *> -> kept(value.mapKeys { it.key.toString() }, "metadata")
        is List<*> -> JsonArray(value.map { of(it, name) })
        else -> {
            val fields = value.javaClass.declaredFields.filter { !Modifier.isStatic(it.modifiers) }
            kept(fields.associate { field -> field.isAccessible = true; named(value, field.name) to textOf(field.get(value)) }, name)
        }
    }

    // One instant is written in more than one way.
    private fun instant(value: JsonPrimitive): JsonElement = runCatching { of(Instant.parse(value.content)) }.getOrDefault(value)

    private fun kept(fields: Map<String, Any?>, name: String): JsonObject = JsonObject(
        fields.filterKeys { it !in WORDED || name == "metadata" }.mapValues { (field, value) -> of(value, field) }.filterValues {
            it != JsonNull && it != JsonPrimitive("") && it != JsonObject(emptyMap())
        },
    )

    // Data is told as the text of JSON.
    private fun textOf(value: Any?): Any? = if (value is JsonElement) JsonPrimitive(value.toString()) else value

    private fun named(value: Any, field: String): String = when {
        value is Case.Entry && field == "what" -> "do"
        value is ScoredRisk && field == "details" -> "text"
        else -> snake(field)
    }

    private fun snake(name: String) = name.replace(Regex("[A-Z]")) { "_" + it.value.lowercase() }.replace(Regex("data(\\d+)$"), "data_$1")
}
