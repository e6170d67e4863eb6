package aml

import data.common

# METADATA
# title: A sanctions match
# description: The party or the counterparty is on a sanctions list. What they have is frozen.
# custom:
#   rule: aml/sanctions_match
#   codes: [12101]
#   outcome: deny
#   severity: critical
#   audience: officer
findings contains finding if {
	note := rego.metadata.rule()
	some who, screened in screenings
	screened == "match"
	message := sprintf("the %s is on a sanctions list", [who])
	finding := common.finding(note, message, [
		common.freeze(time.now_ns(), current.freeze_seconds),
		common.open_case("sanctions", "sanctions_match"),
		common.draft_report("sanctions"),
		common.notify("thaliumx.aml.screening"),
	])
}

# METADATA
# title: A possible sanctions match
# description: An officer has to tell whether it is the same person.
# custom:
#   rule: aml/sanctions_possible
#   codes: [12102]
#   outcome: review
#   severity: high
#   audience: officer
findings contains finding if {
	note := rego.metadata.rule()
	some who, screened in screenings
	screened == "possible"
	message := sprintf("the %s may be on a sanctions list", [who])
	finding := common.finding(note, message, [
		common.hold(current.hold_seconds),
		common.open_case("sanctions", "possible_match"),
	])
}

# METADATA
# title: A sanctioned country
# description: Nothing is done with anyone in a sanctioned country.
# custom:
#   rule: aml/sanctioned_country
#   codes: [12103]
#   outcome: deny
#   severity: critical
#   audience: officer
findings contains finding if {
	note := rego.metadata.rule()
	some who, country in countries
	country in current.sanctioned_countries
	message := sprintf("the %s is in a sanctioned country, %s", [who, country])
	finding := common.finding(note, message, [
		common.open_case("sanctions", "sanctioned_country"),
		common.notify("thaliumx.compliance"),
	])
}

# METADATA
# title: A high-risk country
# description: Enhanced due diligence before anything is done with anyone in a high-risk country.
# custom:
#   rule: aml/high_risk_country
#   codes: [12104]
#   outcome: review
#   severity: high
#   audience: officer
findings contains finding if {
	note := rego.metadata.rule()
	some who, country in countries
	country in current.high_risk_countries
	message := sprintf("the %s is in a high-risk country, %s", [who, country])
	finding := common.finding(note, message, [
		common.hold(current.hold_seconds),
		common.open_case("aml", "high_risk_country"),
	])
}

# METADATA
# title: A flag on the party
# description: Whatever flag a party carries, an officer looks first.
# custom:
#   rule: aml/flagged
#   codes: [12105]
#   outcome: review
#   severity: high
#   audience: officer
findings contains finding if {
	note := rego.metadata.rule()
	some flag in input.party.flags
	message := sprintf("the party is flagged: %s", [flag])
	finding := common.finding(note, message, [
		common.hold(current.hold_seconds),
		common.open_case("aml", "flagged_party"),
	])
}

# METADATA
# title: A politically exposed person
# description: Above a threshold compliance has to approve what a politically exposed person does.
# custom:
#   rule: aml/pep
#   codes: [12106]
#   outcome: review
#   severity: medium
#   audience: officer
findings contains finding if {
	note := rego.metadata.rule()
	input.party.pep
	value > current.pep.above
	message := sprintf("a politically exposed person moves more than %v %s", [current.pep.above, current.currency])
	finding := common.finding(note, message, [
		common.approvals("compliance", current.pep.approvals),
		common.open_case("aml", "pep"),
	])
}

# What screening says of either side.
screenings.party := input.party.sanctions

screenings.counterparty := input.transaction.counterparty.sanctions if has_counterparty

# Where either side is.
countries.party := input.party.country

countries.counterparty := input.transaction.counterparty.country if has_counterparty
