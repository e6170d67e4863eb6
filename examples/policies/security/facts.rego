package security

import data.common

# What a decision rests on, each with its kind.
facts[path] := kind if {
	some path, kind in {
		"action": "text",
		"client.country": "country",
		"history.failed_logins.count": "count",
		"history.last_seen.at": "past or none",
	}
}

# Who failed did so at some time; who was seen was so somewhere.
facts["history.failed_logins.last_at"] := "past" if input.history.failed_logins.count > 0

facts["history.last_seen.country"] := "country" if input.history.last_seen.at != null

facts["session.started_at"] := "past" if action.session

facts["session.second_factor_at"] := "past or none" if action.sensitive

facts[path] := "count" if path := common.window_path(rate.window_seconds, action.rate)

# Without any input that itself is the fact that is missing.
default unusable_facts := {"input"}

unusable_facts := common.unusable(input, facts)

# The thresholds that apply today.
current := common.effective(data.security.thresholds)

# What the rules read of them.
needed_thresholds[path] := kind if {
	some path, kind in {
		"lockout.failures": "count",
		"lockout.seconds": "count",
		"travel.within_seconds": "count",
		"travel.factor": "text",
		"session.seconds": "count",
		"session.factor": "text",
		"second_factor.seconds": "count",
		"second_factor.factor": "text",
	}
}

needed_thresholds[path] := "count" if {
	some key in ["most", "window_seconds"]
	path := concat(".", ["rates", action.rate, key])
}

# Without any thresholds all of them are missing.
default unusable_thresholds := {"all"}

unusable_thresholds := common.unusable(current, needed_thresholds)
