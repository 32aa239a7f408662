"""Makes generated calls of Inlet's API, and of its control API, meet what is there.

A description cannot say that a period ends after it began, that it is not over,
or which locks and accesses there are. Most generated calls are given such
values; the rest stay as they were made, for what is wrong must be answered as
described too.

The clock is one that stands. It is moved on in steps, as nothing else would let
the lock system behind Inlet finish its work.
"""

import collections
import datetime
import json
import os
import threading
import time
import urllib.error
import urllib.request
import zlib

import schemathesis

API = os.environ["LOCKSTEP_API"]
TOKEN = os.environ["LOCKSTEP_TOKEN"]
LOCKS = json.loads(os.environ["LOCKSTEP_LOCKS"])
OPERATIONS = ["GrantAccess", "GrantPulseAccess", "UpdateAccess", "RevokeAccess"]
# What a generated name of an operation's meaning is replaced by.
MEANINGS = ["set_pin", "update_pin", "remove_pin", "hold_open", "create_mobile", "unlock"]


def _call(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(API + path, data)
    request.add_header("Authorization", "Bearer " + TOKEN)
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def _tick():
    while True:
        try:
            _call("/_lockstep/inlet/clock", {"seconds": 1})
        except OSError:
            # The clock was let run by itself, or the tester has ended.
            pass
        time.sleep(0.01)


threading.Thread(target=_tick, daemon=True).start()

_calls = collections.Counter()


def _stays(what):
    """Every fourth call keeps what was made for it."""
    _calls[what] += 1
    return _calls[what] % 4 == 0


def _pick(value, choices):
    """One of the choices, the same one for the same value at every run."""
    return choices[zlib.crc32(repr(value).encode()) % len(choices)]


def _at(hours):
    now = datetime.datetime.fromisoformat(_call("/_lockstep/inlet")["now"].replace("Z", "+00:00"))
    return (now + datetime.timedelta(hours=hours)).isoformat()


def _granted(otherwise):
    """The name of an access that stands, where the lock system lets one be made."""
    body = {"operation": "unlock", "lockId": LOCKS[0], "from": _at(24), "to": _at(25)}
    try:
        return _call("/GrantAccess", body)["ReferenceId"]
    except urllib.error.HTTPError:
        return otherwise


def _is_time(value):
    try:
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo is not None
    except (ValueError, AttributeError):
        return False


def _is_text(value, most):
    return isinstance(value, str) and 1 <= len(value) <= most


def _fill(path, body):
    # Only what is of the right form is replaced: what is wrong must stay wrong.
    if _is_time(body.get("from")):
        body["from"] = _at(24)
    if _is_time(body.get("to")):
        body["to"] = _at(26)
    if _is_text(body.get("lockId"), 100) and not _stays(path):
        body["lockId"] = _pick(body["lockId"], LOCKS)
    if _is_text(body.get("ReferenceId"), 64) and not _stays(path):
        body["ReferenceId"] = _granted(body["ReferenceId"])
    # Of an update something must be left to change.
    if path == "/UpdateAccess" and "to" in body and body["to"] is None:
        body["to"] = _at(26)


def _place(body):
    for name, choices in (("operation", OPERATIONS), ("meaning", MEANINGS), ("lock", LOCKS)):
        if isinstance(body.get(name), str):
            body[name] = _pick(body[name], choices)


def _installed():
    """The number of a fault that is there."""
    return _call("/_lockstep/inlet/faults", {"effect": {"kind": "html"}, "lock": "nowhere"})["id"]


@schemathesis.hook
def before_call(context, case, **kwargs):
    path = case.operation.path
    named = case.path_parameters or {}
    if "fault" in named and not _stays(path):
        named["fault"] = _installed()
    if isinstance(case.body, dict):
        if path.startswith("/_lockstep/"):
            _place(case.body)
        else:
            _fill(path, case.body)
