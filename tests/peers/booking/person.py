"""A person at a terminal: `person.py PORT_FILE COMMAND…` runs a command at a pseudo-terminal, does what it
asks for in the example booking system, whose port is in a file, and presses Enter. Ends as the command does.
"""
import json, os, pty, re, sys, urllib.error, urllib.request

port_file, command, booked = sys.argv[1], sys.argv[2:], {}


def call(path, form=None):
    url = f"http://127.0.0.1:{open(port_file).read().strip()}/bookings{path}"
    with urllib.request.urlopen(url, form and json.dumps(form).encode()) as answer:
        return json.load(answer)


def do(told):
    """What is typed at a question."""
    said = {name.strip(): value.strip() for name, value in re.findall(r"^  (.{10}) (.*)$", told, re.M)}
    if "Make a booking:" in told:
        guest = {"email": said["email"], "phone": said["phone"], "country": "NO"}
        form = {"guests": [guest], "rooms": said["rooms"].split(", "), "doors": [], "messages": True}
        form |= {"access": said["access"], "from": said["from"], "until": said["until"]}
        booked[said["guest"]] = call("", form)["id"]
        return ""
    return call(f"/{booked[re.search(r'the booking of (.+)[.]', told)[1]]}")["code"]


child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
told = ""
while True:
    try:
        text = os.read(terminal, 4096).decode(errors="replace").replace("\r", "")
    except OSError:
        break
    print(text, end="", flush=True)
    told += text
    if re.search(r"(Press Enter|Type the code)[^\n]*: $", told):
        os.write(terminal, (do(told) + "\n").encode())
        told = ""
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
