package access

default allow := false

allow if {
    input.method == "GET"
    grants[input.user.role].read
    not blocked
}
allow if {
    input.method == "POST"
    input.path[0] == "transfers"
    grants[input.user.role].write
    input.amount <= limit
    not blocked
}
allow if {
    input.user.role == "admin"
    not blocked
}
limit := 1000.50 if input.user.level == "L1"
limit := 50000 if input.user.level == "L2"
limit := 1000000 if input.user.level == "L3"
blocked if input.user.suspended == true
blocked if input.country in data.sanctions
grants := {"trader": {"read": true, "write": true}, "support": {"read": true}}
reason := "suspended" if input.user.suspended == true
reason := "sanctioned" if input.country in data.sanctions
