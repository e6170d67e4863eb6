package security_test

import data.security

# 2026-01-01T00:00:00Z
now_ns := 1767225600000000000

plain := {
	"action": "withdraw",
	"client": {"country": "ZA"},
	"session": {"started_at": "2025-12-31T23:58:00Z", "second_factor_at": "2025-12-31T23:59:00Z"},
	"history": {
		"failed_logins": {"count": 0, "last_at": null},
		"last_seen": {"at": "2025-12-31T23:59:00Z", "country": "ZA"},
		"windows": {"60": {"login": 0, "request": 0, "order": 0}},
	},
}

login := json.remove(object.union(plain, {"action": "login"}), ["session"])

# The plain request with something changed.
but(changes) := object.union(plain, changes)

decided(request) := verdict if {
	verdict := security.verdict with input as request with time.now_ns as now_ns
}

decided_by(request, thresholds) := verdict if {
	verdict := security.verdict with input as request
		with time.now_ns as now_ns
		with data.security.thresholds as [thresholds]
}

codes_of(verdict) := [reason.code | some reason in verdict.reasons]

codes(request) := codes_of(decided(request))

test_nothing_found_allows if {
	decided(plain) == {"outcome": "allow", "reasons": [], "obligations": []}
	decided(login) == {"outcome": "allow", "reasons": [], "obligations": []}
}

test_without_input_nothing_is_allowed if {
	verdict := security.verdict with time.now_ns as now_ns
	verdict.outcome == "deny"
	codes_of(verdict) == [13001, 13003]
	decided({}).outcome == "deny"
	decided(null).outcome == "deny"
}

test_each_missing_fact_denies_by_its_name if {
	paths := [
		"action", "client/country", "session/started_at", "session/second_factor_at",
		"history/failed_logins/count", "history/failed_logins/last_at",
		"history/last_seen/at", "history/last_seen/country", "history/windows/60/request",
	]
	failed := but({"history": {"failed_logins": {"count": 1, "last_at": "2025-12-31T00:00:00Z"}}})
	codes(failed) == []
	every path in paths {
		verdict := decided(json.remove(failed, [path]))
		verdict.outcome == "deny"
		some reason in verdict.reasons
		reason.code == 13001
		reason.message == sprintf("the fact `%s` is missing or cannot be read", [replace(path, "/", ".")])
	}
}

test_a_fact_that_cannot_be_read_denies if {
	wrong := [
		{"client": {"country": "unknown"}},
		{"session": {"started_at": "2026-01-01T00:00:01Z"}},
		{"session": {"second_factor_at": "2026-01-01T00:00:01Z"}},
		{"history": {"failed_logins": {"count": "0"}}},
		{"history": {"failed_logins": {"count": 5, "last_at": "2026-01-02T00:00:00Z"}}},
		{"history": {"failed_logins": {"count": 5, "last_at": null}}},
		{"history": {"last_seen": {"at": "2026-01-02T00:00:00Z"}}},
		{"history": {"last_seen": {"country": null}}},
		{"history": {"windows": {"60": {"request": null}}}},
	]
	every changes in wrong {
		13001 in codes(but(changes))
		decided(but(changes)).outcome == "deny"
	}
}

test_who_was_never_seen_has_no_last_country if {
	codes(but({"history": {"last_seen": {"at": null, "country": null}}})) == []
}

test_thresholds_that_cannot_be_read_deny if {
	paths := [
		"lockout/failures", "lockout/seconds", "travel/within_seconds", "travel/factor", "session/seconds",
		"session/factor", "second_factor/seconds", "second_factor/factor", "rates/request/most",
		"rates/request/window_seconds",
	]
	every path in paths {
		whole := data.security.thresholds[0]
		broken := json.patch(whole, [{"op": "replace", "path": sprintf("/%s", [path]), "value": false}])
		every thresholds in [json.remove(whole, [path]), broken] {
			verdict := decided_by(plain, thresholds)
			verdict.outcome == "deny"
			some reason in verdict.reasons
			reason.code == 13002
			contains(reason.message, replace(path, "/", "."))
		}
	}
}

test_before_the_first_thresholds_nothing_is_allowed if {
	verdict := security.verdict with input as login with time.now_ns as 1735689599000000000
	verdict.outcome == "deny"
	some reason in verdict.reasons
	reason.code == 13002
	reason.message == "thresholds are missing or cannot be read: all"
}

test_an_unknown_action_denies if {
	codes(but({"action": "mint"})) == [13003]
	every wrong in [{"session": "yes"}, {"sensitive": "no"}, {"rate": 1}] {
		verdict := security.verdict with input as plain
			with time.now_ns as now_ns
			with data.security.actions.withdraw as object.union(data.security.actions.withdraw, wrong)
		verdict.outcome == "deny"
		13003 in codes_of(verdict)
	}
}

test_five_failures_lock_out if {
	of := [
		[5, "2026-01-01T00:00:00Z", [13101]],
		[5, "2025-12-31T23:30:00Z", [13101]],
		[5, "2025-12-31T23:29:59Z", []],
		[4, "2026-01-01T00:00:00Z", []],
		[50, "2025-12-31T23:59:00Z", [13101]],
	]
	every row in of {
		failed := {"history": {"failed_logins": {"count": row[0], "last_at": row[1]}}}
		codes(object.union(login, failed)) == row[2]
		codes(object.union(plain, failed)) == row[2]
	}
}

test_a_lock_out_says_until_when if {
	failed := {"history": {"failed_logins": {"count": 5, "last_at": "2025-12-31T23:45:00Z"}}}
	decided(object.union(login, failed)) == {
		"outcome": "deny",
		"reasons": [{
			"code": 13101,
			"rule": "security/locked_out",
			"audience": "customer",
			"severity": "high",
			"message": "too many failed attempts, please try again later",
		}],
		"obligations": [
			{"type": "notify", "topic": "thaliumx.alerts"},
			{"type": "freeze", "until": "2026-01-01T00:15:00Z"},
		],
	}
}

test_impossible_travel if {
	of := [
		["ZA", "2025-12-31T23:00:00Z", []],
		["GB", "2025-12-31T23:00:00Z", [13201]],
		["GB", "2025-12-31T22:59:59Z", []],
		["GB", "2026-01-01T00:00:00Z", [13201]],
	]
	every row in of {
		codes(but({"history": {"last_seen": {"country": row[0], "at": row[1]}}})) == row[2]
	}
	verdict := decided(but({"client": {"country": "GB"}}))
	verdict.outcome == "review"
	verdict.reasons[0].message == "seen in ZA and in GB within 3600 seconds"
	{obligation | some obligation in verdict.obligations} == {
		{"type": "step_up", "factor": "totp"},
		{"type": "notify", "topic": "thaliumx.alerts"},
	}
}

test_a_session_ends if {
	of := [["2025-12-31T23:00:00Z", []], ["2025-12-31T22:59:59Z", [13301]]]
	every row in of {
		codes(but({"session": {"started_at": row[0]}})) == row[1]
	}
	verdict := decided(but({"session": {"started_at": "2025-12-31T12:00:00Z"}}))
	verdict.outcome == "deny"
	verdict.obligations == [{"type": "step_up", "factor": "password"}]
	codes(object.union(login, {"session": {"started_at": "2025-12-31T12:00:00Z"}})) == []
}

test_what_is_sensitive_takes_a_second_factor if {
	of := [
		["withdraw", "2025-12-31T23:55:00Z", []],
		["withdraw", "2025-12-31T23:54:59Z", [13302]],
		["withdraw", null, [13302]],
		["transfer", null, [13302]],
		["password.change", null, [13302]],
		["api_key.create", null, [13302]],
		["read", null, []],
		["trade", null, []],
	]
	every row in of {
		codes(but({"action": row[0], "session": {"second_factor_at": row[1]}})) == row[2]
	}
	verdict := decided(but({"session": {"second_factor_at": null}}))
	verdict.outcome == "review"
	verdict.obligations == [{"type": "step_up", "factor": "totp"}]
}

test_rates if {
	of := [
		["login", "login", 9, []],
		["login", "login", 10, [13401]],
		["withdraw", "request", 119, []],
		["withdraw", "request", 120, [13401]],
		["trade", "order", 599, []],
		["trade", "order", 600, [13401]],
	]
	every row in of {
		request := but({"action": row[0], "history": {"windows": {"60": {row[1]: row[2]}}}})
		codes(request) == row[3]
	}
	verdict := decided(object.union(login, {"history": {"windows": {"60": {"login": 10}}}}))
	verdict.outcome == "deny"
	verdict.reasons[0].message == "at most 10 within 60 seconds, please wait"
}
