package withdrawals_test

import data.withdrawals

outcome_of(amount, asset) := outcome if {
	outcome := withdrawals.verdict.outcome with input as {"customer": "c42", "asset": asset, "amount": amount}
}

test_outcomes[name] := right if {
	some name, [amount, asset, outcome] in {
		"little": ["99999.99", "ZAR", "allow"],
		"to be looked at": ["100000.00", "ZAR", "review"],
		"the most": ["1000000.00", "ZAR", "review"],
		"too much": ["1000000.01", "ZAR", "deny"],
		"to the last digit": ["0.50000001", "BTC", "deny"],
	}
	right := outcome_of(amount, asset) == outcome
}

test_nothing_is_decided_without_limits if not outcome_of("1.00", "XXL")
