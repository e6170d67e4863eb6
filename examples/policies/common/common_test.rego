package common_test

import data.common

day_ns := 86400000000000

# 2026-01-01T00:00:00Z
now_ns := 1767225600000000000

note := {"custom": {
	"outcome": "review",
	"codes": [9001],
	"rule": "sample/rule",
	"audience": "operator",
	"severity": "low",
}}

found(outcome, code, obligations) := object.union(
	common.finding(note, "said", obligations),
	{"outcome": outcome, "reason": {"code": code}},
)

test_a_finding_has_what_its_annotations_say if {
	common.finding(note, "said", [common.step_up("totp")]) == {
		"outcome": "review",
		"reason": {
			"code": 9001,
			"rule": "sample/rule",
			"audience": "operator",
			"severity": "low",
			"message": "said",
		},
		"obligations": [{"type": "step_up", "factor": "totp"}],
	}
}

test_nothing_found_allows if {
	common.verdict(set()) == {"outcome": "allow", "reasons": [], "obligations": []}
}

test_deny_beats_review_and_review_beats_allow if {
	outcomes := [
		[["allow"], "allow"],
		[["allow", "review"], "review"],
		[["allow", "review", "deny"], "deny"],
		[["allow", "deny"], "deny"],
		[["allow", "other"], "deny"],
		[["review", "other"], "deny"],
		[["Allow"], "deny"],
	]
	every row in outcomes {
		common.verdict({found(outcome, 9001, []) | some outcome in row[0]}).outcome == row[1]
	}
}

test_reasons_stand_by_their_codes if {
	verdict := common.verdict({found("review", 9003, []), found("deny", 9001, []), found("allow", 9002, [])})
	[9001, 9002, 9003] == [reason.code | some reason in verdict.reasons]
}

test_of_one_kind_the_largest_obligation_stands if {
	verdict := common.verdict({
		found("review", 9001, [common.hold(60), common.approvals("finance", 1), common.freeze(0, 60)]),
		found("review", 9002, [common.hold(3600), common.approvals("finance", 2), common.freeze(0, 90)]),
		found("review", 9003, [common.approvals("compliance", 1), common.notify("a"), common.notify("b")]),
	})
	count(verdict.obligations) == 6
	{obligation | some obligation in verdict.obligations} == {
		{"type": "hold", "seconds": 3600},
		{"type": "freeze", "until": "1970-01-01T00:01:30Z"},
		{"type": "notify", "topic": "a"},
		{"type": "notify", "topic": "b"},
		{"count": 1, "role": "compliance", "type": "approvals"},
		{"count": 2, "role": "finance", "type": "approvals"},
	}
}

test_what_is_denied_is_neither_held_nor_approved if {
	kept := [common.freeze(0, 60), common.open_case("aml", "any"), common.draft_report("any"), common.notify("a")]
	verdict := common.verdict({found("deny", 9001, array.concat(
		kept,
		[common.hold(60), common.approvals("finance", 1)],
	))})
	{obligation | some obligation in verdict.obligations} == {obligation | some obligation in kept}
}

test_kinds_of_facts if {
	kinds := [
		["text", ["a"], ["", 1, null, []]],
		["country", ["ZA"], ["za", "ZAF", "Z", "ZA ", "", 1, null, "South Africa"]],
		["countries", [[], ["ZA", "US"]], [["ZA", "us"], "ZA", {"a": "ZA"}, [null], null]],
		["texts", [[], ["a"]], [[1], "a", null, {"a": "a"}]],
		["list", [[], [1]], [{}, "a", null]],
		["flag", [true, false], ["true", 0, null]],
		["count", [0, 7], [-1, 1.5, "1", null]],
		["count or none", [0, 7, null], [-1, 1.5, "1"]],
		["number", [0, 0.05], [-1, "1", null]],
		["money", ["0", "10000.00", "0.000000000000000001"], [10000, "-1", "1,5", "1e3", "", " 1", ".5", "1.", null]],
		["money or none", ["1.5", null], [1.5, "-1", ""]],
		["moneys", [[], ["1", "2.5"]], [["1", 2], "1", {"a": "1"}, null]],
		["positive money", ["0.01"], ["0", "0.00", "-1", 1, null]],
		["signed money", ["-1.5", "0", "2"], ["--1", "-", "+1", 1, null]],
		["past", ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+02:00"], ["2026-01-01T00:00:01Z", "2025-01-01", 1, null]],
		["past or none", ["2025-12-31T23:59:59Z", null], ["2026-01-01T00:00:01Z", "soon"]],
		[{"one_of": {"a", "b"}}, ["a", "b"], ["c", 1, null]],
		["no such kind", [], ["a", 1, null, true]],
	]
	every row in kinds {
		facts := {"a.b": row[0]}
		every value in row[1] {
			common.unusable({"a": {"b": value}}, facts) == set() with time.now_ns as now_ns
		}
		every value in row[2] {
			common.unusable({"a": {"b": value}}, facts) == {"a.b"} with time.now_ns as now_ns
		}
	}
}

test_what_is_missing_is_of_no_kind if {
	kinds := ["text", "texts", "list", "flag", "count", "count or none", "number", "money", "money or none"]
	every kind in kinds {
		common.unusable({"a": {}}, {"a.b": kind}) == {"a.b"}
		common.unusable({"a": "b"}, {"a.b": kind}) == {"a.b"}
		common.unusable([], {"a.b": kind}) == {"a.b"}
	}
	common.unusable({}, {"past": "past or none", "word": {"one_of": {"a"}}}) == {"past", "word"}
}

test_an_input_that_is_no_object_leaves_every_fact_missing if {
	every wrong in [null, false, 1, "a", [], {}] {
		common.unusable(input, {"a": "text", "b.c": "count or none"}) == {"a", "b.c"} with input as wrong
	}
}

test_within_counts_to_the_second if {
	common.within("2026-01-01T00:00:00Z", 0) with time.now_ns as now_ns
	common.within("2025-12-31T23:59:00Z", 60) with time.now_ns as now_ns
	not common.within("2025-12-31T23:58:59.999999999Z", 60) with time.now_ns as now_ns
	not common.within("yesterday", 60) with time.now_ns as now_ns
}

test_the_latest_version_that_has_begun_applies if {
	versions := [{"from": "2026-01-01", "at": 2}, {"from": "2025-01-01", "at": 1}, {"from": "2026-02-01", "at": 3}]
	at := [[-1, 1], [0, 2], [30, 2], [31, 3]]
	every row in at {
		common.effective(versions).at == row[1] with time.now_ns as now_ns + (row[0] * day_ns)
	}
	not common.effective(versions) with time.now_ns as now_ns - (366 * day_ns)
	not common.effective([]) with time.now_ns as now_ns
	every wrong in [20250101, "", "2025", "2025-1-1", "1 January 2025", "2025-01-01T00:00:00Z", null] {
		not common.effective([{"from": wrong}]) with time.now_ns as now_ns
	}
}

test_windows_are_named_by_their_seconds if {
	document := {"history": {"windows": {"3600": {"in": "0.30"}}}}
	common.window_path(3600, "in") == "history.windows.3600.in"
	common.window_sum(document, 3600, "in") == 0.3
	not common.window_sum(document, 3600, "out")
	not common.window_sum(document, 86400, "in")
}
