# METADATA
# title: Withdrawals
# description: How much a customer may take out at once, by the limits of the asset. An asset without limits is not taken out.
package withdrawals

# METADATA
# title: The decision on a withdrawal
# entrypoint: true
verdict := {"outcome": "allow"} if amount < asset_limits.review

verdict := {
	"outcome": "review",
	"reasons": [reason(10002, "withdrawals/large", "A person looks at a withdrawal of this size first.", asset_limits.review)],
} if {
	amount >= asset_limits.review
	amount <= asset_limits.single
}

verdict := {
	"outcome": "deny",
	"reasons": [reason(10003, "withdrawals/too_large", "This is more than may be withdrawn at once.", asset_limits.single)],
} if {
	amount > asset_limits.single
}

asset_limits := data.withdrawals.limits[input.asset]

# Money is decimal text, and exact.
amount := to_number(input.amount)

reason(code, rule, message, limit) := {
	"code": code,
	"rule": rule,
	"audience": "customer",
	"severity": "low",
	"message": message,
	"facts": [{"name": "limit", "value": sprintf("%v %s", [limit, input.asset])}],
}
