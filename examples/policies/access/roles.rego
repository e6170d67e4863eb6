package access

# The subject's roles that permit the action. A role whose scope is none of the three permits nothing.
permitting_roles contains role if {
	some role in input.subject.roles
	input.action in data.access.roles[role].actions
	data.access.roles[role].scope in {"platform", "broker", "user"}
}

# Those of them whose reach the resource is within.
reaching_roles contains role if {
	some role in permitting_roles
	within_reach(data.access.roles[role].scope, input.subject, input.resource)
}

# Staff reach every account, or every one of their broker's, but their own; customers reach only their own.
within_reach("platform", subject, resource) if subject.id != resource.owner

within_reach("broker", subject, resource) if {
	subject.broker == resource.broker
	subject.id != resource.owner
}

within_reach("user", subject, resource) if subject.id == resource.owner

# Scopes of roles that would permit the action, when no role reaches the resource.
short_scopes contains scope if {
	count(reaching_roles) == 0
	some role in permitting_roles
	scope := data.access.roles[role].scope
}

# Customers among them: their limits have to be known.
limited_roles contains role if {
	some role in reaching_roles
	data.access.roles[role].scope == "user"
}

known_action if {
	action := data.access.actions[input.action]
	is_boolean(action.moves_money)
	is_boolean(action.four_eyes)
}

moves_money if data.access.actions[input.action].moves_money

takes_four_eyes if data.access.actions[input.action].four_eyes
