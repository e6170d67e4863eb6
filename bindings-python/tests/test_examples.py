"""The examples of the pages, the back end and the notebook that reads its ledger, run as they stand."""

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
zar = currency("ZAR")


@pytest.mark.parametrize("page", ["bindings-python/README.md", "README.md"])
def test_the_pages_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    snippets = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.S)
    assert snippets
    for snippet in snippets:
        exec(compile(snippet, page, "exec"), {})


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

        nbformat = pytest.importorskip("nbformat")
        nbclient = pytest.importorskip("nbclient")
        monkeypatch.setenv("THALIUM_DIR", str(place))
        monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        notebook = nbformat.read(ROOT / "examples/notebooks/books.ipynb", as_version=4)
        nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
        shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
        assert any("image/png" in output.get("data", {}) for output in shown)
        assert any("c1:ZAR" in output.get("data", {}).get("text/html", "") for output in shown)
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
