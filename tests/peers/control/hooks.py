"""Makes generated calls of the control API meet what is there.

A generated name of a world or of a lock is hardly ever one that exists, so
most of them are replaced by names that do; the rest stays as it was made, for
what is not there must be answered as described too.
"""

import json
import os
import urllib.request
import zlib

import schemathesis

ROOT = os.environ["LOCKSTEP_CONTROL"]
# So large a fleet shows nothing more, and takes its time to make.
LARGEST_FLEET = 300


def _read(path):
    with urllib.request.urlopen(ROOT + path) as answer:
        return json.load(answer)


LOCKS = [lock["id"] for lock in _read("/worlds/reference/locks?limit=5")]
OPERATIONS = [one["name"] for one in _read("/worlds/reference")["operations"]]


def _pick(value, choices):
    """One of the choices, the same one for the same value at every run."""
    return choices[zlib.crc32(repr(value).encode()) % len(choices)]


def _stays(value):
    return _pick(("stays", value), [True, False, False, False])


def _name(case):
    # Only a world that nobody needs is removed.
    removes = case.operation.method.upper() == "DELETE" and case.operation.path.endswith("/{world}")
    known = {"world": ["scratch"] if removes else ["reference"], "lock": LOCKS, "fault": [1, 2, 3, 4, 5]}
    for name, choices in known.items():
        value = (case.path_parameters or {}).get(name)
        if value is not None and not _stays(value):
            case.path_parameters[name] = _pick(value, choices)


def _fill(body):
    for name in ("locks", "groups"):
        size = body.get(name)
        if isinstance(size, int) and not isinstance(size, bool) and LARGEST_FLEET < size <= 1_000_000:
            body[name] = size % LARGEST_FLEET
    for name, choices in (("operation", OPERATIONS), ("lock", LOCKS), ("profile", ["reference"])):
        value = body.get(name)
        if isinstance(value, str) and not _stays(value):
            body[name] = _pick(value, choices)


@schemathesis.hook
def before_call(context, case, **kwargs):
    _name(case)
    if isinstance(case.body, dict):
        _fill(case.body)
