package access_test

import data.access

# 2026-01-01T00:00:00Z
now_ns := 1767225600000000000

trader := {
	"jurisdiction": "ZA",
	"action": "withdraw",
	"subject": {"id": "c42", "roles": ["trader"], "broker": "b7"},
	"resource": {"owner": "c42", "broker": "b7"},
	"account": {
		"status": "open",
		"permissions": ["deposit", "withdraw", "transfer", "trade"],
		"limits": {"single": null, "daily": null, "monthly": null, "approval": null},
	},
	"transaction": {"value": "9500.00", "currency": "ZAR"},
	"approvals": [],
	"history": {"windows": {
		"86400": {"sum": "0"},
		"2592000": {"sum": "0"},
	}},
}

# The trader's request with something changed.
but(changes) := object.union(trader, changes)

by_staff(role) := but({"subject": {"id": "s1", "roles": [role], "broker": "b7"}})

reading(subject) := {
	"action": "account.read",
	"subject": subject,
	"resource": {"owner": "c42", "broker": "b7"},
}

decided(request) := verdict if {
	verdict := access.verdict with input as request with time.now_ns as now_ns
}

codes(request) := [reason.code | some reason in decided(request).reasons]

messages(request) := {reason.message | some reason in decided(request).reasons}

test_a_trader_withdraws_their_own_money if {
	decided(trader) == {"outcome": "allow", "reasons": [], "obligations": []}
}

test_without_input_nothing_is_allowed if {
	verdict := access.verdict with time.now_ns as now_ns
	[reason.code | some reason in verdict.reasons] == [11001, 11004, 11101]
	codes(null) == [11001, 11001, 11001, 11001, 11001, 11004, 11101]
	codes({}) == [11001, 11001, 11001, 11001, 11001, 11004, 11101]
}

test_each_missing_fact_denies_by_its_name if {
	paths := [
		"action", "subject/id", "subject/roles", "resource/owner", "resource/broker", "jurisdiction",
		"transaction/value", "transaction/currency", "account/status", "account/permissions",
		"account/limits/single", "account/limits/daily", "account/limits/monthly", "account/limits/approval",
		"approvals", "history/windows/86400/sum", "history/windows/2592000/sum",
	]
	every path in paths {
		request := json.remove(trader, [path])
		decided(request).outcome == "deny"
		sprintf("the fact `%s` is missing or cannot be read", [replace(path, "/", ".")]) in messages(request)
	}
}

test_staff_of_a_broker_need_to_say_of_which if {
	codes(reading({"id": "s1", "roles": ["broker-support"], "broker": "b7"})) == []
	11001 in codes(reading({"id": "s1", "roles": ["broker-support"]}))
	codes(reading({"id": "s1", "roles": ["platform-support"]})) == []
}

test_money_as_a_number_or_below_zero_is_no_fact if {
	every wrong in [9500, 0.1, "-1", "0", "9,500", "1e3", "", null] {
		codes(but({"transaction": {"value": wrong}})) == [11001]
	}
}

test_a_jurisdiction_without_thresholds_denies if {
	codes(but({"jurisdiction": "XX"})) == [11002]
	"thresholds are missing or cannot be read: all" in messages(but({"jurisdiction": "XX"}))
	verdict := access.verdict with input as trader with time.now_ns as 1735689599000000000
	{reason.code | some reason in verdict.reasons} == {11002}
}

test_thresholds_that_cannot_be_read_deny if {
	paths := [
		"currency", "second_approval/at_least", "second_approval/role", "second_approval/count",
		"windows/daily", "windows/monthly", "limits/trader/single", "limits/trader/daily", "limits/trader/monthly",
	]
	every path in paths {
		whole := data.access.thresholds.ZA[0]
		every versions in [[json.remove(whole, [path])], json.patch([whole], [{
			"op": "replace",
			"path": sprintf("/0/%s", [path]),
			"value": true,
		}])] {
			verdict := access.verdict with input as trader
				with time.now_ns as now_ns
				with data.access.thresholds.ZA as versions
			verdict.outcome == "deny"
			some reason in verdict.reasons
			reason.code == 11002
			contains(reason.message, replace(path, "/", "."))
		}
	}
}

test_thresholds_change_on_their_day if {
	old := data.access.thresholds.ZA[0]
	new := object.union(old, {"from": "2026-01-01", "limits": {"trader": {"single": 5000}}})
	of := [[-1, []], [0, [11201]]]
	every row in of {
		verdict := access.verdict with input as trader
			with time.now_ns as now_ns + row[0]
			with data.access.thresholds.ZA as [new, old]
		[reason.code | some reason in verdict.reasons] == row[1]
	}
}

test_another_currency_denies if {
	codes(but({"transaction": {"currency": "USD"}})) == [11003]
}

test_another_jurisdiction_has_its_own_limits if {
	dollars := {"jurisdiction": "US", "transaction": {"value": "1000", "currency": "USD"}}
	codes(but(dollars)) == []
	codes(but(object.union(dollars, {"transaction": {"value": "1000.01"}}))) == [11201]
}

test_an_unknown_action_is_nobodys if {
	codes(but({"action": "mint"})) == [11004, 11101]
	"the action is unknown" in messages(but({"action": "mint"}))
}

test_an_action_that_is_not_described_is_unknown if {
	every wrong in [{}, {"moves_money": false}, {"four_eyes": false}, {"moves_money": "no", "four_eyes": false}] {
		verdict := access.verdict with input as trader
			with time.now_ns as now_ns
			with data.access.actions.withdraw as wrong
		some reason in verdict.reasons
		reason.code == 11004
	}
}

test_what_a_role_does_not_permit_is_denied if {
	codes(but({"action": "borrow", "account": {"permissions": ["borrow"]}})) == [11101]
	codes(but({"subject": {"roles": ["no-such-role"]}})) == [11101]
	codes(but({"subject": {"roles": []}})) == [11101]
	codes(by_staff("platform-support")) == [11101]
	codes(by_staff("platform-finance")) == []
}

test_a_role_of_an_unknown_scope_permits_nothing if {
	verdict := access.verdict with input as trader
		with time.now_ns as now_ns
		with data.access.roles.trader.scope as "planet"
	[reason.code | some reason in verdict.reasons] == [11101]
}

test_brokers_see_only_their_own if {
	codes(reading({"id": "s1", "roles": ["broker-support"], "broker": "b7"})) == []
	other := reading({"id": "s1", "roles": ["broker-support"], "broker": "b8"})
	codes(other) == [11102, 11103]
	decided(other).reasons[0] == {
		"code": 11102,
		"rule": "access/other_broker",
		"audience": "operator",
		"severity": "high",
		"message": "what belongs to broker `b7` is out of the subject's reach",
	}
	decided(other).obligations == [{"type": "notify", "topic": "thaliumx.alerts"}]
	codes(reading({"id": "s1", "roles": ["broker-support", "platform-support"], "broker": "b8"})) == []
}

test_customers_see_only_their_own if {
	codes(reading({"id": "c42", "roles": ["trader"], "broker": "b7"})) == []
	codes(reading({"id": "c43", "roles": ["trader"], "broker": "b7"})) == [11103]
	codes(reading({"id": "c43", "roles": ["trader", "broker-support"], "broker": "b8"})) == [11102, 11103]
}

test_staff_do_not_use_their_role_on_their_own_account if {
	every role in ["platform-support", "broker-support"] {
		codes(reading({"id": "c42", "roles": [role], "broker": "b7"})) == [11103, 11104]
		codes(reading({"id": "c42", "roles": [role, "trader"], "broker": "b7"})) == []
	}
	both := {"subject": {"roles": ["platform-finance", "trader"]}, "transaction": {"value": "18500.01"}}
	codes(but(both)) == [11201]
}

test_nobody_decides_their_own_work if {
	approving := {
		"action": "transaction.approve",
		"subject": {"id": "s1", "roles": ["platform-finance"]},
		"resource": {"owner": "c42", "broker": "b7", "initiator": "s2"},
	}
	codes(approving) == []
	codes(object.union(approving, {"resource": {"initiator": "s1"}})) == [11105]
	codes(json.remove(approving, ["resource/initiator"])) == [11001]
	own := {"action": "account.read", "resource": {"initiator": "s1"}}
	codes(object.union(approving, own)) == []
}

test_money_moves_only_on_an_open_account if {
	codes(but({"account": {"status": "frozen"}})) == [11106]
	codes(but({"account": {"status": "closed"}})) == [11106]
	codes(but({"account": {"status": "dormant"}})) == [11001, 11106]
}

test_the_account_has_to_permit_it if {
	codes(but({"account": {"permissions": ["deposit"]}})) == [11107]
}

limits := {
	"trader": [18500, 185000, 1850000],
	"vip": [92500, 925000, 9250000],
	"institutional": [185000, 1850000, 18500000],
}

test_limits_of_roles if {
	every role, row in limits {
		at := but({"subject": {"roles": [role]}, "transaction": {"value": format_int(row[0], 10)}, "approvals": [
			{"by": "s1", "role": "finance"},
		]})
		codes(at) == []
		codes(object.union(at, {"transaction": {"value": sprintf("%d.01", [row[0]])}})) == [11201]
		windows := {
			"86400": {"sum": format_int(row[1] - row[0], 10)},
			"2592000": {"sum": format_int(row[2] - row[0], 10)},
		}
		codes(object.union(at, {"history": {"windows": windows}})) == []
		daily := {"history": {"windows": {"86400": {"sum": sprintf("%d.01", [row[1] - row[0]])}}}}
		codes(object.union(at, daily)) == [11202]
		monthly := {"history": {"windows": {"2592000": {"sum": sprintf("%d.000001", [row[2] - row[0]])}}}}
		codes(object.union(at, monthly)) == [11203]
	}
}

test_of_several_roles_the_widest_limit_counts if {
	codes(but({"subject": {"roles": ["trader", "vip"]}, "transaction": {"value": "92500"}})) == []
	codes(but({"subject": {"roles": ["trader", "vip"]}, "transaction": {"value": "92501"}})) == [11201]
}

test_a_customers_role_without_limits_denies if {
	verdict := access.verdict with input as trader
		with time.now_ns as now_ns
		with data.access.thresholds.ZA as [json.remove(data.access.thresholds.ZA[0], ["limits/trader"])]
	[reason.code | some reason in verdict.reasons] == [11002]
}

test_other_roles_need_no_limits if {
	verdict := access.verdict with input as trader
		with time.now_ns as now_ns
		with data.access.thresholds.ZA as [json.remove(data.access.thresholds.ZA[0], ["limits/vip"])]
	verdict.outcome == "allow"
}

test_staff_have_no_limits_of_a_role if {
	codes(object.union(by_staff("platform-finance"), {"transaction": {"value": "184999.99"}})) == []
	codes(object.union(by_staff("broker-finance"), {"transaction": {"value": "184999.99"}})) == []
}

test_staff_may_be_given_limits if {
	limited := object.union(data.access.thresholds.ZA[0], {"limits": {"platform-finance": {"single": 9499}}})
	verdict := access.verdict with input as by_staff("platform-finance")
		with time.now_ns as now_ns
		with data.access.thresholds.ZA as [limited]
	[reason.code | some reason in verdict.reasons] == [11201]
}

test_what_moves_no_money_needs_nothing_about_money if {
	codes(json.remove(but({"action": "account.read"}), ["history", "approvals"])) == []
	frozen := {"status": "frozen", "permissions": [], "limits": {"single": "1", "approval": "1"}}
	codes(but({"action": "account.read", "account": frozen, "transaction": {"currency": "USD"}})) == []
	codes(but({"action": "account.read", "jurisdiction": "XX"})) == []
}

test_limits_of_the_account if {
	of := [
		["single", 11204, {}],
		["daily", 11205, {"history": {"windows": {"86400": {"sum": "500"}}}}],
		["monthly", 11206, {"history": {"windows": {"2592000": {"sum": "500"}}}}],
	]
	every row in of {
		sum := to_number(object.get(row[2], ["history", "windows", "86400", "sum"], "0"))
		month := to_number(object.get(row[2], ["history", "windows", "2592000", "sum"], "0"))
		total := (9500 + sum) + month
		fits := {"account": {"limits": {row[0]: format_int(total, 10)}}}
		codes(but(object.union(row[2], fits))) == []
		exceeds := {"account": {"limits": {row[0]: sprintf("%d.99", [total - 1])}}}
		codes(but(object.union(row[2], exceeds))) == [row[1]]
	}
}

large := object.union(by_staff("platform-finance"), {"transaction": {"value": "185000"}})

test_a_large_transaction_takes_a_second_person if {
	decided(large) == {
		"outcome": "review",
		"reasons": [{
			"code": 11301,
			"rule": "access/second_approval",
			"audience": "operator",
			"severity": "medium",
			"message": "from 185000 ZAR on a second person has to approve",
		}],
		"obligations": [{"type": "approvals", "role": "finance", "count": 1}],
	}
}

test_who_counts_as_a_second_person if {
	of := [
		[[{"by": "s2", "role": "finance"}], []],
		[[{"by": "s2", "role": "support"}], [11301]],
		[[{"by": "s1", "role": "finance"}], [11301]],
		[[{"by": "c42", "role": "finance"}], [11301]],
		[[{"role": "finance"}, {"by": "s2"}, 1], [11301]],
	]
	every row in of {
		codes(object.union(large, {"approvals": row[0]})) == row[1]
	}
}

test_as_many_as_are_asked_for_have_to_approve if {
	of := [[["s2"], [11301]], [["s2", "s2"], [11301]], [["s2", "s3"], []]]
	every row in of {
		request := object.union(large, {"approvals": [{"by": by, "role": "finance"} | some by in row[0]]})
		verdict := access.verdict with input as request
			with time.now_ns as now_ns
			with data.access.thresholds.ZA as json.patch(data.access.thresholds.ZA, [{
				"op": "replace",
				"path": "/0/second_approval/count",
				"value": 2,
			}])
		[reason.code | some reason in verdict.reasons] == row[1]
	}
}

test_an_account_may_ask_for_a_second_person_earlier if {
	codes(but({"account": {"limits": {"approval": "9500.00"}}})) == [11302]
	codes(but({"account": {"limits": {"approval": "9500.01"}}})) == []
	approved := {"account": {"limits": {"approval": "1"}}, "approvals": [{"by": "s2", "role": "finance"}]}
	codes(but(approved)) == []
	decided(but({"account": {"limits": {"approval": "1"}}})).outcome == "review"
}

test_a_denial_asks_for_no_approvals if {
	verdict := decided(object.union(large, {"account": {"status": "frozen"}}))
	verdict.outcome == "deny"
	verdict.obligations == []
}
