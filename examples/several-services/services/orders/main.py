"""Takes orders."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ORDERS = {"1": {"id": "1", "article": "kettle", "pieces": 2}}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = self.path.strip("/").split("/")
        if parts == ["orders"]:
            self.answer(200, list(ORDERS.values()))
        elif len(parts) == 2 and parts[0] == "orders" and parts[1] in ORDERS:
            self.answer(200, ORDERS[parts[1]])
        else:
            self.answer(404, {"detail": "There is no such order"})

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("", int(os.environ.get("PORT", "8080"))), Handler).serve_forever()
