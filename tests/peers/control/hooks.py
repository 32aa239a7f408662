"""Makes generated calls of the control API meet what is there.

A generated name of a world or of a lock is hardly ever one that exists, so
most of them are replaced by names that do; the rest stays as it was made, for
what is not there must be answered as described too.
"""

import collections
import json
import os
import urllib.request
import zlib

import schemathesis
from hypothesis import strategies

ROOT = os.environ["LOCKSTEP_CONTROL"]
# So large a fleet shows nothing more, and takes its time to make.
LARGEST_FLEET = 300


def _read(path):
    with urllib.request.urlopen(ROOT + path) as answer:
        return json.load(answer)


LOCKS = [lock["id"] for lock in _read("/worlds/reference/locks?limit=5")]
OPERATIONS = [one["name"] for one in _read("/worlds/reference")["operations"]]


# Texts of which a pattern says too little.
SCENARIO = """schema = "lockstep.scenario/1"
title = "generated"

[fleet]
locks = 2
groups = 1

[[events]]
after = "30 s"
then = { go_offline = { lock = 1 } }
"""
for name, texts in {
    "location": ["http://127.0.0.1:9/elsewhere", "https://vendor.example", "/v2/locks", "/"],
    "loopback-address": ["http://127.0.0.1:9/hook", "http://localhost:9/", "http://[::1]:9/a?b=c"],
    "scenario": [SCENARIO, SCENARIO.replace("30 s", "2 min")],
}.items():
    schemathesis.openapi.format(name, strategies.sampled_from(texts))

_calls = collections.Counter()


def _pick(value, choices):
    """One of the choices, the same one for the same value at every run."""
    return choices[zlib.crc32(repr(value).encode()) % len(choices)]


def _stays(what):
    """Every fourth call keeps what was made for it."""
    _calls[what] += 1
    return _calls[what] % 4 == 0


def _installed():
    """The number of a fault that is there."""
    fault = json.dumps({"effect": {"kind": "html"}}).encode()
    request = urllib.request.Request(ROOT + "/worlds/reference/faults", fault, method="POST")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["id"]


def _name(case):
    operation = f"{case.operation.method.upper()} {case.operation.path}"
    # Only a world that nobody needs is removed.
    removes = operation == "DELETE /_lockstep/worlds/{world}"
    known = {"world": ["scratch"] if removes else ["reference"], "lock": LOCKS}
    named = case.path_parameters or {}
    # The tester learns names from answers, and would take away what all need.
    if removes and named.get("world") == "reference":
        named["world"] = "scratch"
    if not named or _stays(operation):
        return
    for name, choices in known.items():
        if name in named:
            named[name] = _pick(named[name], choices)
    if "fault" in named:
        named["fault"] = _installed()


def _fill(body):
    for name in ("locks", "groups"):
        size = body.get(name)
        if isinstance(size, int) and not isinstance(size, bool) and LARGEST_FLEET < size <= 1_000_000:
            body[name] = size % LARGEST_FLEET
    for name, choices in (("operation", OPERATIONS), ("lock", LOCKS), ("profile", ["reference"])):
        value = body.get(name)
        if isinstance(value, str) and not _stays(name):
            body[name] = _pick(value, choices)


@schemathesis.hook
def before_call(context, case, **kwargs):
    _name(case)
    if isinstance(case.body, dict):
        _fill(case.body)
