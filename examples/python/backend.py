"""A small back end in one process: it owns the ledger, takes deposits and withdrawals over HTTP, and survives a restart. Trades become
candles.

    pip install thalium
    python backend.py ./data 8080

    curl -X POST localhost:8080/deposits    -H 'Idempotency-Key: dep-1' -d '{"client":"c1","amount":"250.00"}'
    curl -X POST localhost:8080/withdrawals -H 'Idempotency-Key: wd-1'  -d '{"client":"c1","amount":"20.00"}'
    curl localhost:8080/clients/c1
    curl 'localhost:8080/clients/c1/balances?width=1h&zone=Africa/Johannesburg'
    curl 'localhost:8080/clients/c1/volumes?from=2026-01-01&to=2026-01-31'

    curl -X POST localhost:8080/trades -d '{"symbol":"BTC-ZAR","at":"2026-01-05T10:01:30Z","id":7,"price":"60000.00","quantity":"0.5"}'
    curl 'localhost:8080/klines?symbol=BTC-ZAR&width=1m&limit=100'

The caller's idempotency key is the posting's key: a retry books nothing and gets the first answer. A trade needs none: by its symbol,
instant and id it counts once.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import thalium
from thalium import currency

zar = currency("ZAR")


def account_of(t, client):
    key = f"{client}:ZAR"
    t.accounts.create(key=key, asset="ZAR", kind="liability", parent="clients:ZAR")
    return key


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        if self.path == "/trades":
            return self.take(body)
        key = self.headers.get("Idempotency-Key")
        if not key:
            return self.answer(400, {"error": "send an Idempotency-Key"})
        t = self.server.ledger
        client = account_of(t, body["client"])
        try:
            amount = zar(body["amount"])
        except (TypeError, ValueError) as error:
            return self.answer(400, {"error": str(error)})
        if self.path == "/deposits":
            told = t.post(key=key, src="bank:ZAR", dst=client, amount=amount)
        elif self.path == "/withdrawals":
            told = t.post(key=key, src=client, dst="bank:ZAR", amount=amount)
        else:
            return self.answer(404, {"error": "deposits or withdrawals"})
        return self.answer(200 if told.ok else 422, told.to_dict())

    def take(self, trade):
        try:
            told = self.server.ledger.rollups.ingest("klines", [trade])
        except (TypeError, ValueError) as error:
            return self.answer(400, {"error": str(error)})
        return self.answer(200, told.to_dict())

    def klines(self, query):
        asked = dict(parse_qsl(query))
        try:
            page = self.server.ledger.klines(
                asked.pop("symbol", ""),
                asked.pop("width", ""),
                asked.pop("from", None),
                asked.pop("to", None),
                limit=int(asked.pop("limit", 500)),
                fill=asked.pop("fill", "") == "true",
            )
        except ValueError as error:
            return self.answer(400, {"error": str(error)})
        if asked:
            return self.answer(400, {"error": f"there is no parameter {min(asked)}"})
        return self.answer(200, page.to_dict())

    def buckets(self, account, what, query):
        t = self.server.ledger
        asked = dict(parse_qsl(query))
        try:
            buckets = {
                "width": asked.pop("width", "1d"),
                "zone": asked.pop("zone", None),
                "start": asked.pop("from", None),
                "end": asked.pop("to", None),
                "limit": int(asked.pop("limit", 500)),
            }
            if asked:
                return self.answer(400, {"error": f"there is no parameter {min(asked)}"})
            told = t.balance_history(account.key, **buckets) if what == "balances" else t.volumes(account=account.key, **buckets)
        except ValueError as error:
            return self.answer(400, {"error": str(error)})
        return self.answer(200, told.to_dict())

    def do_GET(self):
        path, query = urlsplit(self.path)[2:4]
        if path == "/klines":
            return self.klines(query)
        client, _, what = path.removeprefix("/clients/").partition("/")
        account = self.server.ledger.accounts.get(f"{client}:ZAR")
        if account and what in ("balances", "volumes"):
            return self.buckets(account, what, query)
        found = account and not what
        self.answer(200 if found else 404, account.to_dict() if found else {"error": "there is no such client"})

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def main():
    place, port = sys.argv[1], int(sys.argv[2])
    # `wait`: the one that ran before may still be finishing what it has taken.
    with thalium.open(place, actor="backend", wait=10) as t:
        t.accounts.create(key="bank:ZAR", asset="ZAR", kind="asset", name="Money at the bank")
        t.accounts.create(key="clients:ZAR", asset="ZAR", kind="liability", name="What clients have")
        if not any(rollup.name == "klines" for rollup in t.rollups.list()):
            t.rollups.define("klines", levels=["1m", "1h", "1d"], price_scale=8, quantity_scale=8)
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        server.ledger = t
        print(f"listening on {server.server_port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
