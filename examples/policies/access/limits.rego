package access

import data.common

# METADATA
# title: More than the role's limit at once
# description: The widest limit of the roles that permit it. Staff have one only where a threshold says so.
# custom:
#   rule: access/single_limit
#   codes: [11201]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	value > role_limit.single
	message := sprintf("more than %v %s at once", [role_limit.single, current.currency])
	finding := common.finding(note, message, [])
}

# METADATA
# title: More than the role's daily limit
# description: What was moved in the last 24 hours counts, this transaction included.
# custom:
#   rule: access/daily_limit
#   codes: [11202]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	moved.daily > role_limit.daily
	message := sprintf("more than %v %s in a day", [role_limit.daily, current.currency])
	finding := common.finding(note, message, [])
}

# METADATA
# title: More than the role's monthly limit
# description: What was moved in the last 30 days counts, this transaction included.
# custom:
#   rule: access/monthly_limit
#   codes: [11203]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	moved.monthly > role_limit.monthly
	message := sprintf("more than %v %s in a month", [role_limit.monthly, current.currency])
	finding := common.finding(note, message, [])
}

# METADATA
# title: More than the account's limit at once
# description: The account's own limit, whoever acts.
# custom:
#   rule: access/account_single_limit
#   codes: [11204]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	value > to_number(account_limits.single)
	message := sprintf("more than the account's %s %s at once", [account_limits.single, current.currency])
	finding := common.finding(note, message, [])
}

# METADATA
# title: More than the account's daily limit
# description: The account's own limit, whoever acts; this transaction included.
# custom:
#   rule: access/account_daily_limit
#   codes: [11205]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	moved.daily > to_number(account_limits.daily)
	message := sprintf("more than the account's %s %s in a day", [account_limits.daily, current.currency])
	finding := common.finding(note, message, [])
}

# METADATA
# title: More than the account's monthly limit
# description: The account's own limit, whoever acts; this transaction included.
# custom:
#   rule: access/account_monthly_limit
#   codes: [11206]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	moved.monthly > to_number(account_limits.monthly)
	message := sprintf("more than the account's %s %s in a month", [account_limits.monthly, current.currency])
	finding := common.finding(note, message, [])
}

# METADATA
# title: A second person's approval
# description: From this value on others than who asks and whose account it is have to approve.
# custom:
#   rule: access/second_approval
#   codes: [11301]
#   outcome: review
#   severity: medium
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	rule := current.second_approval
	value >= rule.at_least
	count(approvers) < rule.count
	message := sprintf("from %v %s on a second person has to approve", [rule.at_least, current.currency])
	finding := common.finding(note, message, [common.approvals(rule.role, rule.count)])
}

# METADATA
# title: The account's own threshold of approval
# description: An account may ask for a second person from a lower value on.
# custom:
#   rule: access/account_approval
#   codes: [11302]
#   outcome: review
#   severity: medium
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	rule := current.second_approval
	value >= to_number(account_limits.approval)
	count(approvers) < rule.count
	message := sprintf("from %s %s on the account asks for a second person", [account_limits.approval, current.currency])
	finding := common.finding(note, message, [common.approvals(rule.role, rule.count)])
}

# The value of a transaction that moves money.
value := to_number(input.transaction.value) if moves_money

# What was moved within each window, this transaction included.
moved[period] := common.window_sum(input, seconds, "sum") + value if some period, seconds in current.windows

# The widest limit of the roles that reach the account. Staff have one only if the thresholds give them one.
role_limit[period] := max([current.limits[role][period] | some role in reaching_roles]) if {
	some period in {"single", "daily", "monthly"}
}

# The limits that the account has; `null` stands for none.
account_limits[name] := limit if {
	some name, limit in input.account.limits
	limit != null
}

# Who has approved, in the role that it takes.
approvers contains approval.by if {
	some approval in input.approvals
	approval.role == current.second_approval.role
	not approval.by in {input.subject.id, input.resource.owner}
}
