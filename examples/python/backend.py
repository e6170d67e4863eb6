"""A small back end in one process: it owns the ledger, takes deposits and withdrawals over HTTP, and survives a restart.

    pip install thalium
    python backend.py ./data 8080

    curl -X POST localhost:8080/deposits    -H 'Idempotency-Key: dep-1' -d '{"client":"c1","amount":"250.00"}'
    curl -X POST localhost:8080/withdrawals -H 'Idempotency-Key: wd-1'  -d '{"client":"c1","amount":"20.00"}'
    curl localhost:8080/clients/c1

The caller's idempotency key is the posting's key: a retry books nothing and gets the first answer.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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

    def do_GET(self):
        account = self.server.ledger.accounts.get(self.path.removeprefix("/clients/") + ":ZAR")
        self.answer(200 if account else 404, account.to_dict() if account else {"error": "there is no such client"})

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
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        server.ledger = t
        print(f"listening on {server.server_port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
