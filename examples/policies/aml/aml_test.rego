package aml_test

import data.aml

# 2026-01-01T00:00:00Z
now_ns := 1767225600000000000

# 1,000 rand that nobody need look at.
plain := {
	"jurisdiction": "ZA",
	"party": {
		"country": "ZA",
		"opened_at": "2024-03-01T08:00:00Z",
		"pep": false,
		"flags": [],
		"sanctions": "clear",
		"kyc": {"level": "L3", "status": "approved"},
	},
	"transaction": {
		"type": "withdrawal",
		"value": "1000.00",
		"currency": "ZAR",
		"counterparty": {"country": "ZA", "sanctions": "clear"},
	},
	"history": {
		"usual_day": "50000",
		"windows": {
			"3600": {"in": "0", "out": "0"},
			"86400": {"count": 0, "sum": "0", "deposit": "0", "withdrawal": "0", "trade": "0", "values": []},
		},
	},
}

# The plain transaction with something changed.
but(changes) := object.union(plain, changes)

of_value(value) := {"transaction": {"value": value}}

decided(transaction) := verdict if {
	verdict := aml.verdict with input as transaction with time.now_ns as now_ns
}

decided_by(transaction, thresholds) := verdict if {
	verdict := aml.verdict with input as transaction
		with time.now_ns as now_ns
		with data.aml.thresholds.ZA as [thresholds]
}

# The codes of a verdict's reasons, without what the customer is told of it.
codes_of(verdict) := [reason.code |
	some reason in verdict.reasons
	not reason.code in {12901, 12902}
]

codes(transaction) := codes_of(decided(transaction))

reason_of(transaction, code) := found if {
	some found in decided(transaction).reasons
	found.code == code
}

test_nothing_found_allows if {
	decided(plain) == {"outcome": "allow", "reasons": [], "obligations": []}
}

test_without_input_nothing_is_allowed if {
	verdict := aml.verdict with time.now_ns as now_ns
	verdict.outcome == "deny"
	codes_of(verdict) == [12001, 12002, 12004]
	decided({}).outcome == "deny"
	decided(null).outcome == "deny"
}

test_each_missing_fact_denies_by_its_name if {
	paths := [
		"jurisdiction", "party/country", "party/opened_at", "party/pep", "party/flags", "party/sanctions",
		"party/kyc/level", "party/kyc/status", "transaction/type", "transaction/value", "transaction/currency",
		"transaction/counterparty/country", "transaction/counterparty/sanctions", "history/usual_day",
		"history/windows/3600/in", "history/windows/3600/out", "history/windows/86400/count",
		"history/windows/86400/sum", "history/windows/86400/withdrawal", "history/windows/86400/values",
	]
	every path in paths {
		changed := json.remove(plain, [path])
		decided(changed).outcome == "deny"
		named := sprintf("the fact `%s` is missing or cannot be read", [replace(path, "/", ".")])
		some found in decided(changed).reasons
		found.code == 12001
		found.message == named
	}
}

test_a_fact_that_cannot_be_read_denies if {
	wrong := [
		{"party": {"country": "South Africa"}},
		{"party": {"opened_at": "2026-01-02T00:00:00Z"}},
		{"party": {"pep": "no"}},
		{"party": {"flags": "none"}},
		{"party": {"sanctions": "unknown"}},
		{"party": {"kyc": {"status": "fine"}}},
		of_value(1000),
		of_value("-1000"),
		of_value("0"),
		{"transaction": {"counterparty": {"sanctions": "pending"}}},
		{"transaction": {"counterparty": {"country": ""}}},
		{"history": {"usual_day": 50000}},
		{"history": {"windows": {"86400": {"values": ["1", 2]}}}},
		{"history": {"windows": {"86400": {"count": "0"}}}},
	]
	every changes in wrong {
		12001 in codes(but(changes))
		decided(but(changes)).outcome == "deny"
	}
}

test_a_trade_has_no_counterparty if {
	trade := json.remove(but({"transaction": {"type": "trade"}}), ["transaction/counterparty"])
	codes(trade) == []
	every type in ["deposit", "investment", "withdrawal", "transfer"] {
		codes(object.union(trade, {"transaction": {"type": type}})) == [12001, 12001]
	}
	hostile := {"transaction": {"type": "trade", "counterparty": {"country": "KP", "sanctions": "match"}}}
	codes(but(hostile)) == []
}

test_a_jurisdiction_without_thresholds_denies if {
	12002 in codes(but({"jurisdiction": "XX"}))
	decided(but({"jurisdiction": "XX"})).outcome == "deny"
	before := aml.verdict with input as plain with time.now_ns as 1735689599000000000
	12002 in codes_of(before)
	reason_of(but({"jurisdiction": "XX"}), 12002).message == "thresholds are missing or cannot be read: all"
}

test_thresholds_that_cannot_be_read_deny if {
	paths := [
		"currency", "sanctioned_countries", "high_risk_countries", "large_transaction/at_least",
		"structuring/at_least", "structuring/below", "structuring/more_than", "structuring/window_seconds",
		"rapid_movement/at_least", "rapid_movement/window_seconds", "pep/above", "pep/approvals",
		"new_account/days", "new_account/above", "volume_spike/times", "volume_spike/at_least",
		"volume_spike/window_seconds", "hold_seconds", "freeze_seconds", "kyc/window_seconds",
		"kyc/levels/L0/deposit", "kyc/levels/L1/trade", "kyc/levels/L2/withdrawal", "kyc/levels/L3/transactions",
	]
	every path in paths {
		whole := data.aml.thresholds.ZA[0]
		broken := json.patch(whole, [{"op": "replace", "path": sprintf("/%s", [path]), "value": "1"}])
		every thresholds in [json.remove(whole, [path]), broken] {
			path_named_or_text(decided_by(plain, thresholds), path)
		}
	}
}

# Currencies are texts, so that another text only does not fit the value's.
path_named_or_text(verdict, path) if {
	verdict.outcome == "deny"
	some found in verdict.reasons
	found.code == 12002
	contains(found.message, replace(path, "/", "."))
}

path_named_or_text(verdict, "currency") if codes_of(verdict) == [12003]

test_another_currency_denies if {
	codes(but({"transaction": {"currency": "USD"}})) == [12003]
}

test_another_jurisdiction_has_its_own_thresholds if {
	dollars := {"jurisdiction": "US", "transaction": {"value": "9999.99", "currency": "USD"}}
	codes(but(dollars)) == []
	codes(but(object.union(dollars, of_value("10000")))) == [12201]
}

test_an_unknown_type_denies if {
	12004 in codes(but({"transaction": {"type": "gift"}}))
	decided(but({"transaction": {"type": "gift"}})).outcome == "deny"
	every wrong in [{"direction": "up"}, {"limit": "none"}, {"counterparty": "no"}] {
		verdict := aml.verdict with input as plain
			with time.now_ns as now_ns
			with data.aml.transaction_types.withdrawal as object.union(data.aml.transaction_types.withdrawal, wrong)
		12004 in codes_of(verdict)
	}
}

test_a_sanctions_match_freezes if {
	sides := {
		"party": {"party": {"sanctions": "match"}},
		"counterparty": {"transaction": {"counterparty": {"sanctions": "match"}}},
	}
	every side, changes in sides {
		verdict := decided(but(changes))
		verdict.outcome == "deny"
		codes_of(verdict) == [12101]
		reason_of(but(changes), 12101) == {
			"code": 12101,
			"rule": "aml/sanctions_match",
			"audience": "officer",
			"severity": "critical",
			"message": sprintf("the %s is on a sanctions list", [side]),
		}
		{obligation | some obligation in verdict.obligations} == {
			{"type": "freeze", "until": "2026-01-31T00:00:00Z"},
			{"type": "open_case", "queue": "sanctions", "kind": "sanctions_match"},
			{"type": "draft_report", "report": "sanctions"},
			{"type": "notify", "topic": "thaliumx.aml.screening"},
		}
	}
}

test_a_possible_match_is_looked_at if {
	every changes in [{"party": {"sanctions": "possible"}}, {"transaction": {"counterparty": {"sanctions": "possible"}}}] {
		verdict := decided(but(changes))
		verdict.outcome == "review"
		codes_of(verdict) == [12102]
		{obligation | some obligation in verdict.obligations} == {
			{"type": "hold", "seconds": 86400},
			{"type": "open_case", "queue": "sanctions", "kind": "possible_match"},
		}
	}
}

test_countries if {
	of := [["KP", "deny", [12103]], ["MM", "review", [12104]], ["US", "allow", []]]
	every row in of {
		every changes in [{"party": {"country": row[0]}}, {"transaction": {"counterparty": {"country": row[0]}}}] {
			decided(but(changes)).outcome == row[1]
			codes(but(changes)) == row[2]
		}
	}
	both := {"party": {"country": "MM"}, "transaction": {"counterparty": {"country": "KP"}}}
	decided(but(both)).outcome == "deny"
	codes(but(both)) == [12103, 12104]
}

test_any_flag_is_looked_at if {
	codes(but({"party": {"flags": ["suspicious_activity"]}})) == [12105]
	codes(but({"party": {"flags": ["aml_concern", "never_heard_of"]}})) == [12105, 12105]
	decided(but({"party": {"flags": ["document_expired"]}})).outcome == "review"
}

test_a_politically_exposed_person_moves_little if {
	of := [["92500", []], ["92500.01", [12106]]]
	every row in of {
		codes(but(object.union({"party": {"pep": true}}, of_value(row[0])))) == row[1]
	}
	codes(but(of_value("92500.01"))) == []
	{"type": "approvals", "role": "compliance", "count": 1} in decided(but({
		"party": {"pep": true},
		"transaction": {"value": "100000"},
	})).obligations
}

test_a_large_transaction_is_reported_and_goes_on if {
	codes(but(of_value("184999.99"))) == []
	decided(but(of_value("185000"))) == {
		"outcome": "allow",
		"reasons": [{
			"code": 12201,
			"rule": "aml/large_transaction",
			"audience": "officer",
			"severity": "medium",
			"message": "a transaction of 185000 ZAR or more",
		}],
		"obligations": [
			{"type": "draft_report", "report": "large_transaction"},
			{"type": "notify", "topic": "thaliumx.compliance"},
		],
	}
}

after(value, earlier) := but({
	"transaction": {"value": value},
	"history": {"windows": {"86400": {"values": earlier}}},
})

test_structuring if {
	of := [
		["148000", ["148000", "184999.99", "150000"], [12202]],
		["148000", ["150000", "150000", "150000"], [12202]],
		["148000", ["148000", "184999.99"], []],
		["148000", ["147999.99", "185000", "150000", "150000"], []],
		["147999.99", ["150000", "150000", "150000", "150000"], []],
		["185000", ["150000", "150000", "150000", "150000"], [12201]],
	]
	every row in of {
		codes(after(row[0], row[1])) == row[2]
	}
	split := after("150000", ["150000", "150000", "150000"])
	decided(split).outcome == "review"
	reason_of(split, 12202).message == "4 transactions just below 185000 ZAR within 86400 seconds"
	{obligation.type | some obligation in decided(split).obligations} == {"hold", "open_case", "draft_report"}
}

test_in_and_out_again if {
	of := [
		["withdrawal", "92500", "92500", "0", [12203]],
		["withdrawal", "500", "92500", "92000", [12203]],
		["withdrawal", "92499.99", "92500", "0", []],
		["withdrawal", "92500", "92499.99", "0", []],
		["deposit", "92500", "0", "92500", [12203]],
		["deposit", "92500", "0", "92499.99", []],
		["transfer", "92500", "92500", "0", [12203]],
		["trade", "1", "92500", "92500", []],
	]
	every row in of {
		codes(but({
			"transaction": {"type": row[0], "value": row[1]},
			"history": {"windows": {"3600": {"in": row[2], "out": row[3]}}},
		})) == row[4]
	}
}

test_a_new_account_moves_little if {
	of := [
		["2025-12-02T00:00:00Z", "92500.01", [12204]],
		["2025-12-02T00:00:00Z", "92500", []],
		["2025-12-01T23:59:59Z", "92500.01", []],
	]
	every row in of {
		codes(but({"party": {"opened_at": row[0]}, "transaction": {"value": row[1]}})) == row[2]
	}
	decided(but({"party": {"opened_at": "2025-12-31T00:00:00Z"}, "transaction": {"value": "100000"}})).obligations == [{
		"type": "hold",
		"seconds": 86400,
	}]
}

test_far_more_than_usual if {
	of := [
		["20000", "100000", "0", [12205]],
		["20000.01", "100000", "0", []],
		["20000", "100", "99900", [12205]],
		["0", "92500", "0", [12205]],
		["0", "92499.99", "0", []],
	]
	every row in of {
		codes(but({
			"transaction": {"value": row[1]},
			"history": {"usual_day": row[0], "windows": {"86400": {"sum": row[2]}}},
		})) == row[3]
	}
}

test_only_the_verified_transact if {
	every status in ["pending", "in_progress", "rejected", "expired", "suspended", "requires_review"] {
		decided(but({"party": {"kyc": {"status": status}}})).outcome == "deny"
		codes(but({"party": {"kyc": {"status": status}}})) == [12301]
	}
	reason_of(but({"party": {"kyc": {"status": "in_progress"}}}), 12301).message == "your verification is in progress"
}

test_an_unknown_level_denies if {
	codes(but({"party": {"kyc": {"level": "L9"}}})) == [12302]
	decided(but({"party": {"kyc": {"level": "L9"}}})).outcome == "deny"
}

# Deposit, trade, withdrawal and transactions a day; institutions make as many as they like.
levels := {
	"L0": [185000, 0, 18500, 5],
	"L1": [925000, 462500, 92500, 20],
	"L2": [4625000, 1850000, 462500, 50],
	"L3": [18500000, 9250000, 1850000, 100],
	"INSTITUTIONAL": [185000000, 92500000, 18500000, null],
}

at_level(level, type, value, limit, spent) := but({
	"party": {"kyc": {"level": level}},
	"transaction": {"type": type, "value": value},
	"history": {"windows": {"86400": {limit: spent}}},
})

fits(_, _, _, 0) := true

fits(level, type, limit, most) if codes(at_level(level, type, "1", limit, format_int(most - 1, 10))) == []

test_limits_of_levels if {
	of := {
		"deposit": ["deposit", 0],
		"investment": ["deposit", 0],
		"trade": ["trade", 1],
		"withdrawal": ["withdrawal", 2],
		"transfer": ["withdrawal", 2],
	}
	every level, row in levels {
		every type, spot in of {
			most := row[spot[1]]
			fits(level, type, spot[0], most)
			over := at_level(level, type, "0.000000000000000001", spot[0], format_int(most, 10))
			codes(over) == [12303]
		}
	}
}

earlier(level, number) := but({
	"party": {"kyc": {"level": level}},
	"history": {"windows": {"86400": {"count": number}}},
})

test_transactions_a_day if {
	every level, row in object.remove(levels, {"INSTITUTIONAL"}) {
		codes(earlier(level, row[3] - 1)) == []
		codes(earlier(level, row[3])) == [12304]
	}
	codes(earlier("INSTITUTIONAL", 1000000)) == []
}

test_a_customer_never_learns_what_is_looked_into if {
	every changes in [
		{"party": {"sanctions": "match"}},
		{"party": {"sanctions": "possible"}},
		{"party": {"country": "KP"}},
		{"party": {"flags": ["aml_concern"]}},
		{"party": {"pep": true}, "transaction": {"value": "100000"}},
		{"transaction": {"value": "150000"}, "history": {"windows": {"86400": {"values": ["150000", "150000", "150000"]}}}},
	] {
		told := {[found.code, found.message] | some found in decided(but(changes)).reasons; found.audience == "customer"}
		told in {{[12901, "your transaction is being processed"]}, {[12902, "your transaction cannot be carried out"]}}
	}
	{found.code | some found in decided(but({"party": {"flags": ["any"]}})).reasons} == {12105, 12901}
	{found.code | some found in decided(but({"party": {"country": "KP"}})).reasons} == {12103, 12902}
	{found.code | some found in decided(but(of_value("185000"))).reasons} == {12201}
}

hold := {"type": "hold", "seconds": 86400}

case(queue, kind) := {"type": "open_case", "queue": queue, "kind": kind}

test_what_reasons_say_and_ask_for if {
	of := {
		12103: [
			{"party": {"country": "KP"}},
			"the party is in a sanctioned country, KP",
			{case("sanctions", "sanctioned_country"), {"type": "notify", "topic": "thaliumx.compliance"}},
		],
		12104: [
			{"transaction": {"counterparty": {"country": "MM"}}},
			"the counterparty is in a high-risk country, MM",
			{hold, case("aml", "high_risk_country")},
		],
		12105: [
			{"party": {"flags": ["aml_concern"]}},
			"the party is flagged: aml_concern",
			{hold, case("aml", "flagged_party")},
		],
		12106: [
			{"party": {"pep": true}, "transaction": {"value": "100000"}},
			"a politically exposed person moves more than 92500 ZAR",
			{{"type": "approvals", "role": "compliance", "count": 1}, case("aml", "pep")},
		],
		12203: [
			{"transaction": {"value": "92500"}, "history": {"windows": {"3600": {"in": "92500"}}}},
			"92500 ZAR or more came in and went out within 3600 seconds",
			{hold, case("aml", "rapid_movement")},
		],
		12204: [
			{"party": {"opened_at": "2025-12-31T00:00:00Z"}, "transaction": {"value": "100000"}},
			"more than 92500 ZAR on an account of at most 30 days",
			{hold},
		],
		12205: [
			{"history": {"windows": {"86400": {"sum": "250000"}}}},
			"5 times the usual volume or more",
			{hold, case("aml", "volume_spike")},
		],
		12303: [
			{"transaction": {"value": "1850000.01"}, "history": {"usual_day": "1000000"}},
			"your level permits 1850000 ZAR a day (withdrawal)",
			{{"type": "draft_report", "report": "large_transaction"}, {"type": "notify", "topic": "thaliumx.compliance"}},
		],
		12304: [
			{"history": {"windows": {"86400": {"count": 100}}}},
			"your level permits 100 transactions a day",
			set(),
		],
	}
	every code, row in of {
		reason_of(but(row[0]), code).message == row[1]
		{obligation | some obligation in decided(but(row[0])).obligations} == row[2]
	}
}
