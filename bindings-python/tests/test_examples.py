"""The examples of the pages, the back end and the notebooks, run as they stand."""

import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest

import thalium
from thalium import currency

ROOT = pathlib.Path(__file__).parents[2]
# Real trades, where they are. They are no part of the repository.
DATA = ROOT.parent / "shared" / "data"
zar = currency("ZAR")


@pytest.mark.parametrize("page", ["bindings-python/README.md", "README.md"])
def test_the_pages_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    snippets = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.S)
    assert snippets
    for snippet in snippets:
        exec(compile(snippet, page, "exec"), {})


def shown(notebook, monkeypatch):
    """What a notebook shows when it is run."""
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    cells = nbformat.read(ROOT / "examples/notebooks" / notebook, as_version=4)
    nbclient.NotebookClient(cells, timeout=120, kernel_name="python3").execute()
    return [output for cell in cells.cells for output in cell.get("outputs", [])]


class Backend:
    """The example's back end in a process of its own."""

    def __init__(self, place):
        program = [sys.executable, str(ROOT / "examples/python/backend.py"), str(place), "0"]
        self.process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.port = int(line.rsplit(" ", 1)[1])

    def ask(self, method, path, body=None, key=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Idempotency-Key": key} if key else {}
        connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        told = json.loads(answer.read())
        connection.close()
        return answer.status, told

    def end(self, how=signal.SIGINT):
        self.process.send_signal(how)
        self.process.wait(timeout=30)
        self.process.stdout.close()


@pytest.mark.skipif(os.name != "posix", reason="it is ended by a signal")
def test_the_back_end_and_the_notebook_that_reads_beside_it(tmp_path, monkeypatch):
    place = tmp_path / "data"
    backend = Backend(place)
    try:
        deposit = {"client": "c1", "amount": "250.00"}
        assert backend.ask("POST", "/deposits", deposit, "dep-1")[1]["replayed"] is False
        assert backend.ask("POST", "/deposits", deposit, "dep-1")[1]["replayed"]
        status, refused = backend.ask("POST", "/withdrawals", {"client": "c1", "amount": "250.01"}, "wd-1")
        assert (status, refused["status"], refused["have"]) == (422, "exceeds_credits", "250.00 ZAR")
        assert backend.ask("POST", "/withdrawals", {"client": "c1", "amount": "50.00"}, "wd-2")[0] == 200
        assert backend.ask("POST", "/deposits", {"client": "c1", "amount": "x"}, "dep-2")[0] == 400
        assert backend.ask("POST", "/deposits", deposit)[0] == 400
        assert backend.ask("GET", "/clients/nobody")[0] == 404
        assert backend.ask("GET", "/clients/c1")[1]["available"] == "200.00"
        balances, volumes = (backend.ask("GET", f"/clients/c1/{what}?width=1h")[1] for what in ("balances", "volumes"))
        assert (balances["account"], balances["buckets"][-1]["close"]) == ("c1:ZAR", "200.00")
        assert (volumes["of"], sum(row["transfers"] for row in volumes["volumes"])) == ("c1:ZAR", 2)
        for wrong in ("balances?width=x", "volumes?from=noon", "balances?limit=0", "volumes?limit=x", "balances?party=c1"):
            assert backend.ask("GET", f"/clients/c1/{wrong}")[0] == 400
        assert [backend.ask("GET", f"/clients/{what}")[0] for what in ("nobody/balances", "c1/secrets")] == [404, 404]

        trade = {"symbol": "BTC-ZAR", "at": "2026-01-05T10:01:30Z", "id": 7, "price": "60000.00", "quantity": "0.5"}
        taken = [backend.ask("POST", "/trades", trade) for _ in range(2)]
        assert [(status, told["taken"], told["again"]) for status, told in taken] == [(200, 1, 0), (200, 0, 1)]
        for wrong in ({**trade, "price": 60000.0}, {**trade, "price": "x"}, {**trade, "at": None}, [trade]):
            assert backend.ask("POST", "/trades", wrong)[0] == 400
        question = "/klines?symbol=BTC-ZAR&width=1m"
        (kline,) = backend.ask("GET", f"{question}&from=2026-01-05T10:00:00Z&to=2026-01-05T11:00:00Z&limit=9&fill=true")[1]["klines"]
        assert (kline["close"], kline["volume"], kline["trades"]) == ("60000.00000000", "0.50000000", 1)
        for wrong in ("/klines?symbol=BTC-ZAR&width=2m", "/klines", f"{question}&limit=x", f"{question}&limit=0", f"{question}&side=buy"):
            assert backend.ask("GET", wrong)[0] == 400

        monkeypatch.setenv("THALIUM_DIR", str(place))
        outputs = shown("books.ipynb", monkeypatch)
        assert any("image/png" in output.get("data", {}) for output in outputs)
        assert any("c1:ZAR" in output.get("data", {}).get("text/html", "") for output in outputs)
    finally:
        # Killed, not asked to end: what was acknowledged is there.
        backend.end(signal.SIGKILL)
    again = Backend(place)
    try:
        assert again.ask("GET", "/clients/c1")[1]["available"] == "200.00"
        assert again.ask("POST", "/withdrawals", {"client": "c1", "amount": "50.00"}, "wd-2")[1]["replayed"]
    finally:
        again.end()
    with thalium.open(place) as t:
        assert t.accounts["c1:ZAR"].available == zar("200") and t.check().state_hash
        assert t.klines("BTC-ZAR", "1m")[0].trades == 1


@pytest.mark.parametrize("data", [DATA, None], ids=["real", "made"])
def test_the_notebook_of_candles(data, tmp_path, monkeypatch):
    if data is not None and not data.is_dir():
        pytest.skip(f"there is no {data}")
    monkeypatch.setenv("THALIUM_DATA", str(data or tmp_path))
    outputs = shown("candles.ipynb", monkeypatch)
    # It says which trades it has taken.
    said = "".join(output.get("text", "") for output in outputs)
    assert ("trades that were made here" in said) == (data is None)
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 3


def test_the_notebook_of_cases(monkeypatch):
    monkeypatch.setenv("THALIUM_KYC", str(ROOT / "examples/kyc"))
    data = [output.get("data", {}) for output in shown("cases.ipynb", monkeypatch)]
    pages = [one["text/html"] for one in data if "text/html" in one]
    # The report, and what the score was made of.
    assert any("<caption>decisions</caption>" in page and "false_positive" in page for page in pages)
    assert any("<li>total: 38.5</li>" in page for page in pages)
    assert any("image/svg+xml" in one for one in data)
