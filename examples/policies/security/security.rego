# METADATA
# title: Security
# description: Lock-outs, impossible travel, sessions, second factors and rates. What is frozen here is the sign-in.
package security

import data.common

# METADATA
# title: The decision on a sign-in or a request
# description: Allowed is what no rule stops, with every fact and every threshold known.
# entrypoint: true
verdict := common.verdict(findings)

# METADATA
# title: A fact is missing
# description: A fact that the decision rests on is missing or cannot be read.
# custom:
#   rule: security/fact_missing
#   codes: [13001]
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
# description: No thresholds apply today, or one of them is missing or cannot be read.
# custom:
#   rule: security/thresholds_missing
#   codes: [13002]
#   outcome: deny
#   severity: high
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	count(unusable_thresholds) > 0
	message := sprintf("thresholds are missing or cannot be read: %s", [concat(", ", unusable_thresholds)])
	finding := common.finding(note, message, [])
}

# METADATA
# title: An unknown action
# description: An action that is not in the table of actions cannot be judged.
# custom:
#   rule: security/unknown_action
#   codes: [13003]
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
# title: Locked out
# description: After too many failures in a row nobody signs in or goes on for a while, with the right password neither.
# custom:
#   rule: security/locked_out
#   codes: [13101]
#   outcome: deny
#   severity: high
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	failed := input.history.failed_logins
	failed.count >= current.lockout.failures
	common.within(failed.last_at, current.lockout.seconds)
	message := "too many failed attempts, please try again later"
	finding := common.finding(note, message, [
		common.freeze(time.parse_rfc3339_ns(failed.last_at), current.lockout.seconds),
		common.notify("thaliumx.alerts"),
	])
}

# METADATA
# title: Impossible travel
# description: Nobody is in another country within so short a time. Whoever it is has to show a second factor.
# custom:
#   rule: security/impossible_travel
#   codes: [13201]
#   outcome: review
#   severity: high
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	input.history.last_seen.country != input.client.country
	common.within(input.history.last_seen.at, current.travel.within_seconds)
	message := sprintf("seen in %s and in %s within %d seconds", [
		input.history.last_seen.country,
		input.client.country,
		current.travel.within_seconds,
	])
	finding := common.finding(note, message, [
		common.step_up(current.travel.factor),
		common.notify("thaliumx.alerts"),
	])
}

# METADATA
# title: The session has ended
# description: A session ends so long after it began, whatever was done in it.
# custom:
#   rule: security/session_expired
#   codes: [13301]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	action.session
	not common.within(input.session.started_at, current.session.seconds)
	message := "your session has ended, please sign in again"
	finding := common.finding(note, message, [common.step_up(current.session.factor)])
}

# METADATA
# title: A second factor
# description: What is sensitive takes a second factor that was shown a short while ago.
# custom:
#   rule: security/second_factor
#   codes: [13302]
#   outcome: review
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	action.sensitive
	not common.within(input.session.second_factor_at, current.second_factor.seconds)
	message := "please confirm with your second factor"
	finding := common.finding(note, message, [common.step_up(current.second_factor.factor)])
}

# METADATA
# title: Too many requests
# description: Each kind of action has a rate; this one is included.
# custom:
#   rule: security/rate_limited
#   codes: [13401]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	input.history.windows[format_int(rate.window_seconds, 10)][action.rate] + 1 > rate.most
	message := sprintf("at most %d within %d seconds, please wait", [rate.most, rate.window_seconds])
	finding := common.finding(note, message, [])
}

# What the table says of the action.
action := data.security.actions[input.action]

known_action if {
	is_boolean(action.session)
	is_boolean(action.sensitive)
	is_string(action.rate)
}

# The rate that the action counts against.
rate := current.rates[action.rate]
