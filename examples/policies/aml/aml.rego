# METADATA
# title: Anti-money-laundering
# description: Sanctions, countries, patterns of transactions and the limits of the customer's level of verification.
package aml

import data.common

# METADATA
# title: The decision on a transaction
# description: Allowed is what no rule stops, with every fact and every threshold known. A customer is never told why.
# entrypoint: true
verdict := common.verdict(findings | notices)

# METADATA
# title: A fact is missing
# description: A fact that the decision rests on is missing or cannot be read.
# custom:
#   rule: aml/fact_missing
#   codes: [12001]
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
#   rule: aml/thresholds_missing
#   codes: [12002]
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
# title: Another currency
# description: The value of a transaction has to be given in the currency of the thresholds.
# custom:
#   rule: aml/currency
#   codes: [12003]
#   outcome: deny
#   severity: medium
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	input.transaction.currency != current.currency
	message := sprintf("the value is in %s, the thresholds are in %s", [input.transaction.currency, current.currency])
	finding := common.finding(note, message, [])
}

# METADATA
# title: An unknown type of transaction
# description: A type that is not in the table of types cannot be judged.
# custom:
#   rule: aml/unknown_type
#   codes: [12004]
#   outcome: deny
#   severity: medium
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	not known_type
	message := "the type of transaction is unknown"
	finding := common.finding(note, message, [])
}

# METADATA
# title: What a customer is told of a review
# description: Who is looked into must not learn of it, so that only this is said.
# custom:
#   rule: aml/under_review
#   codes: [12901]
#   outcome: review
#   severity: info
#   audience: customer
notices contains finding if {
	note := rego.metadata.rule()
	some found in findings
	found.outcome == "review"
	finding := common.finding(note, "your transaction is being processed", [])
}

# METADATA
# title: What a customer is told of a denial
# description: Who is looked into must not learn of it. Reasons that are the customer's own to hear are told besides.
# custom:
#   rule: aml/not_possible
#   codes: [12902]
#   outcome: deny
#   severity: info
#   audience: customer
notices contains finding if {
	note := rego.metadata.rule()
	some found in findings
	found.outcome == "deny"
	finding := common.finding(note, "your transaction cannot be carried out", [])
}
