# SPDX-License-Identifier: GPL-3.0-or-later
"""Every word about a job of the maker's program, held against the drive, the kill and what is left."""
import hashlib
import os
import re

import kills_trial
from kills_trial import DRIVE, PIECE, read

SUCCESS = ("verified", "confirmed", "identical")
UNTOUCHED = ("failed-untouched", "cancelled", "refused")
UNSURE = ("unknown", "failed-recovery")
ENDED = "The maker's program has ended."
CRASHED = "The maker's program crashed."
SOME_CRASHED = "A program in the cage crashed"  # Wine's own do, now and then
NOTHING_SENT = ["has sent nothing", "before anything was sent", "Nothing was sent", "only reads",
                "drive is as it was", "firmware is what it was"]


def one(lines, event):
    return [line for line in lines if line.get("event") == event]


class Truth:
    """What the drive is, whatever anybody says."""

    def __init__(self, trial):
        self.image = read(trial.base.image, "rb")
        self.whole = trial.cells[:len(self.image)] == self.image
        done, entries = trial.run("info", DRIVE)
        assert done.returncode == 0, "the drive cannot be opened: %s%s" % (done.stdout, done.stderr)
        self.revision = one(entries, "drive")[0]["revision"]
        self.told = one(entries, "unfinished")
        # the factory's cells are only written down when the chip works for the first time
        self.as_before = not trial.cells or self.revision == "1.00" and trial.cells == factory(trial)

    def __str__(self):
        return "revision %s, whole %s, as before %s" % (self.revision, self.whole, self.as_before)


def factory(trial):
    """The cells of a drive of this kind that was never written: all that begins as the factory's image."""
    path = trial.base.dir + "/factory.bin"
    if not os.path.exists(path):
        trial.run("practice", "image", "standard", "1.00", path)
    image = read(path, "rb")
    return image + trial.cells[len(image):]


def events(journal):
    return [line["event"] for line in journal]


def check_verdict(trial, truth, verdict, passed):
    if verdict in SUCCESS:
        assert truth.whole and truth.revision == "1.01", verdict
        assert trial.victim in (None, "client") or trial.late(), "a success after a kill"
    elif verdict in UNTOUCHED:
        assert truth.as_before and not passed, "%s, but %s" % (verdict, truth)
    elif verdict == "unchanged":
        assert truth.as_before, "unchanged, but %s" % truth
    else:
        assert verdict in UNSURE, verdict
        assert passed or trial.own_was_killed(), "nobody sure of a drive that was not written"


def check_sentences(truth, text, passed):
    for seen in re.findall(r"reports revision ([0-9A-Z]+(?:\.[0-9]+)?)", text):
        assert seen == truth.revision, "“%s”, but %s" % (text, truth)
    for before in re.findall(r"\(before: (\S+)\)", text):
        assert before == "1.00", text
    if "as before" in text:
        assert truth.revision == "1.00", text
    if "Only the boot code" in text:
        assert truth.revision == "BOOT", text
    assert "does not answer now" not in text, "it answers: " + text
    for words in NOTHING_SENT:
        if words in text:
            assert truth.as_before and not passed, "“%s”, but %s" % (words, truth)


def check_end_of_program(trial, text, killed):
    """@killed: that program, or what it ran in or by."""
    if trial.manner != "crash":
        assert CRASHED not in text, text
    if not killed:
        return
    assert ENDED not in text, "killed, and told to have ended: " + text
    assert "ended with status" not in text or "killed" in text, text
    if CRASHED not in text and SOME_CRASHED not in text:
        assert "killed" in text or "has ended, and the program with it" in text, text


def check_journal(trial, truth, journal):
    """Of a job whose process lived it has all; of the other what reached the drive."""
    passed = "point-of-no-return" in events(journal)
    ends = one(journal, "end")
    if trial.own_was_killed() and not ends:
        assert len(trial.journal_paths()) <= 1
    elif journal or trial.result["verdict"] not in UNTOUCHED:
        assert len(ends) == 1, events(journal)
        if "updater-begins" in events(journal):
            assert events(journal).count("updater-ended") == 1, events(journal)
            assert one(journal, "updater-ended")[0]["how"], journal
    sent = {line["sha256"] for line in one(journal, "data-out")}
    if not truth.as_before:
        assert passed, "the drive was changed, and the journal knows of no point of no return"
        for at in range(0, len(truth.image), PIECE):
            piece = hashlib.sha256(truth.image[at:at + PIECE]).hexdigest()
            assert piece in sent, "a piece that reached the drive is in no journal: %#x" % at
    return passed


def check_unfinished(trial, truth, passed):
    """The next who looks is told of it, and nothing that is not so."""
    assert len(truth.told) == 1, "not told once: %s" % truth.told
    told = truth.told[0]
    begun = "write-begins" in events(trial.journal())
    assert told["stage"] in (("danger", "written") if passed else ("begun",) if begun else ("reading",)), told
    if told["stage"] == "danger":
        assert "maker's program was writing" in told["text"], told
    check_sentences(truth, told["text"], passed)
    done, entries = trial.run("recover", DRIVE)
    found = one(entries, "recovery")
    assert len(found) == 1 and found[0]["journal"] == told["journal"], done.stdout + done.stderr
    if found[0]["need"] == "close":
        assert truth.revision != "BOOT", found
    check_sentences(truth, found[0]["seen"] + " " + found[0]["meaning"], passed)


def check_history(trial, verdict):
    entries = one(trial.run("history")[1], "past-job")
    assert len(entries) == len(trial.journal_paths()), entries
    for entry in entries:
        assert entry["damaged_lines"] <= trial.own_was_killed(), entry
        assert entry["kind"] == "updater", entry
        if verdict is not None:
            assert entry["verdict"] in (verdict, ""), entry


def check_left(trial):
    if not trial.cage_maker_was_killed():
        left = kills_trial.leftovers(trial.base)
        assert not left, "left behind: %s" % left


def check_result(trial, truth, journal, passed):
    result, ends = trial.result, one(journal, "end")
    if result is not None:
        text = " ".join((result["what"], result["meaning"], result["next"]))
        check_verdict(trial, truth, result["verdict"], passed)
        check_sentences(truth, text, passed)
        assert trial.client.returncode == result["exit"], trial.client.returncode
        if result["revision_before"]:
            assert result["revision_before"] == "1.00", result
        if result["revision_after"]:
            assert result["revision_after"] == truth.revision, (result, str(truth))
        if ends:
            assert ends[0]["verdict"] == result["verdict"], (ends, result)
            assert ends[0]["what"] == result["what"], (ends, result)
    else:
        said = read(trial.dir + "/out") + read(trial.dir + "/errors")
        assert trial.victim == "client" or trial.victim == "service" and not events(journal), said
    if ends:
        check_verdict(trial, truth, ends[0]["verdict"], passed)
        check_sentences(truth, ends[0]["what"], passed)
    killed = trial.victim in ("program", "wineserver", "bwrap", "keeper") and not trial.late()
    for line in one(journal, "updater-ended"):
        check_end_of_program(trial, line["how"], killed)


def check(trial):
    journal = trial.journal()
    truth = Truth(trial)
    trial.truth = truth
    try:
        passed = check_journal(trial, truth, journal)
        trial.passed = passed
        check_result(trial, truth, journal, passed)
        if trial.own_was_killed() and journal and not one(journal, "end"):
            check_unfinished(trial, truth, passed)
        else:
            assert not truth.told, truth.told
        check_history(trial, trial.result["verdict"] if trial.result else None)
        check_left(trial)
    except Exception as error:
        raise AssertionError("%s\n%s\n%s\n%s" % (error, truth, trial.result, "\n".join(
            str(line) for line in journal if line["event"] not in ("command", "reserved"))))


def count(trial, tally):
    verdict = trial.result["verdict"] if trial.result else next(
        (line["verdict"] for line in one(trial.journal(), "end")), "no end")
    when = "after the point of no return" if trial.passed else "before it"
    for key in ("%s of %s, %s" % (trial.victim, trial.place, when), "verdict " + verdict, when,
                "drive " + ("as before" if trial.truth.as_before else
                            "whole" if trial.truth.whole else "half written")):
        tally[key] = tally.get(key, 0) + 1
