package trading_test

import data.trading

# 2026-01-01T00:00:00Z
now_ns := 1767225600000000000

plain := {
	"order": {"market": "BTC/ZAR", "side": "buy", "type": "limit", "amount": "1", "price": "1000000"},
	"market": {"status": "open", "reference_price": "1000000"},
	"position": {"amount": "0"},
}

# The plain order with something changed.
but(changes) := object.union(plain, changes)

ordered(changes) := but({"order": changes})

decided(order) := verdict if {
	verdict := trading.verdict with input as order with time.now_ns as now_ns
}

codes(order) := [reason.code | some reason in decided(order).reasons]

test_nothing_found_allows if {
	decided(plain) == {"outcome": "allow", "reasons": [], "obligations": []}
}

test_without_input_nothing_is_allowed if {
	verdict := trading.verdict with time.now_ns as now_ns
	verdict.outcome == "deny"
	[reason.code | some reason in verdict.reasons] == [14001, 14002, 14003]
	decided({}).outcome == "deny"
	decided(null).outcome == "deny"
}

test_each_missing_fact_denies_by_its_name if {
	paths := [
		"order/market", "order/side", "order/type", "order/amount", "order/price",
		"market/status", "market/reference_price", "position/amount",
	]
	every path in paths {
		verdict := decided(json.remove(plain, [path]))
		verdict.outcome == "deny"
		some reason in verdict.reasons
		reason.code == 14001
		reason.message == sprintf("the fact `%s` is missing or cannot be read", [replace(path, "/", ".")])
	}
}

test_a_fact_that_cannot_be_read_denies if {
	wrong := [
		{"order": {"side": "hold"}},
		{"order": {"type": "stop"}},
		{"order": {"amount": 1}},
		{"order": {"amount": "0"}},
		{"order": {"amount": "-1"}},
		{"order": {"price": "0"}},
		{"market": {"status": "unknown"}},
		{"market": {"reference_price": "0"}},
		{"position": {"amount": 0}},
	]
	every changes in wrong {
		14001 in codes(but(changes))
		decided(but(changes)).outcome == "deny"
	}
}

test_a_market_order_has_no_price if {
	codes(json.remove(ordered({"type": "market"}), ["order/price"])) == []
	codes(ordered({"type": "market", "price": "1"})) == []
}

test_an_unknown_market_denies if {
	codes(ordered({"market": "DOGE/ZAR"})) == [14002, 14003]
	decided(ordered({"market": "DOGE/ZAR"})).reasons[1].message == "this market cannot be traded"
	verdict := trading.verdict with input as plain with time.now_ns as 1735689599000000000
	[reason.code | some reason in verdict.reasons] == [14002, 14003]
	verdict.reasons[0].message == "thresholds are missing or cannot be read: all"
}

test_thresholds_that_cannot_be_read_deny if {
	paths := [
		"quote", "amount/least", "amount/most", "notional/least", "notional/review_above", "notional/most",
		"notional/approvals", "deviation/review_above", "deviation/deny_above", "position/most",
	]
	every path in paths {
		whole := data.trading.markets["BTC/ZAR"][0]
		broken := json.patch(whole, [{"op": "replace", "path": sprintf("/%s", [path]), "value": false}])
		every thresholds in [json.remove(whole, [path]), broken] {
			verdict := trading.verdict with input as plain
				with time.now_ns as now_ns
				with data.trading.markets as {"BTC/ZAR": [thresholds]}
			verdict.outcome == "deny"
			some reason in verdict.reasons
			reason.code == 14002
			contains(reason.message, replace(path, "/", "."))
		}
	}
}

test_orders_are_taken_while_the_market_is_open if {
	codes(but({"market": {"status": "halted"}})) == [14101]
	codes(but({"market": {"status": "closed"}})) == [14101]
	decided(but({"market": {"status": "halted"}})).reasons[0].message == "the market is halted"
}

# Amount, price and the codes; the reference price is the price.
test_sizes if {
	of := [
		["0.0001", "1000000", []],
		["0.00009999", "2000000", [14201]],
		["0.0001", "999999.99", [14203]],
		["10", "100000", []],
		["10.00000001", "100000", [14202]],
		["5", "1850000", []],
		["5", "1850000.01", [14205]],
		["10", "1850000", [14205]],
		["10", "1850000.01", [14204, 14205]],
	]
	every row in of {
		codes(but({
			"order": {"amount": row[0], "price": row[1]},
			"market": {"reference_price": row[1]},
		})) == row[2]
	}
}

test_a_market_order_is_worth_the_reference_price if {
	market := json.remove(ordered({"type": "market", "amount": "0.001"}), ["order/price"])
	codes(object.union(market, {"market": {"reference_price": "99999"}})) == [14203]
	codes(object.union(market, {"market": {"reference_price": "100000"}})) == []
}

test_risk_approves_large_orders if {
	verdict := decided(ordered({"amount": "9.5"}))
	verdict.outcome == "review"
	verdict.obligations == [{"type": "approvals", "role": "risk", "count": 1}]
}

test_prices_off_the_market if {
	of := [
		["1050000", []],
		["1050000.00000001", [14302]],
		["950000", []],
		["949999.99", [14302]],
		["1100000", [14302]],
		["1100000.01", [14301, 14302]],
		["900000", [14302]],
		["899999.99", [14301, 14302]],
	]
	every row in of {
		codes(ordered({"price": row[0]})) == row[1]
	}
	off := decided(ordered({"price": "1060000"}))
	off.outcome == "review"
	off.obligations == [{"type": "open_case", "queue": "trading", "kind": "price_deviation"}]
	far := decided(ordered({"price": "2000000"}))
	far.outcome == "deny"
	{obligation | some obligation in far.obligations} == {
		{"type": "open_case", "queue": "trading", "kind": "price_deviation"},
		{"type": "notify", "topic": "thaliumx.alerts"},
	}
}

# What is held before, the side, and the codes of an order of one.
test_positions if {
	of := [
		["24", "buy", []],
		["24.00000001", "buy", [14401]],
		["-24", "sell", []],
		["-24.00000001", "sell", [14401]],
		["30", "sell", []],
		["30", "buy", [14401]],
		["-30", "buy", []],
		["-30", "sell", [14401]],
		["0", "sell", []],
	]
	every row in of {
		codes(but({"position": {"amount": row[0]}, "order": {"side": row[1]}})) == row[2]
	}
}

# An order may turn a position around, but not into one as large that is past the limit as well.
test_positions_that_turn_around if {
	of := [["0.9", []], ["0.95", []], ["1", [14401]], ["1.1", [14401]]]
	every row in of {
		small := object.union(data.trading.markets["BTC/ZAR"][0], {"position": {"most": 0.4}})
		verdict := trading.verdict with input as but({
			"order": {"side": "sell", "amount": row[0]},
			"position": {"amount": "0.5"},
		})
			with time.now_ns as now_ns
			with data.trading.markets as {"BTC/ZAR": [small]}
		[reason.code | some reason in verdict.reasons] == row[1]
	}
}

test_messages_name_the_threshold if {
	of := {
		14201: [{"amount": "0.00001"}, "the smallest order is 0.0001"],
		14202: [{"amount": "11"}, "the largest order is 10"],
		14203: [{"amount": "0.00001"}, "an order is worth at least 100 ZAR"],
		14204: [{"amount": "19"}, "an order is worth at most 18500000 ZAR"],
		14205: [{"amount": "9.5"}, "an order of more than 9250000 ZAR"],
		14301: [{"price": "2000000"}, "the price is too far from the market"],
		14302: [{"price": "1060000"}, "the price is more than 0.05 of the reference price off"],
	}
	every code, row in of {
		[code, row[1]] in {[reason.code, reason.message] | some reason in decided(ordered(row[0])).reasons}
	}
}
