"""A desk's command line over `booking_system.py`: `desk.py PATH`, with the form as JSON on standard input.

It ends with 65 where the system refuses the form, and prints what it says.
"""
import os, sys, urllib.error, urllib.request

form = sys.stdin.buffer.read()
try:
    with urllib.request.urlopen(f"http://127.0.0.1:{os.environ['LOCKSTEP_PORT']}{sys.argv[1]}", form or None) as answer:
        print(answer.read().decode())
except urllib.error.HTTPError as refused:
    print(refused.read().decode(), file=sys.stderr)
    sys.exit(65 if refused.code == 422 else 2)
