#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every stage of a write × every signal, key and way to lose a terminal: before
the point of no return the drive is untouched, after it the write goes on and is verified."""
import os
import signal
import sys

import terminal
from terminal import Home, Terminal, exit_code, process_state, wait_until

# Where the ND-3500A is held: the stage, the CDB's first bytes, and how manyth of them since the
# write has begun.
BEFORE = [("check", "cc 01 01", 1), ("send", "cb 01", 5)]
DANGER = [("erase", "cb 04", 1), ("erase-2", "cb 04", 9), ("program", "cb 02", 3),
          ("leave", "cc 01 00", 1), ("verify", "cc 00 00 00 60", 1)]
# What the journal has said last when the drive is held.
LAST = {"backup": "link", "check": "write-begins", "send": "write-begins", "confirm": "safe-again"}

ASKS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]
STOPS = [signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU]
KEYS = [b"\x03", b"\x1c", b"\x1a"]
NEVER = {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD, signal.SIGCONT}
# What stands for a fault is a sanitizer's, where there is one.
FAULTS = {signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP,
          signal.SIGABRT, signal.SIGSYS}
STRAYS = sorted(set(signal.Signals) - NEVER - set(ASKS) - set(STOPS) - FAULTS)
if os.environ.get("OFL_SANITIZED") != "yes":
    STRAYS += sorted(FAULTS)


# A Plextor has a stage of its own for the restart, and cannot be read back.
PLEXTOR = ("px716", "1.11")


def flash(home, **more):
    return Terminal(home, "flash", "practice:" + home.drive, home.image, "--yes",
                    "--accept-no-backup", **more)


def assert_written(home):
    assert home.drive_revision() == home.revision
    if home.drive == PLEXTOR[0]:
        assert home.verdict() == "confirmed", home.journal()[-1]
        return
    assert home.verdict() == "verified", home.journal()[-1]
    home.run("verify", "practice:" + home.drive, home.image)


def assert_untouched(home):
    assert home.verdict() == "cancelled", home.journal()[-1]
    assert "point-of-no-return" not in home.events()
    assert home.drive_revision() == "1.00", home.drive_revision()


def send_all(job, pid):
    """Each signal, and after each the process lives and runs."""
    for number in STRAYS + ASKS + STOPS:
        os.kill(pid, number)
        # a signal that kills or stops does so before its sender sees the process in another state
        # for long: a second one that is answered shows that the first has been dealt with
        state = process_state(pid)
        assert state not in ("T", "Z", ""), "%s: %s" % (number.name, state)
    job.pump()


def in_danger(hold, how, drive=()):
    with Home(*drive) as home:
        job = flash(home, hold=hold, errors=True)
        try:
            job.wait_held()
            how(job)
            home.let_go()
            assert exit_code(job.wait_exit()) == 0, job.text()
            assert_written(home)
        finally:
            job.kill()


def with_signals(job):
    send_all(job, job.pid)
    job.wait_text("Ctrl-Z does nothing now")
    assert process_state(job.pid) not in ("T", "Z", "")


def with_keys(job):
    for key in KEYS:
        job.press(key)
    job.wait_text("Ctrl-Z does nothing now")
    assert process_state(job.pid) not in ("T", "Z", "")


def with_hang_up(job):
    job.close()
    danger = job.home.events()[-1] == "point-of-no-return"
    job.wait_errors("cannot be stopped now" if danger else "Nothing is left to stop")


def cancelled(hold, how):
    with Home() as home:
        job = flash(home, hold=hold, errors=True)
        try:
            job.wait_held()
            how(job)
            home.let_go()
            assert exit_code(job.wait_exit()) == 1, job.text()
            assert_untouched(home)
        finally:
            job.kill()


def ask_by(number):
    def how(job):
        os.kill(job.pid, number)
        if number == signal.SIGHUP:
            job.wait_errors("Cancelling")
        else:
            job.wait_text("Cancelling")
    return how


def ask_key(key):
    def how(job):
        job.press(key)
        job.wait_text("Cancelling")
    return how


def ask_close(job):
    job.close()
    job.wait_errors("Cancelling")


def stopped_and_continued(hold):
    with Home() as home:
        job = flash(home, hold=hold)
        try:
            job.wait_held()
            job.press(b"\x1a")
            wait_until("stopped", lambda: process_state(job.pid) == "T")
            os.kill(job.pid, signal.SIGCONT)
            wait_until("goes on", lambda: process_state(job.pid) != "T")
            home.let_go()
            assert exit_code(job.wait_exit()) == 0, job.text()
            assert_written(home)
        finally:
            job.kill()


def strays_before(hold):
    with Home() as home:
        job = flash(home, hold=hold)
        try:
            job.wait_held()
            for number in STRAYS:
                os.kill(job.pid, number)
                assert process_state(job.pid) not in ("T", "Z", ""), number.name
            home.let_go()
            assert exit_code(job.wait_exit()) == 0, job.text()
            assert_written(home)
        finally:
            job.kill()


def shell_killed(hold):
    """kill -9 of the shell that leads the session, as a lost ssh or tmux kill-server ends it."""
    with Home() as home:
        job = flash(home, hold=hold, errors=True)
        try:
            job.wait_held()
            os.kill(job.leader, signal.SIGKILL)
            job.wait_exit()
            home.let_go()
            wait_until("its end in the journal", lambda: "end" in home.events())
            wait_until("its end", lambda: process_state(job.pid) in ("", "Z"))
            told = home.run("practice", "list").stderr
            assert "lost its terminal" in told and "Verified" in told, told
            assert home.run("practice", "list").stderr == ""
            assert_written(home)
        finally:
            job.kill()


def count_before(prefixes):
    """How often each came before the write, in the journal of a run without a hold."""
    with Home() as home:
        home.run("flash", "practice:" + home.drive, home.image, "--yes")
        journal = home.journal()
    begins = next(i for i, line in enumerate(journal) if line["event"] == "write-begins")
    cdbs = [line["cdb"] for line in journal[:begins] if line["event"] == "command"]
    return {prefix: len([cdb for cdb in cdbs if cdb.startswith(prefix)]) for prefix in prefixes}


def find_hold(prefix, event, drive=()):
    """The first such command that comes when the journal's last word is this event."""
    for nth in range(1, 100):
        with Home(*drive) as home:
            job = flash(home, hold=(prefix, nth))
            try:
                job.wait_held()
                if event in home.events()[-1:]:
                    return (prefix, nth)
            finally:
                job.kill()
    raise AssertionError("no such command after " + event)


def check_place(name, hold):
    """The hold is where this table says it is."""
    with Home() as home:
        job = flash(home, hold=hold)
        try:
            job.wait_held()
            assert home.events()[-1] == LAST.get(name, "point-of-no-return"), home.events()
        finally:
            job.kill()


def list_tests():
    before = count_before([place[1] for place in BEFORE + DANGER])
    early = [("backup", ("cc 00 00 00 60", 2))]
    early += [(name, (prefix, before[prefix] + nth)) for name, prefix, nth in BEFORE]
    after = [(name, (prefix, before[prefix] + nth)) for name, prefix, nth in DANGER]
    after += [("confirm", find_hold("12", "safe-again"))]
    for name, hold in early + after:
        yield "%s-is-held" % name, lambda n=name, h=hold: check_place(n, h)
    for name, hold in after:
        yield "a2-%s-signals" % name, lambda h=hold: in_danger(h, with_signals)
        yield "a2-%s-keys" % name, lambda h=hold: in_danger(h, with_keys)
        yield "a1-%s-hang-up" % name, lambda h=hold: in_danger(h, with_hang_up)
        yield "a1-%s-shell-killed" % name, lambda h=hold: shell_killed(h)
    # TEST UNIT READY
    restart = find_hold("00 00 00 00 00 00", "point-of-no-return", PLEXTOR)
    for name, hold in (("send", ("3b 04", 100)), ("restart", restart)):
        for what, how in (("signals", with_signals), ("keys", with_keys), ("hang-up", with_hang_up)):
            yield "%s-plextor-%s-%s" % ("a1" if what == "hang-up" else "a2", name, what), \
                lambda h=hold, w=how: in_danger(h, w, PLEXTOR)
    for name, hold in early:
        for number in ASKS:
            yield "a2-%s-%s" % (name, number.name), \
                lambda h=hold, n=number: cancelled(h, ask_by(n))
        yield "a2-%s-ctrl-c" % name, lambda h=hold: cancelled(h, ask_key(b"\x03"))
        yield "a1-%s-hang-up" % name, lambda h=hold: cancelled(h, ask_close)
        yield "a2-%s-ctrl-z" % name, lambda h=hold: stopped_and_continued(h)
        yield "a2-%s-strays" % name, lambda h=hold: strays_before(h)


if __name__ == "__main__":
    sys.exit(terminal.run_tests(list_tests()))
