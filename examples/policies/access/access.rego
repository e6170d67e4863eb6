# METADATA
# title: Platform access
# description: Who may do what to whose account, how much at a time, and what takes a second person.
package access

import data.common

# METADATA
# title: The decision on a request
# description: Allowed is what a role permits on an account within its reach, within every limit, with every fact known.
# entrypoint: true
verdict := common.verdict(findings)

# METADATA
# title: A fact is missing
# description: A fact that the decision rests on is missing or cannot be read.
# custom:
#   rule: access/fact_missing
#   codes: [11001]
#   outcome: deny
#   severity: medium
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	some path in unusable_facts
	message := sprintf("the fact `%s` is missing or cannot be read", [path])
	finding := common.finding(note, message, [])
}

# METADATA
# title: No thresholds
# description: No thresholds apply in this jurisdiction today, or one of them is missing or cannot be read.
# custom:
#   rule: access/thresholds_missing
#   codes: [11002]
#   outcome: deny
#   severity: high
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	moves_money
	count(unusable_thresholds) > 0
	message := sprintf("thresholds are missing or cannot be read: %s", [concat(", ", unusable_thresholds)])
	finding := common.finding(note, message, [])
}

# METADATA
# title: Another currency
# description: The value of a transaction has to be given in the currency of the thresholds.
# custom:
#   rule: access/currency
#   codes: [11003]
#   outcome: deny
#   severity: medium
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	moves_money
	input.transaction.currency != current.currency
	message := sprintf("the value is in %s, the thresholds are in %s", [input.transaction.currency, current.currency])
	finding := common.finding(note, message, [])
}

# METADATA
# title: An unknown action
# description: An action that is not in the table of actions is nobody's.
# custom:
#   rule: access/unknown_action
#   codes: [11004]
#   outcome: deny
#   severity: medium
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	not known_action
	message := "the action is unknown"
	finding := common.finding(note, message, [])
}

# METADATA
# title: No role permits it
# description: None of the subject's roles permits the action. Unknown roles and actions permit nothing.
# custom:
#   rule: access/not_permitted
#   codes: [11101]
#   outcome: deny
#   severity: medium
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	count(permitting_roles) == 0
	message := "you may not do this"
	finding := common.finding(note, message, [])
}

# METADATA
# title: Another broker's data
# description: A broker's people see and touch only what belongs to their own broker.
# custom:
#   rule: access/other_broker
#   codes: [11102]
#   outcome: deny
#   severity: high
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	"broker" in short_scopes
	input.subject.broker != input.resource.broker
	message := sprintf("what belongs to broker `%s` is out of the subject's reach", [input.resource.broker])
	finding := common.finding(note, message, [common.notify("thaliumx.alerts")])
}

# METADATA
# title: Out of reach
# description: A customer sees and touches only their own; nobody touches what none of their roles reaches.
# custom:
#   rule: access/out_of_reach
#   codes: [11103]
#   outcome: deny
#   severity: high
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	count(short_scopes) > 0
	message := "no role that permits this reaches the account"
	finding := common.finding(note, message, [common.notify("thaliumx.alerts")])
}

# METADATA
# title: One's own account
# description: Staff do not use what their role permits on an account of their own.
# custom:
#   rule: access/own_account
#   codes: [11104]
#   outcome: deny
#   severity: high
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	some scope in {"platform", "broker"}
	scope in short_scopes
	input.subject.id == input.resource.owner
	message := "staff may not use their role on their own account"
	finding := common.finding(note, message, [common.notify("thaliumx.alerts")])
}

# METADATA
# title: One's own work
# description: Nobody approves or decides what they asked for themselves.
# custom:
#   rule: access/four_eyes
#   codes: [11105]
#   outcome: deny
#   severity: high
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	takes_four_eyes
	input.resource.initiator == input.subject.id
	message := "a second person has to decide what the first asked for"
	finding := common.finding(note, message, [common.notify("thaliumx.audit")])
}

# METADATA
# title: The account is not open
# description: Money moves only on an account that is open.
# custom:
#   rule: access/account_not_open
#   codes: [11106]
#   outcome: deny
#   severity: medium
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	moves_money
	input.account.status != "open"
	message := sprintf("the account is %s", [input.account.status])
	finding := common.finding(note, message, [])
}

# METADATA
# title: The account does not permit it
# description: An account says for itself whether it deposits, withdraws, transfers, trades, lends or borrows.
# custom:
#   rule: access/account_permission
#   codes: [11107]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	moves_money
	not input.action in input.account.permissions
	message := sprintf("the account does not permit `%s`", [input.action])
	finding := common.finding(note, message, [])
}
