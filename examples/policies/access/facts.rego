package access

import data.common

# What a decision rests on, each with its kind.
facts[path] := kind if {
	some path, kind in {
		"action": "text",
		"subject.id": "text",
		"subject.roles": "texts",
		"resource.owner": "text",
		"resource.broker": "text",
	}
}

facts["subject.broker"] := "text" if {
	some role in permitting_roles
	data.access.roles[role].scope == "broker"
}

facts["resource.initiator"] := "text" if takes_four_eyes

facts[path] := kind if {
	moves_money
	some path, kind in {
		"jurisdiction": "text",
		"transaction.value": "positive money",
		"transaction.currency": "text",
		"account.status": {"one_of": {"open", "frozen", "closed"}},
		"account.permissions": "texts",
		"account.limits.single": "money or none",
		"account.limits.daily": "money or none",
		"account.limits.monthly": "money or none",
		"account.limits.approval": "money or none",
		"approvals": "list",
	}
}

facts[path] := "money" if {
	moves_money
	some seconds in current.windows
	path := common.window_path(seconds, "sum")
}

# Without any input that itself is the fact that is missing.
default unusable_facts := {"input"}

unusable_facts := common.unusable(input, facts)

# The thresholds of the jurisdiction that apply today.
current := common.effective(data.access.thresholds[input.jurisdiction])

# What the rules read of them.
needed_thresholds[path] := kind if {
	some path, kind in {
		"currency": "text",
		"second_approval.at_least": "number",
		"second_approval.role": "text",
		"second_approval.count": "count",
		"windows.daily": "count",
		"windows.monthly": "count",
	}
}

needed_thresholds[path] := "number" if {
	some role in limited_roles
	some period in {"single", "daily", "monthly"}
	path := concat(".", ["limits", role, period])
}

# Without any thresholds all of them are missing.
default unusable_thresholds := {"all"}

unusable_thresholds := common.unusable(current, needed_thresholds)
