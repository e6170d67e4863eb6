# METADATA
# title: Trading
# description: The sizes, prices and positions that a market permits.
package trading

import data.common

# METADATA
# title: The decision on an order
# description: Allowed is what no rule stops on a market that is known and open, with every fact known.
# entrypoint: true
verdict := common.verdict(findings)

# METADATA
# title: A fact is missing
# description: A fact that the decision rests on is missing or cannot be read.
# custom:
#   rule: trading/fact_missing
#   codes: [14001]
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
# description: No thresholds apply to the market today, or one of them is missing or cannot be read.
# custom:
#   rule: trading/thresholds_missing
#   codes: [14002]
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
# title: An unknown market
# description: A market without thresholds is none to trade on.
# custom:
#   rule: trading/unknown_market
#   codes: [14003]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	not current
	message := "this market cannot be traded"
	finding := common.finding(note, message, [])
}

# METADATA
# title: The market is not open
# description: Orders are taken only while the market is open.
# custom:
#   rule: trading/market_not_open
#   codes: [14101]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	input.market.status != "open"
	message := sprintf("the market is %s", [input.market.status])
	finding := common.finding(note, message, [])
}

# METADATA
# title: Below the smallest order
# description: Each market has a smallest amount of an order.
# custom:
#   rule: trading/amount_too_small
#   codes: [14201]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	amount < current.amount.least
	message := sprintf("the smallest order is %v", [current.amount.least])
	finding := common.finding(note, message, [])
}

# METADATA
# title: Above the largest order
# description: Each market has a largest amount of an order.
# custom:
#   rule: trading/amount_too_large
#   codes: [14202]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	amount > current.amount.most
	message := sprintf("the largest order is %v", [current.amount.most])
	finding := common.finding(note, message, [])
}

# METADATA
# title: Worth too little
# description: Amount times price has to come to something.
# custom:
#   rule: trading/notional_too_small
#   codes: [14203]
#   outcome: deny
#   severity: low
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	notional < current.notional.least
	message := sprintf("an order is worth at least %v %s", [current.notional.least, current.quote])
	finding := common.finding(note, message, [])
}

# METADATA
# title: Worth too much
# description: Amount times price is bounded, whatever the amount.
# custom:
#   rule: trading/notional_too_large
#   codes: [14204]
#   outcome: deny
#   severity: medium
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	notional > current.notional.most
	message := sprintf("an order is worth at most %v %s", [current.notional.most, current.quote])
	finding := common.finding(note, message, [])
}

# METADATA
# title: Worth a second look
# description: Above this value risk has to approve the order.
# custom:
#   rule: trading/notional_review
#   codes: [14205]
#   outcome: review
#   severity: medium
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	notional > current.notional.review_above
	message := sprintf("an order of more than %v %s", [current.notional.review_above, current.quote])
	finding := common.finding(note, message, [common.approvals("risk", current.notional.approvals)])
}

# METADATA
# title: A price far from the market
# description: Such a price is a slip of the hand or a manipulation. Of market orders the reference price is the price.
# custom:
#   rule: trading/price_far_off
#   codes: [14301]
#   outcome: deny
#   severity: medium
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	deviation > current.deviation.deny_above * reference
	message := "the price is too far from the market"
	finding := common.finding(note, message, [common.notify("thaliumx.alerts")])
}

# METADATA
# title: A price off the market
# description: A price that is off, but not far, is looked at.
# custom:
#   rule: trading/price_off
#   codes: [14302]
#   outcome: review
#   severity: low
#   audience: operator
findings contains finding if {
	note := rego.metadata.rule()
	deviation > current.deviation.review_above * reference
	message := sprintf("the price is more than %v of the reference price off", [current.deviation.review_above])
	finding := common.finding(note, message, [common.open_case("trading", "price_deviation")])
}

# METADATA
# title: Past the position limit
# description: What is held or owed after the order is bounded. An order that makes it smaller is never stopped by this.
# custom:
#   rule: trading/position_limit
#   codes: [14401]
#   outcome: deny
#   severity: medium
#   audience: customer
findings contains finding if {
	note := rego.metadata.rule()
	abs(position_after) > current.position.most
	abs(position_after) >= abs(position)
	message := sprintf("the largest position is %v", [current.position.most])
	finding := common.finding(note, message, [])
}

amount := to_number(input.order.amount)

reference := to_number(input.market.reference_price)

# The price that an order is judged at: its own, or the reference price for a market order.
price := to_number(input.order.price) if input.order.type == "limit"

price := reference if input.order.type == "market"

notional := amount * price

deviation := abs(price - reference)

position := to_number(input.position.amount)

position_after := position + amount if input.order.side == "buy"

position_after := position - amount if input.order.side == "sell"
