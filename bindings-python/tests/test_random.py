"""Whatever is sent, what comes back is an answer or a documented exception."""

import json
import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import thalium

# Each example sends this many payloads: what is made up costs more than what is sent.
PAYLOADS = 20
EXAMPLES = 5_000 if os.environ.get("THALIUM_TEST_TIER") == "full" else 250
CODES = set(thalium.codes())

keys = st.sampled_from(["bank", "c1", "c2", "h1", "p1", "nobody", "", "1", "0", "340282366920938463463374607431768211455", "k" * 300]) | st.text(max_size=12)
amounts = st.sampled_from(["1", "1.00 ZAR", "0", "max", "-1", "1e3", "0.001", "340282366920938463463374607431768211455", "1 XXL", "1 BTC"]) | st.text(max_size=8)
junk = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8) | st.lists(st.integers(), max_size=2) | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)
instants = st.sampled_from(["2026-01-31", "2026-01-31T09:30:00Z", "0", "-1", "9223372036854775807", "noon"])
flags = st.lists(st.sampled_from(["linked", "pending", "post_pending", "void_pending", "balancing_debit", "closing_credit", "imported", "history", "nonsense"]), max_size=3)

fields = {
    "key": keys, "id": keys, "from": keys, "to": keys, "hold": keys, "pending": keys, "account": keys, "name": keys, "under": keys, "parent": keys,
    "amount": amounts, "asset": st.sampled_from(["ZAR", "BTC", "XXL", "", "zar"]), "code": st.integers(-1, 70_000), "scale": st.integers(-1, 300),
    "kind": st.sampled_from(["asset", "liability", "crypto", "nonsense"]), "flags": flags, "timeout": st.integers(-1, 2**33), "linked": st.booleans(),
    "timestamp": instants, "at": instants, "effective_date": instants, "limit": st.integers(-1, 20_000), "after": st.integers(-1, 2**65),
    "newest_first": st.booleans(), "side": st.sampled_from(["debit", "credit", "both"]), "metadata": st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    "legs": st.lists(st.fixed_dictionaries({"account": keys, "side": st.sampled_from(["debit", "credit"]), "amount": amounts}), max_size=3),
    "overdraft": st.booleans(), "ledger": st.integers(-1, 2**33), "user_data_64": st.integers(-1, 2**65), "all": st.booleans(),
}
some = st.sets(st.sampled_from(sorted(fields)), max_size=8).flatmap(lambda names: st.fixed_dictionaries({name: fields[name] | junk if name == "at" else fields[name] for name in names}))
commands = st.builds(lambda op, rest: {**rest, "op": op}, st.sampled_from(["asset", "account", "post", "hold", "capture", "release", "transaction", "transfer", "nonsense"]), some)
questions = st.builds(lambda op, rest: {**rest, "op": op}, st.sampled_from([name for name in dict(thalium._native.operations()) if name != "drain"]), some)
submits = st.builds(lambda batch, now: {"op": "submit", "commands": batch, **now}, st.lists(commands | junk, max_size=4), st.just({}) | st.fixed_dictionaries({"now": instants | junk}))
payloads = submits | questions | junk | st.dictionaries(st.sampled_from(["op", *fields]), junk, max_size=4)


@settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(payloads, min_size=PAYLOADS, max_size=PAYLOADS))
def test_only_answers_and_documented_exceptions(payloads):
    with thalium.open("memory:") as t:
        for key in ("bank", "c1"):
            t.accounts.create(key=key, asset="ZAR", kind="asset")
        for payload in payloads:
            text = payload if isinstance(payload, str) else json.dumps(payload)
            try:
                told = t._ledger.call(text)
            except thalium.ThaliumError as error:
                assert error.code in CODES and str(error)
                assert error.code not in ("stopped", "panicked", "damaged")
            else:
                json.loads(told)
        assert t.check().state_hash
