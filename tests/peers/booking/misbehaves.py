"""A booking system that takes every booking and then misbehaves: `misbehaves.py HOW`."""
import http.client, json, os, socket, sys, threading, time, urllib.error, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOW = sys.argv[1]
INLET, TOKEN = os.environ["LOCKSTEP_INLET_URL"], os.environ["LOCKSTEP_INLET_TOKEN"]
KEPT = []


def post(body):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    try:
        return urllib.request.urlopen(urllib.request.Request(INLET + "/GrantAccess", body, headers), timeout=20).status
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def grant(form):
    members = {"operation": "code", "lockId": form["room"], "from": form["from"], "to": form["until"]}
    return json.dumps(members | {"email": form["email"]}).encode()


def huge(form):
    post(b'{"reference": "' + b"x" * 10_000_000 + b'"}')
    post(grant(form))


def connections(form):
    host, port = INLET.removeprefix("http://").split(":")
    for _ in range(1000):
        try:
            KEPT.append(socket.create_connection((host, int(port)), timeout=5))
        except OSError:
            break
    post(grant(form))


def hammers(form):
    for _ in range(3000):
        post(grant(form))


def nonsense(form):
    post(b"\xff\xfe\x00[" * 1000)
    post(grant(form))


def careless(form):
    """Writes a guest's name and number and its credential wherever something can be written."""
    whole = json.loads(grant(form))
    host = INLET.removeprefix("http://")

    def call(body, path="/GrantAccess", method="POST", **headers):
        named = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(host, timeout=20)
        try:
            connection.request(method, path, body if isinstance(body, bytes) else json.dumps(body), named)
            connection.getresponse().read()
        except OSError:
            pass

    for word in ("Lovelace", "lovelace-41298765", "41298765", TOKEN):
        call(whole | {"lockId": word})
        call(whole | {word: 1})
        call(whole | {"operation": word})
        call(whole | {"from": word})
        call(b'{"' + word.encode() + b'": 1, "' + word.encode() + b'": 2}')
        call({"ReferenceId": word, "to": form["until"]}, "/UpdateAccess")
        call({"ReferenceId": word}, "/RevokeAccess")
        call(whole, "/" + word)
        call(whole, "/GrantAccess?" + word + "=" + word)
        call(whole, method=word.upper().replace("-", ""))
        call(whole, Content_Type="text/" + word)
        call(whole, Accept=word, Lockstep_Exchange=word, User_Agent=word)
        call(whole, **{"X_" + word: TOKEN})
    post(grant(form))


class Desk(BaseHTTPRequestHandler):
    def do_POST(self):
        form = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if HOW == "silent":
            time.sleep(3600)
        if HOW == "fails":
            return self.answer(500, b"a defect")
        if HOW == "babbles":
            return self.answer(200, b"<html>Booked!</html>")
        if HOW in globals():
            threading.Thread(target=globals()[HOW], args=(form,), daemon=True).start()
        self.answer(200, b'{"id": 1}')

    def do_GET(self):
        self.answer(200, b"{}")

    def answer(self, status, body):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if HOW == "ends":
    sys.exit(7)
ThreadingHTTPServer(("127.0.0.1", int(os.environ["LOCKSTEP_PORT"])), Desk).serve_forever()
