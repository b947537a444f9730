#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How late the window's main loop is during a flash of a drive that hangs, whose log grows by
10 000 lines a second and which disappears; and how long the window takes to come up. Prints
numbers; nothing is judged here, for they depend on what else the machine does."""

import json
import os
import signal
import subprocess
import time

WORK = os.environ["UI_WORK"]
APP = os.environ["OPTIFLASH"]
STORM = os.environ["BENCH_STORM"]
TITLE = "Optiflash"
TARGET_P999, TARGET_WORST, BEAT = 16, 50, 10


def find_window():
    command = ["xdotool", "search", "--onlyvisible", "--name", TITLE]
    found = subprocess.run(command, capture_output=True, text=True).stdout.split()
    return found[0] if found else None


def start_window(beats):
    with open(beats, "wb") as file:
        env = dict(os.environ, OFL_HEARTBEAT=str(file.fileno()))
        begun = time.monotonic()
        window = subprocess.Popen([APP, "--practice", "--finder=none"], env=env,
                                  pass_fds=[file.fileno()])
    while find_window() is None:
        time.sleep(0.005)
    return window, time.monotonic() - begun


def start_up(runs=5):
    times = []
    for number in range(runs):
        window, took = start_window(os.path.join(WORK, "start-%d" % number))
        times.append(took * 1000)
        time.sleep(1)
        window.send_signal(signal.SIGTERM)
        window.wait()
    times.sort()
    print("start-up to a visible window: median %.0f ms, worst %.0f ms of %d"
          % (times[len(times) // 2], times[-1], runs))


def storm():
    faults = "bu40n=hang 3c 150,bu40n=vanish-byte 1500000"
    env = dict(os.environ, OFL_PRACTICE_FAULTS=faults)
    service = subprocess.Popen([STORM, "5"], env=env, stdout=subprocess.PIPE, text=True)
    assert service.stdout.readline() == "begun\n"
    beats = os.path.join(WORK, "storm")
    window, _ = start_window(beats)
    time.sleep(1)
    subprocess.run(["xdotool", "windowfocus", find_window(), "key", "ctrl+l"], check=True)
    begun = time.monotonic()
    ended = service.stdout.readline().strip()
    print("flash under storm: %s after %.1f s" % (ended, time.monotonic() - begun))
    time.sleep(2)
    window.send_signal(signal.SIGTERM)
    window.wait()
    service.kill()
    service.wait()
    with open(beats, encoding="utf-8") as file:
        measured = json.load(file)
    p999, worst = measured["p999_ms"] - BEAT, measured["worst_ms"] - BEAT
    print("main loop, %d beats: late by %.1f ms at 99.9 %% (target %d), %.1f ms at worst (target %d)"
          % (measured["beats"], p999, TARGET_P999, worst, TARGET_WORST))


# the storm first: afterwards the real service has the name
storm()
start_up()
