package aml

import data.common

# What a decision rests on, each with its kind.
facts[path] := kind if {
	some path, kind in {
		"jurisdiction": "text",
		"party.country": "country",
		"party.opened_at": "past",
		"party.pep": "flag",
		"party.flags": "texts",
		"party.sanctions": {"one_of": {"clear", "possible", "match"}},
		"party.kyc.level": "text",
		"party.kyc.status": {"one_of": {
			"pending", "in_progress", "approved", "rejected", "expired", "suspended", "requires_review",
		}},
		"transaction.type": "text",
		"transaction.value": "positive money",
		"transaction.currency": "text",
		"history.usual_day": "money",
	}
}

facts[path] := kind if {
	has_counterparty
	some path, kind in {
		"transaction.counterparty.country": "country",
		"transaction.counterparty.sanctions": {"one_of": {"clear", "possible", "match"}},
	}
}

# What the thresholds look back on.
facts[path] := "moneys" if path := common.window_path(current.structuring.window_seconds, "values")

facts[path] := "money" if {
	some direction in ["in", "out"]
	path := common.window_path(current.rapid_movement.window_seconds, direction)
}

facts[path] := "money" if path := common.window_path(current.volume_spike.window_seconds, "sum")

facts[path] := "count" if path := common.window_path(current.kyc.window_seconds, "count")

facts[path] := "money" if path := common.window_path(current.kyc.window_seconds, type.limit)

# Without any input that itself is the fact that is missing.
default unusable_facts := {"input"}

unusable_facts := common.unusable(input, facts)

# The thresholds of the jurisdiction that apply today.
current := common.effective(data.aml.thresholds[input.jurisdiction])

# What the rules read of them.
needed_thresholds[path] := kind if {
	some path, kind in {
		"currency": "text",
		"sanctioned_countries": "countries",
		"high_risk_countries": "countries",
		"large_transaction.at_least": "number",
		"structuring.at_least": "number",
		"structuring.below": "number",
		"structuring.more_than": "count",
		"structuring.window_seconds": "count",
		"rapid_movement.at_least": "number",
		"rapid_movement.window_seconds": "count",
		"pep.above": "number",
		"pep.approvals": "count",
		"new_account.days": "count",
		"new_account.above": "number",
		"volume_spike.times": "number",
		"volume_spike.at_least": "number",
		"volume_spike.window_seconds": "count",
		"hold_seconds": "count",
		"freeze_seconds": "count",
		"kyc.window_seconds": "count",
	}
}

needed_thresholds[path] := kind if {
	some name, _ in current.kyc.levels
	some key, kind in {
		"deposit": "number",
		"trade": "number",
		"withdrawal": "number",
		"transactions": "count or none",
	}
	path := concat(".", ["kyc.levels", name, key])
}

# Without any thresholds all of them are missing.
default unusable_thresholds := {"all"}

unusable_thresholds := common.unusable(current, needed_thresholds)

# What the table says of the type of transaction.
type := data.aml.transaction_types[input.transaction.type]

known_type if {
	type.direction in {"in", "out", "none"}
	type.limit in {"deposit", "trade", "withdrawal"}
	is_boolean(type.counterparty)
}

# Unless a type is known to be without, there is a counterparty to be screened.
default has_counterparty := true

has_counterparty := false if type.counterparty == false
