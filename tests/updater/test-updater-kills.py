#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maker's program, Wine's server, the cage, its keeper, the client or the service is killed at a
random moment of a job: no word of the verdict is wrong, and the journal explains it.

OFL_KILLS says how many, OFL_SEED which, OFL_KILLS_ONLY whom; OFL_KILLS_KEEP keeps the folders of what
went wrong."""
import os
import random
import sys
import time
import traceback

sys.dont_write_bytecode = True
import kills_claims as claims  # noqa: E402
import kills_trial  # noqa: E402
from kills_trial import Place, Trial  # noqa: E402
from missing import find_missing  # noqa: E402

KILLS = int(os.environ.get("OFL_KILLS", "12"))
SEED = int(os.environ.get("OFL_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 31)
ONLY = os.environ.get("OFL_KILLS_ONLY", "").split()
WAYS = ["direct", "indirect", "aspi"]
MANNERS = ["flash", "jump", "crash", "hang"]
VICTIMS = {"in-process": ["program", "wineserver", "bwrap", "client"],
           "service": ["program", "wineserver", "bwrap", "keeper", "client", "service"]}


def measure(place, way):
    """The length of a job that nobody disturbs, and that it ends well."""
    with Trial(place, way, "flash") as trial:
        begun = time.monotonic()
        trial.start()
        trial.wait_end()
        length = time.monotonic() - begun
        trial.settle()
        claims.check(trial)
        assert trial.result["verdict"] == "confirmed", trial.result
    return length


def choose(rng, lengths, number):
    """Places and victims in turn, so that few kills reach all; the rest by chance."""
    pairs = [(place, victim) for place, victims in sorted(VICTIMS.items()) for victim in victims
             if victim in ONLY or not ONLY]
    place, victim = pairs[number % len(pairs)]
    # a program that never ends outlives these
    lives_on = victim == "wineserver" or (place, victim) == ("service", "client")
    manner = rng.choice(MANNERS[:3] if lives_on else MANNERS)
    return place, victim, rng.choice(WAYS), manner, rng.uniform(0, lengths[place])


def run_one(base, what, tally):
    place, victim, way, manner, moment = what
    with Trial(Place(base, place), way, manner) as trial:
        trial.start()
        killed = trial.kill_at(victim, moment)
        trial.wait_end()
        trial.settle()
        trial.note = "%s of %s, %s %s, at %.2f s: %s" % (victim, place, way, manner, moment,
                                                         trial.describe())
        print("# " + trial.note, flush=True)
        claims.check(trial)
        claims.count(trial, tally)
    return killed


def leave_nothing(base):
    """What was left by who was killed, the next run has removed."""
    with Trial(Place(base, "in-process"), "direct", "inquiry") as trial:
        trial.start()
        trial.wait_end()
        trial.settle()
        claims.check(trial)
    left = kills_trial.leftovers(base)
    assert not left, "left behind: %s" % left


def main():
    missing = find_missing("dbus-daemon")
    if missing:
        print("1..0 # SKIP " + missing.replace("\n", " "))
        return 0
    base = kills_trial.Base()
    tally, failed, number, late = {}, 0, 0, 0
    rng = random.Random(SEED)
    print("# seed %d, %d kills" % (SEED, KILLS), flush=True)
    try:
        leave_nothing(base)  # Wine's prefix is made
        lengths = {name: measure(Place(base, name), rng.choice(WAYS)) for name in VICTIMS}
        print("# undisturbed: " + ", ".join("%s %.1f s" % pair for pair in sorted(lengths.items())),
              flush=True)
        while number < KILLS and late < 2 * KILLS + 10:
            what = choose(rng, lengths, number)
            try:
                if run_one(base, what, tally):
                    number += 1
                else:
                    late += 1
                    continue
                print("ok %d - %s of %s" % (number, what[1], what[0]), flush=True)
            except Exception:  # pylint: disable=broad-except
                number += 1
                failed += 1
                print("not ok %d - %s of %s, %s %s, at %.3f s" % ((number, what[1], what[0])
                                                                  + what[2:]), flush=True)
                print("# " + traceback.format_exc().replace("\n", "\n# "), flush=True)
        leave_nothing(base)
        print("ok %d - nothing is left" % (number + 1))
    except KeyboardInterrupt:
        print("# broken off")
    except Exception:  # pylint: disable=broad-except
        failed += 1
        print("not ok %d - all\n# %s" % (number + 1, traceback.format_exc().replace("\n", "\n# ")))
    finally:
        base.close(keep=failed and "OFL_KILLS_KEEP" in os.environ)
    for key in sorted(tally):
        print("# %-60s %d" % (key, tally[key]))
    print("# %d kills, %d jobs that had ended before theirs" % (number, late))
    print("1..%d" % (number + 1))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
