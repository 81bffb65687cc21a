"""Tells what is in stock."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STOCK = {"kettle": {"article": "kettle", "pieces": 17}}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = self.path.strip("/").split("/")
        if parts == ["stock"]:
            self.answer(200, list(STOCK.values()))
        elif len(parts) == 2 and parts[0] == "stock" and parts[1] in STOCK:
            self.answer(200, STOCK[parts[1]])
        else:
            self.answer(404, {"detail": "There is no such article"})

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("", int(os.environ.get("PORT", "8080"))), Handler).serve_forever()
