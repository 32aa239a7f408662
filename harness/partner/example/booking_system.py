"""A small booking system whose guests come in through Inlet: an example to start from.

It needs Python 3.11 and the packages `phonenumbers` and `email-validator`. Lockstep starts it and tells it by
LOCKSTEP_… variables what is around it. `--defects` makes it wrong in three ways, which a certification finds.
"""
import json, os, smtplib, sqlite3, sys, threading, time, urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from email_validator import validate_email
import phonenumbers

TOLD, STARTED, DEFECTS = os.environ, time.monotonic(), "--defects" in sys.argv
SPEED, BEGAN = float(TOLD["LOCKSTEP_SPEED"]), datetime.fromisoformat(TOLD["LOCKSTEP_NOW"]).timestamp()
HOUR, GAP, TELL_AFTER, GIVE_UP_AFTER = 3600, 120 if DEFECTS else 240, 1890, 3600  # in seconds
DB = sqlite3.connect(os.path.join(TOLD["LOCKSTEP_DATA"], "bookings.db"), check_same_thread=False)
DB.row_factory, LOCK, BUSY, CALLS = sqlite3.Row, threading.Lock(), set(), ThreadPoolExecutor(16)
locked_out = False  # Inlet refused the credential: nothing is sent until we are started with another
def now(): return BEGAN + (time.monotonic() - STARTED) * SPEED
def seconds(text): return datetime.fromisoformat(text).timestamp()
def shown(moment): return datetime.fromtimestamp(int(moment), timezone.utc).isoformat()

def sql(text, *values):
    with LOCK, DB:
        return DB.execute(text, values).fetchall()

def log(access, words):  # numbers and errors, and nobody's name, address or credential
    with open(TOLD["LOCKSTEP_LOG"], "a") as file:
        file.write(f"{shown(now())} access {access}: {words}\n")

# What is wished of each access (JSON; null for nothing), what Inlet has granted, and when to go on.
sql("""CREATE TABLE IF NOT EXISTS access (id INTEGER PRIMARY KEY, booking INT, wish TEXT, granted TEXT DEFAULT 'null',
       reference TEXT, code TEXT, due REAL, first REAL, told INT DEFAULT 0, problem TEXT)""")

def contact(guest):
    sent = {}  # what is not valid never leaves the form
    if guest["email"]:
        validate_email(guest["email"], check_deliverability=False, strict=True)
        sent["email"] = guest["email"]
    if guest["phone"]:
        number = phonenumbers.parse(guest["phone"], guest["country"])
        if not phonenumbers.is_valid_number(number):
            raise ValueError("this phone number is not valid")
        form = phonenumbers.PhoneNumberFormat.NATIONAL if DEFECTS else phonenumbers.PhoneNumberFormat.E164
        sent["phoneNumber"] = phonenumbers.format_number(number, form)
    return sent

def book(form):
    """An access for each door: a group's guests have a room each, the first guest has all others."""
    if not 0 < seconds(form["until"]) - seconds(form["from"]) <= 367 * 24 * HOUR:
        raise ValueError("a stay ends after it begins, and within 367 days")
    guests = [contact(guest) for guest in form["guests"]]
    booking = time.time_ns() // 1000
    for nth, door in enumerate(form["rooms"] + form["doors"]):
        wish = {"operation": form["access"], "lockId": door, "from": form["from"], "to": form["until"]}
        wish |= guests[nth if nth < len(guests) else 0] if form["messages"] else {}
        due = seconds(form["from"]) - 71.9 * HOUR  # Inlet takes nothing more than 72 hours ahead
        sql("INSERT INTO access (booking, wish, due) VALUES (?, ?, ?)", booking, json.dumps(wish), due)
    return {"id": booking}

def change(booking, act, form):
    for access in sql("SELECT * FROM access WHERE booking = ? AND wish != 'null'", booking):
        wish = json.loads(access["wish"])
        news = {"to": form.get("until"), "lockId": form.get("room"), "from": act == "check_in" and shown(now())}
        wish = None if act in ("cancel", "check_out") else wish | {k: v for k, v in news.items() if v}
        # A retry that is pending keeps its turn, and sends the booking as it then is.
        sql("UPDATE access SET wish = ?, problem = NULL WHERE id = ?", json.dumps(wish), access["id"])
    return {"id": booking}

def call(path, body):
    """Status, answer and the wait that was asked for; status 0 where no answer came."""
    headers = {"Authorization": f"Bearer {TOLD['LOCKSTEP_INLET_TOKEN']}", "Content-Type": "application/json"}
    request = urllib.request.Request(TOLD["LOCKSTEP_INLET_URL"] + path, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=max(150 / SPEED, 2.5)) as answer:
            return 200, json.load(answer), 0
    except OSError as why:
        return getattr(why, "code", 0), {}, int(getattr(why, "headers", {}).get("Retry-After") or 60)

def bring_in_line(access, wish, granted):
    """The call that brings what Inlet has granted in line with what is wished, and what comes of it."""
    global locked_out
    started, path, body = now(), "/GrantAccess", wish
    if granted:
        path, body = "/UpdateAccess" if wish else "/RevokeAccess", {"ReferenceId": access["reference"]}
        body |= {k: v for k, v in (wish or {}).items() if granted[k] != v}
    status, answer, wait = call(path, body)
    if status == 200:
        sql("""UPDATE access SET granted = ?, first = NULL, reference = ifnull(?, reference), code = ifnull(?, code)
               WHERE id = ?""", json.dumps(wish), answer.get("ReferenceId"), answer.get("codeFormatted"), access["id"])
        return
    log(access["id"], f"Inlet answered with error {status}")
    first, problem, again = access["first"], None, now() + wait
    if status in (401, 403):
        locked_out = True
    elif status in (0, 500, 502, 504):  # an upstream timeout: every 3 to 5 minutes, and a person after an hour
        first, again = first or started, started + GAP
        problem = "Inlet's lock system does not answer" if again > first + GIVE_UP_AFTER else None
    elif status not in (429, 503):
        problem = f"Inlet refused it with {status}"
    sql("UPDATE access SET first = ?, due = ?, problem = ? WHERE id = ?", first, again, problem, access["id"])

def tell_support(access, lock):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "desk@hotel.example", "support@inlet.tech", f"No access at lock {lock}"
    mail.set_content(f"{lock}, booking {access['booking']}, since {shown(access['first'])}, error: upstream timeout")
    with smtplib.SMTP(TOLD["LOCKSTEP_SMTP"]) as server:
        server.send_message(mail)
    sql("UPDATE access SET told = 1 WHERE id = ?", access["id"])

def work(number):
    try:
        access = sql("SELECT * FROM access WHERE id = ?", number)[0]
        wish, granted = json.loads(access["wish"]), json.loads(access["granted"])
        if wish and access["first"] and not access["told"] and now() > access["first"] + TELL_AFTER and not DEFECTS:
            tell_support(access, wish["lockId"])
        if access["due"] <= now() and wish != granted and not access["problem"] and not locked_out:
            bring_in_line(access, wish, granted)
    except Exception as why:
        log(number, f"error: {type(why).__name__}")
    BUSY.discard(number)

def go_on():  # one thing at a time for each access
    while not time.sleep(0.02):
        for (number,) in sql("SELECT id FROM access WHERE wish != granted AND (due <= ? OR first > 0)", now()):
            if number not in BUSY:
                BUSY.add(number)
                CALLS.submit(work, number)

class Desk(BaseHTTPRequestHandler):
    def do_POST(self):  # /bookings, or /bookings/{number}/{act}
        form = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or "{}")
        _, _, *rest = self.path.split("/")
        try:
            self.answer(200, change(int(rest[0]), rest[1], form) if rest else book(form))
        except (ValueError, phonenumbers.NumberParseException) as why:
            self.answer(422, {"message": str(why)})
    def do_GET(self):  # /bookings/{number}
        found = sql("SELECT code, problem FROM access WHERE booking = ?", self.path.rsplit("/", 1)[1])
        self.answer(200, dict(found[0]) if found else {})
    def answer(self, status, body):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())
    def log_message(self, *_): pass

ThreadingHTTPServer.request_queue_size = 128
threading.Thread(target=go_on, daemon=True).start()
ThreadingHTTPServer(("127.0.0.1", int(TOLD["LOCKSTEP_PORT"])), Desk).serve_forever()
