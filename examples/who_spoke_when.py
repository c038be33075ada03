#!/usr/bin/env python3
"""Who spoke when, by Signalbox: submits a recording, waits for the result, prints the turns. Standard library only.

    SIGNALBOX_KEY=sbx_… python3 examples/who_spoke_when.py weekly.wav
    SIGNALBOX_KEY=sbx_… python3 examples/who_spoke_when.py https://files.example.com/weekly.wav

Python 3.8 or newer. SIGNALBOX_URL says where the service is (http://127.0.0.1:8000 unless set). The key needs the scopes
jobs:read and jobs:write, and files:write for a file.
"""

import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

SERVICE = os.environ.get("SIGNALBOX_URL", "http://127.0.0.1:8000")
KEY = os.environ.get("SIGNALBOX_KEY", "")
TRIES = 5
SETTLED = ("succeeded", "failed", "canceled", "expired")


class Mistake(Exception):
    """Whoever reads it can do something about it: printed without a stack."""


def ask(method, path, headers, body=None):
    """One request. A connection that fails, or a service that is busy, is tried again: with an Idempotency-Key a second
    request never makes a second job. `body`: None, bytes, or the path of a file to send."""
    for attempt in range(1, TRIES + 1):
        last = attempt == TRIES
        try:
            return send(method, path, headers, body)
        except urllib.error.HTTPError as error:
            problem = problem_of(error)
            wait = error.headers.get("Retry-After")
            if last or error.code not in (409, 429, 503) or wait is None:
                code = problem.get("code", error.reason)
                detail = problem.get("detail", "no details")
                raise Mistake(f"{error.code} {code}: {detail}") from None
            time.sleep(float(wait))
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            if last:
                reason = getattr(error, "reason", error)
                raise Mistake(f"{SERVICE} does not answer: {reason}") from None
            time.sleep(attempt * 0.5)
    raise AssertionError("not reached")


def send(method, path, headers, body):
    url = urllib.parse.urljoin(SERVICE, path)
    headers = {"Authorization": f"Bearer {KEY}", **headers}
    content = body
    if isinstance(body, str):
        content = open(body, "rb")
        headers["Content-Length"] = str(os.path.getsize(body))
    try:
        request = urllib.request.Request(url, data=content, method=method, headers=headers)
        # The service holds an answer for a minute at most.
        with urllib.request.urlopen(request, timeout=90) as response:
            return json.load(response)
    finally:
        if isinstance(body, str):
            content.close()


def problem_of(error):
    try:
        problem = json.load(error)
        return problem if isinstance(problem, dict) else {}
    except ValueError:
        return {}


def recording_of(argument):
    """An address goes as it is; a file is uploaded first."""
    if argument.startswith(("http://", "https://", "media://")):
        return {"url": argument}
    if not os.path.isfile(argument):
        raise Mistake(f"{argument}: there is no such file, and it is no address either")
    name = urllib.parse.quote(os.path.basename(argument), safe="")
    headers = {"Content-Type": "application/octet-stream"}
    return {"file": ask("POST", f"/v1/files?name={name}", headers, argument)["id"]}


def diarize(recording):
    """Waits for as long as it takes, one request a minute."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4()), "Prefer": "wait=60"}
    job = ask("POST", "/v1/diarizations", headers, json.dumps(recording).encode())
    while job["status"] not in SETTLED:
        print(f"job {job['id']} is {job['status']} …", file=sys.stderr)
        job = ask("GET", f"/v1/jobs/{job['id']}", {"Prefer": "wait=60"})
    return job


def main(arguments):
    if not arguments:
        raise Mistake("which recording? Give a file or an http(s) address")
    if not KEY:
        raise Mistake("SIGNALBOX_KEY is not set; signalbox keys create --name me makes a key")
    job = diarize(recording_of(arguments[0]))
    if job["status"] != "succeeded" or not job.get("result"):
        reason = (job.get("error") or {}).get("message", "no reason was given")
        raise Mistake(f"job {job['id']} is {job['status']}: {reason}")
    for turn in job["result"]["diarization"]:
        print(f"{turn['start']:9.2f} – {turn['end']:9.2f} s  {turn['speaker']}")


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    try:
        main(sys.argv[1:])
    except Mistake as mistake:
        sys.exit(str(mistake))
