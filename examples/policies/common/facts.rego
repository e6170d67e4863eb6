package common

# What of a document cannot be used: every path that is missing, or whose value is not of its kind.
unusable(document, facts) := {path |
	some path, kind in facts
	not usable(document, path, kind)
}

# A path is of names with dots between. A set stands for what is missing: JSON has none, so no kind accepts it.
usable(document, path, kind) if is_kind(kind, object.get(document, split(path, "."), set()))

is_kind("text", value) if {
	is_string(value)
	value != ""
}

is_kind("country", value) if is_country(value)

is_kind("countries", value) if {
	is_array(value)
	every item in value {
		is_country(item)
	}
}

is_kind("texts", value) if {
	is_array(value)
	every item in value {
		is_string(item)
	}
}

is_kind("flag", value) if is_boolean(value)

is_kind("list", value) if is_array(value)

# A whole number from zero.
is_kind("count", value) if is_count(value)

is_kind("count or none", value) if is_count(value)

is_kind("count or none", null) := true

# A threshold of any size from zero.
is_kind("number", value) if {
	is_number(value)
	value >= 0
}

# Money is decimal text, as a number may have been rounded before it came here.
is_kind("money", value) if is_decimal(value)

is_kind("money or none", value) if is_decimal(value)

is_kind("money or none", null) := true

is_kind("moneys", value) if {
	is_array(value)
	every item in value {
		is_decimal(item)
	}
}

is_kind("positive money", value) if {
	is_decimal(value)
	to_number(value) > 0
}

# What may be owed has a minus before it.
is_kind("signed money", value) if {
	is_string(value)
	is_decimal(trim_prefix(value, "-"))
}

# An instant that is not in the future, as RFC 3339 has it.
is_kind("past", value) if is_past(value)

is_kind("past or none", value) if is_past(value)

is_kind("past or none", null) := true

# One of a few words.
is_kind(kind, value) if value in kind.one_of

# Days so written stand in their order as texts do.
is_day(value) if {
	is_string(value)
	regex.match(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`, value)
}

# Two capital letters, as ISO 3166 has them.
is_country(value) if {
	is_string(value)
	regex.match(`^[A-Z]{2}$`, value)
}

is_count(value) if {
	is_number(value)
	value >= 0
	value == floor(value)
}

is_decimal(value) if {
	is_string(value)
	regex.match(`^[0-9]{1,30}(\.[0-9]{1,18})?$`, value)
}

is_past(value) if {
	is_string(value)
	time.parse_rfc3339_ns(value) <= time.now_ns()
}

# Whether an instant is at most so many seconds ago.
within(instant, seconds) if time.now_ns() - time.parse_rfc3339_ns(instant) <= seconds * 1000000000

# Of the versions of a document the one that applies today: the latest whose `from` has come. Days are UTC's.
effective(versions) := version if {
	today := time.format([time.now_ns(), "UTC", "2006-01-02"])
	begun := {found.from | some found in versions; is_day(found.from); found.from <= today}
	some version in versions
	version.from == max(begun)
}

# The path of a fact about what happened in the last so many seconds.
window_path(seconds, name) := concat(".", ["history", "windows", format_int(seconds, 10), name])

# A sum of what happened in the last so many seconds.
window_sum(document, seconds, name) := to_number(document.history.windows[format_int(seconds, 10)][name])
