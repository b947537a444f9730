#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A heartbeat beside the window's, of a program that does nothing else: a beat every 10 ms. How
late it comes says what this machine's scheduler delivers, and so what may be asked of the window.

usage: control-beat.py FILE     at SIGTERM the same JSON as the window's is written there"""

import json
import signal
import sys
import time

BEAT_S = 0.010
going = True


def stop(number, frame):
    global going
    going = False


signal.signal(signal.SIGTERM, stop)
beats, worst, last = 0, 0.0, time.monotonic()
while going:
    time.sleep(BEAT_S)
    now = time.monotonic()
    beats, worst, last = beats + 1, max(worst, now - last), now
with open(sys.argv[1], "w") as file:
    json.dump({"beats": beats, "worst_ms": round(worst * 1000, 2)}, file, separators=(",", ":"))
    file.write("\n")
