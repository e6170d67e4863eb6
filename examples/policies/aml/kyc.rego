package aml

import data.common

# METADATA
# title: Not verified
# description: Only who is verified at their level may transact.
# custom:
#   rule: aml/not_verified
#   codes: [12301]
#   outcome: deny
#   severity: medium
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	input.party.kyc.status != "approved"
	message := sprintf("your verification is %s", [replace(input.party.kyc.status, "_", " ")])
	finding := common.finding(note, message, [])
}

# METADATA
# title: An unknown level
# description: A level that has no thresholds permits nothing.
# custom:
#   rule: aml/unknown_level
#   codes: [12302]
#   outcome: deny
#   severity: medium
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	not current.kyc.levels[input.party.kyc.level]
	message := "the level of verification is unknown"
	finding := common.finding(note, message, [])
}

# METADATA
# title: More than the level permits
# description: So much a day to deposit or invest, to trade and to withdraw. This transaction is included.
# custom:
#   rule: aml/level_limit
#   codes: [12303]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	limit := level[type.limit]
	common.window_sum(input, current.kyc.window_seconds, type.limit) + value > limit
	message := sprintf("your level permits %v %s a day (%s)", [limit, current.currency, type.limit])
	finding := common.finding(note, message, [])
}

# METADATA
# title: More transactions than the level permits
# description: Each level permits so many transactions a day; this one is included. Institutions have no such limit.
# custom:
#   rule: aml/level_count
#   codes: [12304]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	level.transactions != null
	input.history.windows[format_int(current.kyc.window_seconds, 10)].count + 1 > level.transactions
	message := sprintf("your level permits %d transactions a day", [level.transactions])
	finding := common.finding(note, message, [])
}

# What the party's level of verification permits.
level := current.kyc.levels[input.party.kyc.level]
