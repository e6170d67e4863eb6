package aml

import data.common

# METADATA
# title: A large transaction
# description: It is reported; the report does not stop it.
# custom:
#   rule: aml/large_transaction
#   codes: [12201]
#   outcome: allow
#   severity: medium
#   audience: officer
findings contains finding if {
	note := rego.metadata.rule()
	value >= current.large_transaction.at_least
	message := sprintf("a transaction of %v %s or more", [current.large_transaction.at_least, current.currency])
	finding := common.finding(note, message, [
		common.draft_report("large_transaction"),
		common.notify("thaliumx.compliance"),
	])
}

# METADATA
# title: Structuring
# description: Several transactions just below what is reported, this one among them, look like one that was split.
# custom:
#   rule: aml/structuring
#   codes: [12202]
#   outcome: review
#   severity: high
#   audience: officer
findings contains finding if {
	note := rego.metadata.rule()
	just_below(value, current.structuring)
	number := count(similar) + 1
	number > current.structuring.more_than
	message := sprintf("%d transactions just below %v %s within %d seconds", [
		number,
		current.structuring.below,
		current.currency,
		current.structuring.window_seconds,
	])
	finding := common.finding(note, message, [
		common.hold(current.hold_seconds),
		common.open_case("aml", "structuring"),
		common.draft_report("suspicious_transaction"),
	])
}

# METADATA
# title: In and out again
# description: Money that leaves soon after it came may only be passing through.
# custom:
#   rule: aml/rapid_movement
#   codes: [12203]
#   outcome: review
#   severity: high
#   audience: officer
findings contains finding if {
	note := rego.metadata.rule()
	type.direction in {"in", "out"}
	every direction in ["in", "out"] {
		moved(direction, current.rapid_movement.window_seconds) >= current.rapid_movement.at_least
	}
	message := sprintf("%v %s or more came in and went out within %d seconds", [
		current.rapid_movement.at_least,
		current.currency,
		current.rapid_movement.window_seconds,
	])
	finding := common.finding(note, message, [
		common.hold(current.hold_seconds),
		common.open_case("aml", "rapid_movement"),
	])
}

# METADATA
# title: A new account
# description: An account that is new moves more than new accounts usually do.
# custom:
#   rule: aml/new_account
#   codes: [12204]
#   outcome: review
#   severity: medium
#   audience: officer
findings contains finding if {
	note := rego.metadata.rule()
	common.within(input.party.opened_at, current.new_account.days * 86400)
	value > current.new_account.above
	message := sprintf("more than %v %s on an account of at most %d days", [
		current.new_account.above,
		current.currency,
		current.new_account.days,
	])
	finding := common.finding(note, message, [common.hold(current.hold_seconds)])
}

# METADATA
# title: Far more than usual
# description: What is moved within a day is many times the party's usual day. Small amounts do not count.
# custom:
#   rule: aml/volume_spike
#   codes: [12205]
#   outcome: review
#   severity: medium
#   audience: officer
findings contains finding if {
	note := rego.metadata.rule()
	spike := current.volume_spike
	volume := common.window_sum(input, spike.window_seconds, "sum") + value
	volume >= spike.at_least
	volume >= spike.times * to_number(input.history.usual_day)
	message := sprintf("%v times the usual volume or more", [spike.times])
	finding := common.finding(note, message, [
		common.hold(current.hold_seconds),
		common.open_case("aml", "volume_spike"),
	])
}

value := to_number(input.transaction.value)

# Earlier transactions of the window that are just below what is reported.
similar := [earlier |
	some text in input.history.windows[format_int(current.structuring.window_seconds, 10)].values
	earlier := to_number(text)
	just_below(earlier, current.structuring)
]

just_below(amount, band) if {
	amount >= band.at_least
	amount < band.below
}

# What moved one way within a window, this transaction included.
moved(direction, seconds) := common.window_sum(input, seconds, direction) + value if direction == type.direction

moved(direction, seconds) := common.window_sum(input, seconds, direction) if direction != type.direction
