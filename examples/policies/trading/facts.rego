package trading

import data.common

# What a decision rests on, each with its kind.
facts[path] := kind if {
	some path, kind in {
		"order.market": "text",
		"order.side": {"one_of": {"buy", "sell"}},
		"order.type": {"one_of": {"limit", "market"}},
		"order.amount": "positive money",
		"market.status": {"one_of": {"open", "halted", "closed"}},
		"market.reference_price": "positive money",
		"position.amount": "signed money",
	}
}

facts["order.price"] := "positive money" if input.order.type == "limit"

# Without any input that itself is the fact that is missing.
default unusable_facts := {"input"}

unusable_facts := common.unusable(input, facts)

# The thresholds of the market that apply today.
current := common.effective(data.trading.markets[input.order.market])

# What the rules read of them.
needed_thresholds := {
	"quote": "text",
	"amount.least": "number",
	"amount.most": "number",
	"notional.least": "number",
	"notional.review_above": "number",
	"notional.most": "number",
	"notional.approvals": "count",
	"deviation.review_above": "number",
	"deviation.deny_above": "number",
	"position.most": "number",
}

# Without any thresholds all of them are missing.
default unusable_thresholds := {"all"}

unusable_thresholds := common.unusable(current, needed_thresholds)
