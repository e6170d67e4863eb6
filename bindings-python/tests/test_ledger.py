"""A ledger in the hands of a Python programmer."""

import asyncio
import datetime
import json
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
from decimal import Decimal
from uuid import UUID

import pytest

import thalium
from thalium import Money, Timestamp, _rows, commands, currency

zar, btc = currency("ZAR"), currency("BTC")
UTC = datetime.timezone.utc


def chart(t):
    assert t.assets.create(code="BTC", scale=8).ok
    for key, asset, kind in [("bank:ZAR", "ZAR", "asset"), ("c1:ZAR", "ZAR", "liability"), ("c2:ZAR", "ZAR", "liability")]:
        assert t.accounts.create(key=key, asset=asset, kind=kind, name=f"Account {key}").ok


@pytest.fixture
def t():
    with thalium.open("memory:", actor="desk") as ledger:
        chart(ledger)
        yield ledger


def test_the_ten_lines(t):
    p = t.post(key="dep-9", src="bank:ZAR", dst="c1:ZAR", amount=zar("250.00"), metadata={"wire": "77"})
    assert p.ok and p.amount == zar("250") and isinstance(p.id, UUID)
    h = t.hold(key="ord-7", src="c1:ZAR", dst="c2:ZAR", amount="100")
    assert t.capture(key="fill-1", hold=h.id, amount=Decimal("60")).amount == zar("60")
    assert t.accounts["c1:ZAR"].available == zar("190")
    assert t.accounts.get(p) is None and t.accounts.get("nobody") is None and "c2:ZAR" in t.accounts
    assert [entry.what for entry in t.history("c1:ZAR")] == ["post", "hold", "capture"]
    assert t.statement("c1:ZAR").closing == zar("190.00") and t.statement("nobody") is None
    assert [transfer.key for transfer in t.transfers(account="c1:ZAR", newest_first=True, limit=2)] == ["fill-1", "ord-7"]
    assert t.transfers.get("dep-9").metadata == {"wire": "77"} and t.transfers.get("dep-9").src == "bank:ZAR"
    assert t.trial_balance()[0].balanced
    release = t.release(key="rel-1", hold=h)
    assert (release.ok, release.status) == (False, "pending_transfer_already_posted")
    legs = [commands.debit("c1:ZAR", "5.00"), commands.credit("c2:ZAR", zar("5"))]
    assert t.transaction(key="trade-1", legs=legs).ok
    assert [one.amount for one in t.transfers.of_transaction("trade-1")] == [zar("5")]
    assert t.transfer(key="all", src="c2:ZAR", dst="bank:ZAR", amount="max", flags=["balancing_debit"]).amount == zar("65")


def test_a_rejection_is_a_value_and_a_retry_books_nothing(t):
    t.post(key="a", src="bank:ZAR", dst="c1:ZAR", amount="1.00")
    refused = t.post(key="b", src="c1:ZAR", dst="bank:ZAR", amount="1.01")
    assert (refused.ok, refused.status, refused.account) == (False, "exceeds_credits", "c1:ZAR")
    assert (refused.have, refused.need) == (zar("1.00"), zar("1.01"))
    assert t.post(key="a", src="bank:ZAR", dst="c1:ZAR", amount="1.00").replayed
    assert t.post(key="a", src="bank:ZAR", dst="c1:ZAR", amount="2.00").status == "exists_with_different_amount"
    linked = [
        commands.post(key="x", src="bank:ZAR", dst="c1:ZAR", amount="1", linked=True),
        commands.post(key="y", src="nobody", dst="c1:ZAR", amount="1 ZAR"),
    ]
    assert [told.status for told in t.submit(linked)] == ["linked_event_failed", "debit_account_not_found"]


@pytest.mark.parametrize("amount", [1.0, 1, True, None, b"1", float("nan")])
def test_money_is_no_bare_number(t, amount):
    with pytest.raises(TypeError):
        t.post(key="a", src="bank:ZAR", dst="c1:ZAR", amount=amount)
    assert t.transfers.get("a") is None


def test_what_makes_no_sense_raises_with_a_code(t):
    for wrong, field in [
        (lambda: t.submit([{"op": "post", "amonut": "1"}]), "commands[0].amonut"),
        (lambda: t.submit([{"op": "post", "amount": 1.5}]), "commands[0].amount"),
        (lambda: list(t.history("nobody")), "account"),
        (lambda: t.transfers(limit=-1), "limit"),
        (lambda: t.transfers(start="noon").page(), "from"),
        (lambda: t.submit([], now="noon"), "now"),
    ]:
        with pytest.raises(thalium.InvalidError) as error:
            wrong()
        assert (error.value.code, error.value.field) == ("invalid", field)
        assert isinstance(error.value, ValueError) and isinstance(error.value, thalium.ThaliumError)
        again = pickle.loads(pickle.dumps(error.value))
        assert (str(again), again.code, again.field) == (str(error.value), "invalid", field)
    for wrong in [
        lambda: t.post(key="a", src=1, dst="c1:ZAR", amount="1"),
        lambda: t.hold(key="a", src="c1:ZAR", amount="1", timeout=1.5),
        lambda: t.statement("c1:ZAR", start=datetime.datetime(2026, 1, 1)),
        lambda: t.transfers(start_date=datetime.datetime(2026, 1, 1, tzinfo=UTC)),
        lambda: t.post("a"),
    ]:
        with pytest.raises(TypeError):
            wrong()


def test_every_code_has_its_exception(tmp_path):
    place = tmp_path / "books"
    with pytest.raises(thalium.MissingError) as error:
        thalium.open(place, create=False)
    assert error.value.code == "missing" and isinstance(error.value, FileNotFoundError)
    with thalium.open(f"file:{place}") as t:
        chart(t)
        with pytest.raises(thalium.LockedError):
            thalium.open(place)
        with pytest.raises(thalium.KeysError):
            t.rotate_keys()
        with thalium.open(place, read_only=True) as reader:
            assert reader.accounts["c1:ZAR"].balance == zar("0")
            assert reader.health().condition == "reading"
            with pytest.raises(thalium.ReadOnlyError):
                reader.post(key="a", src="bank:ZAR", dst="c1:ZAR", amount="1")
            size = reader.root().events
            t.post(key="a", src="bank:ZAR", dst="c1:ZAR", amount="1")
            assert reader.accounts["c1:ZAR"].balance == zar("1")
            with thalium.open(place, at=size) as then:
                assert then.accounts["c1:ZAR"].balance == zar("0") and then.root().events == size
        t.drain()
        assert t.health().condition == "draining"
        with pytest.raises(thalium.ReadOnlyError) as error:
            t.post(key="b", src="bank:ZAR", dst="c1:ZAR", amount="1")
        assert error.value.code == "draining"
    for call in [lambda: t.root(), lambda: t.post(key="c", src="a", dst="b", amount="1 ZAR"), lambda: t.accounts.columns()]:
        with pytest.raises(thalium.ClosedError):
            call()
    t.close()
    assert "closed" in repr(t)
    with pytest.raises(thalium.InvalidError) as error:
        thalium.open("ftp://x")
    assert error.value.code == "address"
    assert set(thalium.codes()) >= {"invalid", "locked", "missing", "damaged", "stopped", "panicked", "closed"}


def test_files_are_backed_up_verified_and_restored(tmp_path):
    key = thalium.new_key(tmp_path / "key")
    with thalium.open(tmp_path / "books", key_file=key) as t:
        chart(t)
        assert (t.rotate_keys(), t.check_keys()) == (2, 2)
        root = t.root().root
        copied = thalium.backup(tmp_path / "books", tmp_path / "copy", key_file=key)
        t.rewrap_keys(passphrase="correct horse battery staple")
    assert copied.root == root
    with pytest.raises(thalium.KeysError):
        thalium.verify(tmp_path / "books", key_file=key)
    report = thalium.verify(tmp_path / "books", passphrase="correct horse battery staple")
    assert (report.root, report.accounts, report.torn) == (root, 3, None)
    assert thalium.rehearse(tmp_path / "copy", key_file=key).state_hash == report.state_hash
    assert thalium.restore(tmp_path / "copy", tmp_path / "new", key_file=key, decrypt=True).root == root
    with pytest.raises(thalium.OccupiedError):
        thalium.restore(tmp_path / "copy", tmp_path / "new", key_file=key)
    assert thalium.inspect(tmp_path / "new")["data_keys"] == 0
    assert thalium.upgrade(tmp_path / "new", check=True) == () == thalium.upgrade(tmp_path / "new")


def test_values_are_frozen_shown_and_plain(t):
    t.post(key="a", src="bank:ZAR", dst="c1:ZAR", amount="1.00", description="<b>&")
    account = t.accounts["c1:ZAR"]
    for change in [lambda: setattr(account, "name", "x"), lambda: setattr(account, "other", 1), lambda: account.metadata.update(a="b")]:
        with pytest.raises(AttributeError):
            change()
    assert account == t.accounts["c1:ZAR"] and hash(account) == hash(t.accounts["c1:ZAR"]) and account != t.accounts["c2:ZAR"]
    assert pickle.loads(pickle.dumps(account)) == account
    assert account.to_dict()["available"] == "1.00" and "AccountView(" in repr(account)
    html = t.statement("c1:ZAR")._repr_html_()
    assert "<table>" in html and "&lt;b&gt;&amp;" in html and "<b>" not in html
    assert isinstance(account.opened_at, Timestamp) and isinstance(account.id, UUID)
    assert t.metrics().endswith("# EOF\n") and t.stats().accounts == 3


def test_instants_lose_nothing(t):
    now = Timestamp.from_nanoseconds(1_900_000_000_123_456_789)
    told = t.submit([commands.post(key="a", src="bank:ZAR", dst="c1:ZAR", amount="1")], now=now)
    assert told[0].timestamp.nanoseconds == now.nanoseconds
    assert str(now) == "2030-03-17T17:46:40.123456789Z" and Timestamp.parse(str(now)) == now
    assert now == pickle.loads(pickle.dumps(now)) and hash(now) == hash(Timestamp.parse(str(now)))
    later = Timestamp.from_nanoseconds(now.nanoseconds + 1)
    plain = datetime.datetime(2030, 3, 17, 17, 46, 40, 123456, UTC)
    assert now < later and later > now and now != later and now > plain and plain < now and not now == plain
    assert isinstance(now, datetime.datetime) and now.tzinfo is UTC and now.microsecond == 123456
    assert Timestamp.from_nanoseconds(0) == datetime.datetime(1970, 1, 1, tzinfo=UTC)
    assert t.accounts.get("c1:ZAR", at=now).balance == zar("1")
    assert t.accounts.get("c1:ZAR", at=plain).balance == zar("0")
    cape = datetime.timezone(datetime.timedelta(hours=2))
    assert t.accounts.get("c1:ZAR", at=now.astimezone(cape)) is not None
    second = datetime.timedelta(seconds=1)
    assert (now + second - second, second + now - now) == (now, second) and (now + second).nanoseconds == now.nanoseconds + 10**9
    assert now.replace(tzinfo=None) == plain.replace(tzinfo=None) and type(now.replace(hour=1)) is datetime.datetime
    with pytest.raises(TypeError):
        now + 1
    for wrong in ["2030-03-17", "2030-03-17T17:46:40+02:00", ""]:
        with pytest.raises(ValueError):
            Timestamp.parse(wrong)


def test_pages_go_on_where_they_ended(t):
    t.submit([commands.post(key=f"p{n}", src="bank:ZAR", dst="c1:ZAR", amount="1") for n in range(2_500)])
    assert len(list(t.transfers(account="c1:ZAR"))) == 2_500 == len(list(t.history("c1:ZAR")))
    assert len(list(t.transfers(limit=1_500))) == 1_500 and len(list(t.history("c1:ZAR", limit=7))) == 7
    assert list(t.transfers(limit=0)) == []
    page = t.transfers(account="c1:ZAR", limit=10).page()
    assert t.transfers(account="c1:ZAR", limit=10).page(after=page.next).transfers[0].key == "p10"
    assert [account.key for account in t.accounts] == ["bank:ZAR", "c1:ZAR", "c2:ZAR"]
    assert [asset.code for asset in t.assets.list()] == ["BTC"] and len(t.assets.list(all=True)) > 100


def at(hour, minute=0):
    return datetime.datetime(2026, 1, 30, hour, minute, tzinfo=UTC)


@pytest.fixture
def hours():
    """A ledger in which c1:ZAR has 100 from ten on, 140 from eleven on, of which 30 are held, and 120 from half past one on."""
    accounts = [commands.account(key=key, asset="ZAR", kind=kind) for key, kind in [("bank:ZAR", "asset"), ("c1:ZAR", "liability"), ("c2:ZAR", "liability")]]
    party = [commands.register_party(key="c1"), commands.assign_account(party="c1", account="c1:ZAR")]
    steps = [
        (at(10), [*accounts, *party]),
        (at(10), [commands.post(key="d1", src="bank:ZAR", dst="c1:ZAR", amount="100.00")]),
        (at(11), [commands.post(key="d2", src="bank:ZAR", dst="c1:ZAR", amount="40.00"), commands.hold(key="h1", src="c1:ZAR", dst="c2:ZAR", amount="30.00")]),
        (at(13, 30), [commands.capture(key="f1", hold="h1", amount="20.00")]),
        (at(14), [commands.post(key="d3", src="bank:ZAR", dst="c2:ZAR", amount="1.00", code=7)]),
    ]
    with thalium.open("memory:") as ledger:
        for now, batch in steps:
            assert all(told.ok for told in ledger.submit(batch, now=now))
        yield ledger


def test_a_balance_is_told_bucket_by_bucket(hours):
    history = hours.balance_history("c1:ZAR", "1h")
    assert (history.account, history.asset, history.width, history.next) == ("c1:ZAR", "ZAR", "1h", None)
    assert [bucket.start for bucket in history] == [at(n) for n in range(10, 15)] and history[0].end == at(11)
    rows = [(bucket.open, bucket.high, bucket.low, bucket.close, bucket.average, bucket.available, bucket.entries) for bucket in history[:4]]
    assert rows == [
        (zar("0"), zar("100"), zar("0"), zar("100"), zar("100"), zar("100"), 1),
        (zar("100"), zar("140"), zar("100"), zar("140"), zar("140"), zar("110"), 2),
        (zar("140"), zar("140"), zar("140"), zar("140"), zar("140"), zar("110"), 0),
        (zar("140"), zar("140"), zar("120"), zar("120"), zar("130"), zar("120"), 1),
    ]
    assert (history[3].debits, history[3].credits) == (zar("20"), zar("0")) and str(history[3].debits) == "20.00 ZAR"
    assert isinstance(history[1:], thalium.BalanceHistory) and [*history[1:]] == [*history][1:]
    assert pickle.loads(pickle.dumps(history)) == history and repr(history) == "BalanceHistory('c1:ZAR', '1h', 5 buckets)"
    assert history.to_dicts()[0]["close"] == "100.00" and history.to_dict()["buckets"] == history.to_dicts()
    (day,) = hours.balance_history("c1:ZAR", zone="Africa/Johannesburg")
    assert (day.start, day.close) == (datetime.datetime(2026, 1, 29, 22, tzinfo=UTC), zar("120"))


@pytest.mark.parametrize(
    ("given", "starts", "next"),
    [
        ({"limit": 2}, [13, 14], None),
        ({"start": at(11), "limit": 2}, [11, 12], 13),
        ({"start": "2026-01-30T12:59:00Z"}, [12, 13, 14], None),
        ({"end": at(11, 59)}, [10, 11], None),
        ({"start": at(11), "end": at(12)}, [11, 12], None),
        ({"start": datetime.date(2026, 1, 30), "end": datetime.date(2026, 1, 30)}, [10, 11, 12, 13, 14], None),
        ({"start": "2026-01-31"}, [], None),
    ],
)
def test_which_buckets(hours, given, starts, next):
    history = hours.balance_history("c1:ZAR", "1h", **given)
    assert [bucket.start for bucket in history] == [at(n) for n in starts]
    assert history.next == (None if next is None else at(next))


def test_buckets_go_on_where_they_ended(hours, monkeypatch):
    span = {"start": at(10), "end": at(14)}
    whole, moved = hours.balance_history("c1:ZAR", "1h", **span), hours.volumes(account="c1:ZAR", width="1h", **span)
    for size in (1, 2, 3):
        monkeypatch.setattr(_rows, "PAGE", size)
        assert hours.balance_history("c1:ZAR", "1h", **span) == whole
        assert hours.volumes(account="c1:ZAR", width="1h", **span) == moved


def test_volumes_are_of_an_account_a_party_or_an_asset(hours):
    account = hours.volumes(account="c1:ZAR", width="1h")
    rows = [(row.start, row.asset, row.transfers, row.debits, row.credits) for row in account]
    assert rows == [
        (at(10), "ZAR", 1, zar("0"), zar("100")),
        (at(11), "ZAR", 1, zar("0"), zar("40")),
        (at(13), "ZAR", 1, zar("20"), zar("0")),
    ]
    assert (account.of, account.width, account.next) == ("c1:ZAR", "1h", None)
    party = hours.volumes(party=hours.parties.get("c1"), width="1h")
    assert [*party] == [*account] and repr(party[1:]) == f"Volumes({party.of!r}, '1h', 2 volumes)"
    asset = hours.volumes(asset="ZAR")
    assert sorted((row.code, row.transfers, row.debits, row.credits) for row in asset) == [
        (1, 3, zar("160"), zar("160")),
        (7, 1, zar("1"), zar("1")),
    ]
    assert [row.code for row in hours.volumes(asset="ZAR", code=7, start=at(10), end=at(14))] == [7]


def test_buckets_that_make_no_sense_are_refused(hours):
    for wrong, field in [
        (lambda: hours.balance_history("nobody"), "account"),
        (lambda: hours.balance_history("c1:ZAR", "1 fortnight"), "width"),
        (lambda: hours.balance_history("c1:ZAR", zone="Nowhere"), "zone"),
        (lambda: hours.balance_history("c1:ZAR", start=at(12), end=at(11)), "from"),
        (lambda: hours.balance_history("c1:ZAR", limit=0), "limit"),
        (lambda: hours.volumes(), "account"),
        (lambda: hours.volumes(account="c1:ZAR", asset="ZAR"), "account"),
        (lambda: hours.volumes(party="nobody"), "party"),
        (lambda: hours.volumes(asset="XXL"), "asset"),
    ]:
        with pytest.raises(thalium.InvalidError) as error:
            wrong()
        assert (error.value.code, error.value.field) == ("invalid", field)
    for wrong in [lambda: hours.balance_history("c1:ZAR", start=datetime.datetime(2026, 1, 30)), lambda: hours.volumes(account=1)]:
        with pytest.raises(TypeError):
            wrong()


def test_balances_and_volumes_as_tables_keep_every_digit(hours):
    pyarrow = pytest.importorskip("pyarrow")
    polars = pytest.importorskip("polars")
    pytest.importorskip("pandas")
    told = [
        (hours.balance_history("c1:ZAR", "1h"), thalium.BalanceBucketView, ["open", "high", "low", "close", "average", "available", "debits", "credits"]),
        (hours.volumes(account="c1:ZAR", width="1h"), thalium.VolumeView, ["debits", "credits"]),
    ]
    for rows, kind, amounts in told:
        arrow, frame, data = rows.to_arrow(), rows.to_polars(), rows.to_pandas()
        assert arrow.column_names == frame.columns == list(data.columns) == list(kind._fields)
        assert arrow.schema.field("start").type == pyarrow.timestamp("ns", "UTC") and frame["end"].dtype == polars.Datetime("ns", "UTC")
        for name in amounts:
            expected = [None if value is None else value.amount for value in (getattr(row, name) for row in rows)]
            assert arrow[name].to_pylist() == frame[name].to_list() == expected
            assert arrow.schema.field(name).type == pyarrow.decimal128(38, 2) and frame[name].dtype == polars.Decimal(38, 2)
        assert pyarrow.table(rows) == arrow and rows[:0].to_polars().columns == frame.columns
    assert told[0][0].to_polars()["entries"].to_list()[:4] == [1, 2, 0, 1]
    assert told[1][0].to_arrow()["asset"].to_pylist() == ["ZAR"] * 3
    # Amounts of several assets have the digits of the one with most.
    bitcoin = {**told[1][0][0].to_dict(), "asset": "BTC", "debits": "0.00000001"}
    mixed = thalium.Volumes({"of": "c1", "width": "1h", "volumes": [*told[1][0].to_dicts(), bitcoin]})
    assert mixed.to_polars()["debits"].to_list() == mixed.to_arrow()["debits"].to_pylist() == [0, 0, 20, Decimal("0.00000001")]


def test_many_threads_use_one_handle(tmp_path):
    with thalium.open(tmp_path / "books") as t:
        chart(t)
        failed = []

        def work(worker):
            for n in range(50):
                if not t.post(key=f"{worker}-{n}", src="bank:ZAR", dst="c1:ZAR", amount="1").ok:
                    failed.append((worker, n))

        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert failed == [] and t.accounts["c1:ZAR"].balance == zar("400")


def test_closing_waits_and_a_late_call_is_told(tmp_path):
    t = thalium.open(tmp_path / "books")
    chart(t)
    ends = []

    def work(worker):
        try:
            for n in range(10_000):
                t.post(key=f"{worker}-{n}", src="bank:ZAR", dst="c1:ZAR", amount="1")
        except thalium.ThaliumError as error:
            ends.append(error.code)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    [thread.start() for thread in threads]
    t.close()
    [thread.join() for thread in threads]
    assert ends == ["closed"] * 4
    with thalium.open(tmp_path / "books") as again:
        assert again.check().state_hash


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system does not fork")
def test_a_forked_child_is_told(tmp_path):
    program = """
import os, sys, thalium
t = thalium.open(sys.argv[1])
t.accounts.create(key="a", asset="ZAR")
child = os.fork()
if child == 0:
    try:
        t.accounts.get("a")
        code = "answered"
    except thalium.ThaliumError as error:
        code = error.code
    t = None
    print(code, flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(t.accounts["a"].key)
t.close()
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program, str(tmp_path / "books")], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["closed", "a"], done.stderr
    assert multiprocessing.get_start_method(allow_none=True) in (None, "fork", "spawn", "forkserver")


def test_everything_can_be_awaited(tmp_path):
    async def run():
        async with await thalium.open_async(tmp_path / "books", actor="desk") as t:
            await t.assets.create(code="BTC", scale=8)
            await t.accounts.create(key="bank:ZAR", asset="ZAR", kind="asset")
            await t.accounts.create(key="c1:ZAR", asset="ZAR", kind="liability")
            posts = [t.post(key=f"p{n}", src="bank:ZAR", dst="c1:ZAR", amount=zar("1")) for n in range(100)]
            assert all(told.ok for told in await asyncio.gather(*posts))
            assert (await t.accounts.get("c1:ZAR")).balance == zar("100")
            assert [account.key async for account in t.accounts.list()] == ["bank:ZAR", "c1:ZAR"]
            assert len([transfer async for transfer in t.transfers(account="c1:ZAR", limit=50)]) == 50
            assert len([entry async for entry in t.history("c1:ZAR")]) == 100
            assert (await t.statement("c1:ZAR")).closing == zar("100")
            assert (await t.balance_history("c1:ZAR", "1h"))[-1].close == zar("100")
            assert sum(row.transfers for row in await t.volumes(account="c1:ZAR")) == 100
            table = {"key": ["x"], "src": ["bank:ZAR"], "dst": ["c1:ZAR"], "amount": ["1.00"]}
            assert (await t.post_columns(table)).booked == 1
            assert hasattr(await t.transfers().columns(), "__arrow_c_stream__")
            assert hasattr(await t.accounts.columns(), "__arrow_c_stream__")
            with pytest.raises(thalium.InvalidError):
                await t.transfers(start="noon").page()
            sync = {name for name in dir(thalium.Thalium) if not name.startswith("_")}
            assert sync == {name for name in dir(type(t)) if not name.startswith("_")}
        with pytest.raises((thalium.ClosedError, RuntimeError)):
            await t.root()

    asyncio.run(run())


def test_nothing_else_is_needed():
    program = "import sys\nfor name in ('numpy', 'pandas', 'polars', 'pyarrow'): sys.modules[name] = None\nimport thalium\nt = thalium.open('memory:')\nt.accounts.create(key='a', asset='ZAR')\nt.accounts.create(key='b', asset='ZAR')\nprint(t.post_columns({'key': ['x'], 'src': ['a'], 'dst': ['b'], 'units': [5]}).booked, t.accounts['b'].balance)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["1", "0.05", "ZAR"], done.stderr


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_tables_leave_and_come_again(tmp_path, suffix):
    accounts, transfers = (tmp_path / f"{name}.{suffix}" for name in ("accounts", "transfers"))
    with thalium.open("memory:") as t:
        chart(t)
        t.post(key="dep-1", src="bank:ZAR", dst="c1:ZAR", amount="10.00")
        t.post(key="dep-2", src="bank:ZAR", dst="c1:ZAR", amount="5.00")
        opened = len(list(t.accounts))
        assert t.accounts.export(accounts) == opened
        assert t.transfers(account="c1:ZAR").export(transfers) == 2
        assert t.transfers(limit=1).export(tmp_path / "one", form="csv") == 1
        with pytest.raises(thalium.InvalidError) as error:
            t.accounts.export(tmp_path / "none")
        assert error.value.field == "file"
        with pytest.raises(thalium.ThaliumError) as error:
            t.accounts.export(tmp_path / "no" / "folder.csv")
        assert error.value.code == "io"
    with thalium.open("memory:") as t:
        told = t.import_tables(accounts=accounts, transfers=transfers)
        assert told.ok and told.differences == () and told.ended is None
        assert (told.accounts.booked, told.transfers.booked, told.transfers.replayed) == (opened, 2, 0)
        assert t.import_tables(transfers=transfers).transfers.replayed == 2
        assert t.accounts["c1:ZAR"].balance == zar("15")
        with pytest.raises(thalium.InvalidError):
            t.import_tables()
        with pytest.raises(thalium.InvalidError):
            t.import_tables(accounts=tmp_path / "gone.csv")


def test_what_blnk_holds_is_taken_over(tmp_path):
    balance = {"ledger_id": "l", "currency": "USD", "currency_multiplier": 100, "created_at": "2026-07-01T09:00:00Z"}
    balances = [
        {**balance, "balance_id": "bln_a", "balance": -500, "credit_balance": 0, "debit_balance": 500},
        {**balance, "balance_id": "bln_b", "balance": 500, "credit_balance": 500, "debit_balance": 0},
    ]
    transaction = {
        "transaction_id": "txn_1", "source": "bln_a", "destination": "bln_b", "reference": "r", "amount": 5, "precise_amount": 500,
        "precision": 100, "currency": "USD", "status": "APPLIED", "created_at": "2026-07-01T09:01:00Z",
    }
    (tmp_path / "balances.json").write_text(json.dumps(balances))
    (tmp_path / "transactions.json").write_text(json.dumps([transaction]))
    with thalium.open("memory:") as t:
        dry = t.import_blnk(tmp_path, dry_run=True)
        assert not dry.imported and dry.differences == () and t.stats().accounts == 0
        told = t.import_blnk(tmp_path)
        assert (told.imported, told.accounts, told.transfers) == (True, 2, 1)
        assert t.accounts["bln_b"].balance == Money("5", "USD")
        with pytest.raises(thalium.InvalidError) as error:
            t.import_blnk(tmp_path / "nothing")
        assert error.value.field == "from"


SEED = "07" * 32
CANARY = "Nomvula Canary"


def test_a_party_is_known_found_read_and_forgotten():
    with thalium.open("memory:", actor="ann", insecure_seed=SEED) as t:
        t.accounts.create(key="c42:ZAR", asset="ZAR", kind="liability")
        assert t.parties.register(key="c42").ok
        assert t.parties.assign("c42", "c42:ZAR").ok
        name = thalium.PersonalField(CANARY, purpose="due_diligence", basis="law", years=5, identifier="name")
        sealed = thalium.commands.seal_data(party="c42", fields={"name": name})
        assert CANARY not in repr(name) and CANARY not in repr(sealed)
        assert t.submit([sealed])[0].ok
        assert [party.key for party in t.parties.find("name", "nomvula  CANARY")] == ["c42"]
        assert [field.name for field in t.parties["c42"].fields] == ["name"]
        assert [holder.party for holder in t.parties.holders("c42:ZAR")] == ["c42"]
        data = t.parties.read("c42", why="a complaint")
        assert [field.value for field in data.fields] == [CANARY]
        assert CANARY in t.parties.export_page("c42", why="a complaint")
        with pytest.raises(thalium.InvalidError):
            t.parties.access_log("c42")
        t.parties.grant_access("ann", until="2200-01-01")
        assert [entry.why for entry in t.parties.access_log("c42").entries] == ["a complaint"] * 3
        kept = t.parties.forget("c42")
        assert (kept.ok, kept.status) == (False, "relationship_has_not_ended")
        assert t.parties.amend("c42", ended="2020-01-31").ok
        assert t.parties.forget("c42").ok
        assert t.parties.read("c42", why="a complaint").fields == ()
        assert list(t.parties.find("name", CANARY)) == []
        assert t.parties["c42"].forgotten.scope == "all"


def test_a_retention_class_says_how_long_a_law_has_it_kept():
    with thalium.open("memory:", insecure_seed=SEED) as t:
        t.parties.register(key="c42")
        passport = thalium.PersonalField("A01234567", purpose="due_diligence", retention="kyc")
        assert "A01234567" not in repr(passport) and "kyc" in repr(passport)
        assert t.parties.seal("c42", {"passport": passport}).status == "retention_not_found"
        assert t.parties.define_retention("kyc", years=5, law="Directive (EU) 2015/849, Art. 40").ok
        assert t.parties.seal("c42", {"passport": passport}).ok
        (field,) = t.parties["c42"].fields
        assert (field.basis, field.years, field.retention) == ("law", 5, "kyc")
        t.accounts.create(key="c42:ZAR", asset="ZAR", name=CANARY, subject="c42", retention="kyc")
        (opened,) = t.parties.read("c42", accounts=["c42:ZAR"], why="a complaint").details
        assert (opened.description, opened.years, opened.retention) == (CANARY, 5, "kyc")
        t.parties.amend("c42", ended="2020-01-31")
        assert t.parties.define_retention("kyc", years=100).ok
        assert t.parties.forget("c42").status == "retention_has_not_passed"
        assert t.parties.define_retention("kyc", years=1).ok
        assert [(told.name, told.years, told.law) for told in t.parties.retentions()] == [("kyc", 1, "")]
        assert t.parties["c42"].kept_until == datetime.date(2021, 1, 31)
        assert [party.key for party in t.parties.list(due="2021-02-01")] == ["c42"]
        assert list(t.parties.list(due=datetime.date(2021, 1, 31))) == []
        assert t.parties.forget("c42").ok


def test_personal_data_needs_a_key():
    with thalium.open("memory:") as t:
        t.parties.register(key="c42")
        told = t.parties.seal("c42", {"name": thalium.PersonalField("x", purpose="contact")})
        assert (told.ok, told.field) == (False, "fields")
        with pytest.raises(thalium.KeysError):
            t.parties.find("name", "x")


def of_two_brokers(t):
    """Two brokers with a client and an account each, and money that moved between the two."""
    t.accounts.create(key="bank:ZAR", asset="ZAR", kind="asset")
    for house in ("alpha", "beta"):
        t.parties.register(key=house, kind="broker")
        t.parties.register(key=f"{house}-1", broker=house)
        t.accounts.create(key=f"{house}:ZAR", asset="ZAR", kind="liability")
        t.parties.assign(f"{house}-1", f"{house}:ZAR")
        assert t.post(key=f"{house}-fund", src="bank:ZAR", dst=f"{house}:ZAR", amount="9.00").ok
    sealed = {"subject": "alpha-1", "description": CANARY, "metadata": {"order": "7", "payee": CANARY}, "public": ["order"]}
    assert t.post(key="pay-1", src="alpha:ZAR", dst="beta:ZAR", amount="1.00", **sealed).ok


def test_a_broker_sees_its_own():
    with thalium.open("memory:", insecure_seed=SEED) as t:
        of_two_brokers(t)
        for house, other in (("alpha", "beta"), ("beta", "alpha")):
            seen = t.seen_by(house)
            assert [account.key for account in seen.accounts] == [f"{house}:ZAR"]
            assert {party.key for party in seen.parties} == {house, f"{house}-1"}
            assert f"{other}:ZAR" not in seen.accounts and f"{other}-1" not in seen.parties
            assert seen.accounts[f"{house}:ZAR"].balance == t.accounts[f"{house}:ZAR"].balance
            assert len(list(seen.history(f"{house}:ZAR"))) == 2
            assert [transfer.key for transfer in seen.transfers()] == [f"{house}-fund", ""]
            assert seen.statement(f"{other}:ZAR") is None
            assert seen.balance_history(f"{house}:ZAR")[-1].close == t.accounts[f"{house}:ZAR"].balance
            assert [*seen.volumes(party=f"{house}-1")] == [*t.volumes(account=f"{house}:ZAR")]
            with pytest.raises(thalium.InvalidError):
                list(seen.holds(f"{other}:ZAR"))
            assert seen.parties.read(f"{house}-1", why="a complaint").party == f"{house}-1"
        # Nothing is there that would tell of the whole book, or change it.
        for name in ("post", "trial_balance", "submit", "root"):
            assert not hasattr(seen, name)
        with pytest.raises(thalium.InvalidError, match="viewer"):
            list(t.seen_by("alpha-1").accounts)


def test_words_are_sealed_to_a_party():
    with thalium.open("memory:", insecure_seed=SEED) as t:
        of_two_brokers(t)
        told = t.transfers.get("pay-1")
        assert (told.description, dict(told.metadata)) == ("", {"order": "7"})
        assert told.subject == t.parties["alpha-1"].id
        [opened] = t.parties.read("alpha-1", transfers=["pay-1"], why="a complaint").details
        assert (opened.transfer, opened.description, dict(opened.metadata)) == ("pay-1", CANARY, {"payee": CANARY})
        assert (opened.basis, opened.years) == ("law", 5)
        assert [one.transfer for one in t.parties.export("alpha-1", why="asked").data.details] == ["pay-1"]
        words = {"subject": "alpha-1", "metadata": {"payee": CANARY}}
        post = commands.post(key="p", src="a", dst="b", amount="1", description=CANARY, **words)
        assert CANARY not in repr(post) + repr(commands.account(key="a", asset="ZAR", name=CANARY, **words))
        assert json.loads(json.dumps(post))["description"] == CANARY
        refused = t.post(key="pay-2", src="bank:ZAR", dst="beta:ZAR", amount="1.00", subject="nobody", description="x")
        assert refused.status == "subject_not_found"


def test_a_broker_sees_its_own_when_awaited():
    async def ask():
        async with await thalium.open_async("memory:") as t:
            await t.parties.register(key="alpha", kind="broker")
            await t.accounts.create(key="alpha:ZAR", asset="ZAR", kind="liability")
            await t.accounts.create(key="beta:ZAR", asset="ZAR", kind="liability")
            await t.parties.assign("alpha", "alpha:ZAR")
            seen = t.seen_by("alpha")
            return [account.key async for account in seen.accounts.list()], await seen.statement("beta:ZAR")

    assert asyncio.run(ask()) == (["alpha:ZAR"], None)
