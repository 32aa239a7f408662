"""A project's own tests against a simulated vendor; nothing but Python's own library."""
import json
import os
import unittest
import urllib.parse
import urllib.request
from datetime import datetime, timedelta

CONTROL = os.environ.get("LOCKSTEP_CONTROL", "http://127.0.0.1:8080/_lockstep")


def call(method, url, body=None, headers={}):
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method)) as answer:
        return json.loads(answer.read() or b"null")


class LockOffline(Exception):
    pass


class Integration:
    """What is tested: in your project this is your own code, in its own language."""

    def __init__(self, api, secrets):
        self.api = api
        form = urllib.parse.urlencode({"grant_type": "client_credentials", **secrets}).encode()
        kind = {"content-type": "application/x-www-form-urlencoded"}
        self.token = call("POST", api + "/oauth2/token", form, kind)["access_token"]

    def ask(self, method, path, body=None, key="-"):
        headers = {"authorization": "Bearer " + self.token, "content-type": "application/json"}
        return call(method, self.api + path, body, {**headers, "idempotency-key": key})

    def give_pin(self, lock, pin, begin, end, settle):
        user = self.ask("PUT", "/v1/users/guest-1", {"name": "Ada"})
        stay = {"name": "stay", "lock_id": lock, "valid_from": begin, "valid_until": end}
        access = self.ask("POST", f"/v1/users/{user['id']}/access", stay, "stay-1")["id"]
        job = self.ask("PUT", f"/v1/access/{access}/pin", {"pin": pin}, "pin-1")["job"]
        settle()
        if self.ask("GET", f"/v1/jobs/{job}")["status"] == "failed":
            raise LockOffline(lock)
        return access


class Stay(unittest.TestCase):
    def setUp(self):
        # Each test has a world of its own, with its own locks, clock and credentials.
        world = {"name": "own-test", "locks": 3, "groups": 1, "clock": "manual"}
        made = call("POST", CONTROL + "/worlds", world)
        self.addCleanup(call, "DELETE", CONTROL + "/worlds/own-test")
        self.world = CONTROL + "/worlds/own-test"
        self.lock = call("GET", self.world + "/locks")[0]["id"]
        named = {kind: {one["name"]: one["value"] for one in made[kind]} for kind in ("servers", "secrets")}
        self.integration = Integration(named["servers"]["api"], named["secrets"])
        now = datetime.fromisoformat(made["world"]["now"][:16] + "+00:00")
        self.begin, self.end = (now + timedelta(hours=2)).isoformat(), (now + timedelta(hours=4)).isoformat()

    def give_pin(self):
        wait = lambda: self.advance(minutes=10)
        return self.integration.give_pin(self.lock, "482137", self.begin, self.end, wait)

    def advance(self, **span):
        call("POST", self.world + "/clock", {"seconds": timedelta(**span).total_seconds()})

    def opens(self):
        return call("POST", f"{self.world}/locks/{self.lock}/keypad", {"keys": "482137#"})["opened"]

    def test_a_pin_opens_during_the_stay_and_at_no_other_time(self):
        self.give_pin()
        self.assertFalse(self.opens())
        self.advance(hours=2)
        self.assertTrue(self.opens())
        self.advance(hours=3)
        self.assertFalse(self.opens())

    def test_a_lock_that_is_offline_is_told(self):
        call("PATCH", f"{self.world}/locks/{self.lock}", {"reachable": False})
        with self.assertRaises(LockOffline):
            self.give_pin()


if __name__ == "__main__":
    unittest.main()
