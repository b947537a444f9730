#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sentence that a person reads is marked, and xgettext sees it.

test-marks.py SOURCE-ROOT XGETTEXT [ARG…]

What a script can tell: POTFILES is complete, xgettext has nothing to warn of, no mark holds anything
but text, and in core no text that is given to a person lacks a mark. What goes to a log, a journal or
a program says so in a comment: "log", "journal", "technical" or "id".
"""
import os
import re
import subprocess
import sys
import tempfile

import tables

ROOT, XGETTEXT, *ARGS = sys.argv[1:]

MARKS = ("_", "N_", "C_", "NC_", "ngettext", "g_dngettext")
# the arguments, from 0, that a person reads
READ = {
    "OFL_SAY": (0,),
    "g_error_new": (2,), "g_error_new_literal": (2,), "g_set_error": (3,), "g_set_error_literal": (3,),
    "g_prefix_error": (1,), "g_task_return_new_error": (3,),
    "g_dbus_method_invocation_return_error": (3,),
    "ofl_set_error": (2,),
    "ofl_container_add": (4,), "ofl_container_damaged": (3,),
    "ofl_image_add_check": (3,), "ofl_judgement_add": (3, 4),
    "ofl_doctor_add": (4, 5),
    "ofl_snapshot_set_reason": (1,),
    "ofl_work_end": (2,), "ofl_work_refuse": (1, 2), "ofl_work_set_next": (1,),
}
# calls whose text is a record's or the program's own
RECORDS = ("ofl_progress_log", "ofl_journal_write", "ofl_journal_record", "g_debug", "g_info",
           "g_message", "g_warning", "g_critical", "g_error", "g_return_if_fail",
           "g_return_val_if_fail", "G_STATIC_ASSERT", "g_assert")
FIELDS = ("what", "meaning", "next", "remedy", "title", "sentence", "note")
ALLOWED = re.compile(r"/\*[^*]*\b(log|journal|technical|id)\b[^*]*\*/")
# still to come
NOT_YET = ()

STRING = r'"(?:[^"\\\n]|\\.)*"'
FORMATS = r"\s*(?:PRI[a-zA-Z0-9]+)\s*"
TEXT = re.compile(r"^\s*(?:%s(?:%s)?\s*)+$" % (STRING, FORMATS))


def without_comments(text):
    """The same text with comments as blanks, and where comments were."""
    comments = []

    def blank(match):
        if match.group(0)[0] in "\"'":
            return match.group(0)
        comments.append((match.start(), match.group(0)))
        return re.sub(r"[^\n]", " ", match.group(0))

    code = re.sub(STRING + r"|'(?:[^'\\\n]|\\.)*'|/\*.*?\*/|//[^\n]*", blank, text, flags=re.S)
    return code.replace("\\\n", " \n"), comments


def arguments(code, at):
    """The arguments of the call whose parenthesis stands at @at, each with where it begins."""
    depth, begin, found = 0, at + 1, []
    i = at
    while i < len(code):
        literal = re.compile(STRING + r"|'(?:[^'\\\n]|\\.)*'").match(code, i)
        if literal:
            i = literal.end()
            continue
        if code[i] in "([{":
            depth += 1
        elif code[i] in ")]}":
            depth -= 1
            if depth == 0:
                found.append((begin, code[begin:i]))
                return found
        elif code[i] == "," and depth == 1:
            found.append((begin, code[begin:i]))
            begin = i + 1
        i += 1
    return found


def calls(code, names, definitions=False):
    for match in re.finditer(r"(?<![A-Za-z0-9_])(%s) ?\(" % "|".join(names), code):
        line = code[code.rfind("\n", 0, match.start()) + 1:match.start()]
        if definitions or not line.lstrip().startswith("#"):
            yield match.group(1), match.end() - 1


def spans(code, names):
    """Where the arguments of calls of @names stand."""
    return [(at, args[-1][0] + len(args[-1][1]))
            for _, at in calls(code, names, True) for args in [arguments(code, at)] if args]


def inside(where, at):
    return any(begin <= at < end for begin, end in where)


def is_prose(literal):
    """Two words with a blank between, and no CDB, path, format or list."""
    text = re.sub(r"%[-+ #0-9.*]*(?:l|ll|z|h)*[a-zA-Z]", "", literal[1:-1])
    return re.search(r"[A-Za-z’']{2,}[,;:]? +[A-Za-z’']{2,}", text) is not None


def is_sentence(literal):
    """A whole sentence wherever it stands."""
    return (is_prose(literal) and re.match(r'"[A-Z“]', literal) is not None
            and re.search(r"[.?!]\"$", literal) is not None)


class Source:
    def __init__(self, text):
        self.text = text
        self.code, self.comments = without_comments(text)
        self.marked = spans(self.code, MARKS)
        self.recorded = spans(self.code, RECORDS)

    def line(self, at):
        return self.text.count("\n", 0, at) + 1

    def allowed(self, at):
        """A comment in the same statement, or on the line before it, says what the text is."""
        begin = max(self.code.rfind(c, 0, at) for c in ";{}") + 1
        end = min([e for e in (self.code.find(c, at) for c in ";{") if e >= 0] or [len(self.code)])
        end = self.text.find("\n", end) if self.text.find("\n", end) >= 0 else len(self.text)
        return ALLOWED.search(self.text[begin:end]) is not None

    def unmarked(self):
        """Texts for a person without a mark: (line, text)."""
        found = {}
        for name, at in calls(self.code, READ):
            args = arguments(self.code, at)
            for index in READ[name]:
                if index < len(args):
                    begin, text = args[index]
                    for literal in re.finditer(STRING, text):
                        if is_prose(literal.group(0)):
                            found[begin + literal.start()] = literal.group(0)
        field = r"(?:->|\.)(?:%s) = (?:g_strdup(?:_printf)? \()?(?=\")" % "|".join(FIELDS)
        for match in re.finditer(field, self.code):
            literal = re.compile(STRING).match(self.code, match.end())
            if literal and is_prose(literal.group(0)):
                found[match.end()] = literal.group(0)
        for literal in re.finditer(r"(?:%s\s*)+" % STRING, self.code):
            whole = '"' + "".join(s[1:-1] for s in re.findall(STRING, literal.group(0))) + '"'
            if is_sentence(whole):
                found[literal.start()] = whole
        return [(self.line(at), text) for at, text in sorted(found.items())
                if not inside(self.marked, at) and not inside(self.recorded, at)
                and not self.allowed(at)]

    def cut(self):
        """Marks that hold more than text, which xgettext would cut off or not see: lines."""
        bad = []
        for name, at in calls(self.code, MARKS, True):
            args = arguments(self.code, at)
            texts = {"_": args[:1], "N_": args[:1], "C_": args[:2], "NC_": args[:2],
                     "ngettext": args[:2], "g_dngettext": args[1:3]}[name]
            for _, text in texts:
                if '"' in text and not TEXT.match(text):
                    bad.append(self.line(at))
        return bad

    def has_marks(self):
        return any('"' in text for _, at in calls(self.code, MARKS, True)
                   for _, text in arguments(self.code, at))


def sources(*folders):
    for folder in folders:
        for path, _, names in os.walk(os.path.join(ROOT, folder)):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".ui")):
                    yield os.path.relpath(os.path.join(path, name), ROOT)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def potfiles():
    return [line for line in read("po/POTFILES").split("\n") if line and not line.startswith("#")]


def test_potfiles_is_complete():
    listed = potfiles()
    marked = [path for path in sources("app", "core", "ui")
              if ('translatable="yes"' in read(path) if path.endswith(".ui")
                  else Source(read(path)).has_marks())]
    assert listed == sorted(set(listed)), "POTFILES is not sorted, or names a file twice"
    missing = [path for path in marked if path not in listed]
    assert not missing, "not in POTFILES: %s" % missing
    needless = [path for path in listed
                if path not in marked and not path.startswith(("data/", "po/"))]
    assert not needless, "in POTFILES, but without a mark: %s" % needless
    gone = [path for path in listed if not os.path.exists(os.path.join(ROOT, path))]
    assert not gone, "in POTFILES, but not there: %s" % gone


def test_texts_of_tables_are_listed():
    assert "po/tables.c" in potfiles()
    assert read("po/tables.c") == tables.make(ROOT), (
        "run tests/words/tables.py . > po/tables.c")


def xgettext(files, root):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([XGETTEXT, *ARGS, "--output=" + os.path.join(folder, "a.pot"), *files],
                              cwd=root, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_xgettext_warns_of_nothing():
    code, said = xgettext(potfiles(), ROOT)
    assert code == 0 and said == "", said


def test_xgettext_warns_of_bad_ones():
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "bad.c"), "w", encoding="utf-8") as file:
            file.write('void f (void) { g_print (_("%" G_GSIZE_FORMAT " bytes"), n); }\n')
        code, said = xgettext(["bad.c"], folder)
    assert code != 0 or "warning" in said, said


def test_core_gives_nobody_a_text_without_mark():
    bad = ["%s:%u: %s" % (path, line, text) for path in sources("core")
           if path.endswith(".c") and not path.startswith(NOT_YET) and "/tests/" not in path
           for line, text in Source(read(path)).unmarked()]
    assert not bad, "\n".join(bad)


def test_marks_hold_text_only():
    bad = ["%s:%u" % (path, line) for path in sources("app", "core", "ui")
           if path.endswith((".c", ".h")) for line in Source(read(path)).cut()]
    assert not bad, "a mark with more than text in it: %s" % bad


BAD = [
    'g_set_error (error, OFL_ERROR, 1, "The drive is gone.");',
    'ofl_set_error (error, OFL_ERROR_LOST, "the drive is gone");',
    'ofl_set_error (error, 1,\n  _("%s: %s"), name, "x"); ofl_set_error (error, 1, "no %s there", x);',
    'ofl_judgement_add (j, OFL_LEVEL_RED, "size", "Get another file.", _("It is too long."));',
    'ofl_judgement_add (j, OFL_LEVEL_RED, "size", NULL, "It has %u bytes too many", n);',
    'result->meaning = g_strdup ("nothing was written");',
    'return "The drive is as it was.";',
    'static const char *const texts[] = { "It is empty, and "\n  "stays so." };',
    '/* log */ ofl_progress_log (p, 1, "x"); return g_strdup ("The drive is as it was.");',
]
GOOD = [
    'g_set_error (error, OFL_ERROR, 1, _("The drive is gone."));',
    'ofl_set_error (error, 1, "%s: %s", a, b);',
    'ofl_set_error (error, 1, g_dngettext (GETTEXT_PACKAGE, "One byte is left.",\n'
    '  "%u bytes are left.", n), n);',
    'ofl_judgement_add (j, OFL_LEVEL_RED, "size", _("Get another file."), _("It is too long."));',
    'ofl_progress_log (p, OFL_LOG_INFO, "The drive answers again after %u s.", s);',
    '/* technical */ return g_strdup ("The host said no.");',
    'return g_strdup ("no answer in time"); /* for a log */',
    'static const char *const ids[] = { "failed-recovery", "red-soft" };',
    '/* "The drive is as it was." */ return 0;',
]


def test_finds_bad_ones():
    for text in BAD:
        assert Source(text).unmarked(), text
    assert Source('return _("To go on, " OFL_DO ("set") ".");').cut()
    assert Source('g_print (_("%" G_GSIZE_FORMAT " bytes"), n);').cut()


def test_lets_good_ones_pass():
    for text in GOOD:
        assert not Source(text).unmarked(), (text, Source(text).unmarked())
    assert not Source('return _("To go on, ⟦set⟧. " "%" PRIu64 " bytes");').cut()
    assert not Source("return _ (table[i].text);").cut()


def main():
    tests = [(name[5:].replace("_", "-"), function) for name, function in sorted(globals().items())
             if name.startswith("test_")]
    print("1..%u" % len(tests))
    failed = False
    for number, (name, function) in enumerate(tests, 1):
        try:
            function()
            print("ok %u %s" % (number, name))
        except AssertionError as error:
            failed = True
            print("not ok %u %s" % (number, name))
            print("\n".join("# " + line for line in str(error).split("\n")))
    sys.exit(failed)


main()
