# METADATA
# title: What the four packages share
# description: How findings become a verdict, what a usable fact is, and which version of a document applies today.
package common

# What one rule comes to. The rule's annotations say most of it, so that each code stands in one place only.
finding(note, message, obligations) := {
	"outcome": note.custom.outcome,
	"reason": {
		"code": note.custom.codes[0],
		"rule": note.custom.rule,
		"audience": note.custom.audience,
		"severity": note.custom.severity,
		"message": message,
	},
	"obligations": obligations,
}

# The verdict over all findings: the strictest outcome, every reason by its code, every obligation once.
verdict(findings) := {
	"outcome": decided,
	"reasons": [reason | some [_, _, reason] in keyed],
	"obligations": [obligation |
		some obligation in asked
		not pointless(decided, obligation)
		not outdone(obligation, asked)
	],
} if {
	decided := strictest({found.outcome | some found in findings})
	keyed := {[reason.code, reason.message, reason] | some found in findings; reason := found.reason}
	asked := {obligation | some found in findings; some obligation in found.obligations}
}

# Deny beats review, review beats allow. An outcome that is none of the three denies.
strictest(outcomes) := "deny" if {
	count(outcomes - {"allow", "review"}) > 0
} else := "review" if {
	"review" in outcomes
} else := "allow"

# What is denied does not happen: it needs neither a hold nor anyone's approval.
pointless("deny", obligation) if obligation.type in {"hold", "approvals"}

# Of several obligations of one kind the longest, the latest or the largest stands for all. Only holds have seconds,
# only freezes have an end, only approvals have a count.
outdone(obligation, others) if {
	some other in others
	other.seconds > obligation.seconds
}

outdone(obligation, others) if {
	some other in others
	time.parse_rfc3339_ns(other.until) > time.parse_rfc3339_ns(obligation.until)
}

outdone(obligation, others) if {
	some other in others
	other.role == obligation.role
	other.count > obligation.count
}

hold(seconds) := {"type": "hold", "seconds": seconds}

# Until so many seconds after an instant in nanoseconds.
freeze(since_ns, seconds) := {"type": "freeze", "until": time.format(since_ns + (seconds * 1000000000))}

approvals(role, number) := {"type": "approvals", "role": role, "count": number}

open_case(queue, kind) := {"type": "open_case", "queue": queue, "kind": kind}

draft_report(report) := {"type": "draft_report", "report": report}

step_up(factor) := {"type": "step_up", "factor": factor}

notify(topic) := {"type": "notify", "topic": topic}
