#!/usr/bin/env python3
"""Receives notifications of Signalbox. Standard library only, Python 3.8 or newer.

    SIGNALBOX_SECRET=whsec_… PORT=3000 python3 examples/receive_notification.py

`pip install standardwebhooks` has the same check: Webhook(secret).verify(body, headers) in place of verified().
"""

import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = base64.b64decode(os.environ["SIGNALBOX_SECRET"].split("_", 1)[1])
# In earnest a table with a unique column, written in the transaction of whatever the notification leads to.
SEEN = set()


def verified(body, headers):
    """Over the bytes as they came, before anything parses them. Raises ValueError."""
    sent_at = headers.get("webhook-timestamp", "")
    if not sent_at.isdecimal() or abs(time.time() - int(sent_at)) > 300:
        raise ValueError("older or newer than five minutes")
    signed = f"{headers.get('webhook-id', '')}.{sent_at}.".encode() + body
    right = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    # Several while the secret is being changed: one of them has to fit.
    given = [one[3:] for one in headers.get("webhook-signature", "").split() if one.startswith("v1,")]
    if not any(hmac.compare_digest(one.encode(), right.encode()) for one in given):
        raise ValueError("the signature does not fit")
    return json.loads(body)


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        try:
            length = int(self.headers.get("Content-Length", 0))
            if not 0 < length < 100_000:
                raise ValueError("no body, or too long a one")
            body = self.rfile.read(length)
            notification = verified(body, self.headers)
        except ValueError as error:
            return self.answer(400, f"refused: {error}\n".encode())
        # At once: what takes over 15 s is sent again. What must not be lost is written down before.
        self.answer(204)
        name = self.headers["webhook-id"]
        if name not in SEEN:
            SEEN.add(name)
            handle(name, notification)

    def answer(self, status, text=b""):
        self.send_response(status)
        if text:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def handle(name, notification):
    job = notification["data"].get("job")
    about = f"job {job['id']} is {job['status']}" if job else ""
    print(f"{notification['timestamp']} {notification['type']} {about} (verified, {name})", flush=True)


port = int(os.environ.get("PORT", "3000"))
server = ThreadingHTTPServer(("127.0.0.1", port), Hook)
print(f"listening on http://127.0.0.1:{port}/", flush=True)
try:
    server.serve_forever()
except KeyboardInterrupt:
    pass
