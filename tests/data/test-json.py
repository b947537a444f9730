#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-json.py SOURCE: what the program prints with --json, its journals and its manifests are what the
schemas in data have, member by member; the schemas know every kind of line that the sources write; and they
would find a line that is not so."""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile

import jsonschema

SOURCE = sys.argv[1]
CTL = os.environ['OPTIFLASHCTL']
OUTPUT, JOURNAL, BACKUP = 'optiflashctl-output-1', 'optiflash-journal-1', 'optiflash-backup-1'
# what no practice drive alone brings forth: a maker's program under Wine, and a job of the session service
NOT_SEEN = {JOURNAL: {'data-out', 'updater-begins', 'updater-held', 'updater-ended'}, OUTPUT: {'job', 'tape-played'}}
TAPE = ('{"format":"optiflash-tape","version":1,"program":"by hand","began":"2026-11-30T00:00:00Z",'
        '"data":"hash","drive":{"vendor":"V","product":"P","revision":"1.00","link":"","serial":""}}\n'
        '{"n":1,"at_ms":0,"took_us":9,"cdb":"df 00 00 00 00 00","direction":"none","length":0,"moved":0,'
        '"timeout_ms":1000,"outcome":"%s","status":0,"host":0,"driver":0}\n'
        '{"end":"ended","commands":1,"at":"2026-11-30T00:00:01Z"}\n')

count = 0
fine = True


def say(good, what, *reasons):
    global count, fine
    count += 1
    fine = fine and bool(good)
    print('%sok %d %s' % ('' if good else 'not ', count, what), flush=True)
    for reason in reasons if not good else ():
        print('# ' + str(reason)[:300])


def read(*path):
    with open(os.path.join(*path), encoding='utf-8') as file:
        return file.read()


class Schema:
    def __init__(self, name):
        self.name = name
        self.json = json.loads(read(SOURCE, 'data', name + '.schema.json'))
        maker = jsonschema.validators.validator_for(self.json)
        maker.check_schema(self.json)
        self.maker = maker
        self.validator = maker(self.json)
        self.kinds = {name for name, one in self.json['definitions'].items() if 'event' in one.get('properties', {})}
        self.seen = {}  # an example of each kind

    def resolve(self, part):
        while '$ref' in part:
            part = self.json['definitions'][part['$ref'].rsplit('/', 1)[1]]
        return part

    def strangers(self, value, part, where=''):
        """Members that the schema does not name."""
        part = self.resolve(part)
        if isinstance(value, dict) and isinstance(part.get('additionalProperties', None), dict):
            return []
        found = []
        if isinstance(value, dict):
            named = part.get('properties', {})
            for name, one in value.items():
                found += (self.strangers(one, named[name], where + '/' + name) if name in named
                          else [where + '/' + name])
        elif isinstance(value, list):
            for one in value:
                found += self.strangers(one, part.get('items', {}), where + '[]')
        return found

    def part_of(self, line):
        return self.json['definitions'].get(line.get('event')) if self.kinds else self.json

    def judge(self, line):
        part = self.part_of(line)
        if part is None:
            return ['%s: no such event: %s' % (self.name, line.get('event'))]
        whole = dict(part, definitions=self.json['definitions'])
        wrong = ['%s: %s: %s' % (line.get('event'), '/'.join(map(str, error.path)), error.message)
                 for error in self.maker(whole).iter_errors(line)]
        wrong += ['%s: not in the schema: %s' % (line.get('event'), name) for name in self.strangers(line, part)]
        if not wrong and not self.validator.is_valid(line):
            wrong.append('%s is more than one kind of line' % line.get('event'))
        self.seen.setdefault(line.get('event'), line)
        return wrong


def lines_of(text):
    return [json.loads(line) for line in text.splitlines()]


class Bench:
    """A folder in which the program runs."""

    def __init__(self, folder, schemas):
        self.folder = folder
        self.schemas = schemas

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def run(self, *words, **environment):
        argv = [CTL, '--json', '--finder=none', '--practice-speed=0', '--state-dir=' + self.path('state'),
                '--backup-dir=' + self.path('backups'), *words]
        done = subprocess.run(argv, cwd=self.folder, env={**os.environ, **environment}, text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        wrong, lines = [], []
        try:
            lines = lines_of(done.stdout)
        except ValueError as error:
            wrong.append('no JSON: %s' % error)
        for line in lines:
            wrong += self.schemas[OUTPUT].judge(line)
        say(lines and not wrong, ' '.join(words), *wrong[:5], done.stderr)
        return lines

    def break_off(self):
        """The newest journal loses its end, as in a crash after the point of no return."""
        path = max(glob.glob(self.path('state', 'journal', '*')), key=os.path.getmtime)
        lines = read(path).splitlines(True)
        at = next(i for i, line in enumerate(lines) if '"point-of-no-return"' in line)
        with open(path, 'w', encoding='utf-8') as file:
            file.writelines(lines[:at + 2])


def write(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def go_through(bench):
    drive, other = 'practice:bu40n', 'practice:px716'
    for name, revision in (('bu40n', '1.03'), ('px716', '1.03')):
        subprocess.run([CTL, 'practice', 'image', name, revision, bench.path(name + '.bin')], check=True,
                       stdout=subprocess.DEVNULL)
    bench.run('--practice', 'list')
    bench.run('info', drive)
    bench.run('info', drive, OFL_PRACTICE_FAULTS='bu40n=garble')
    bench.run('families', 'SOHW-812S')
    bench.run('inspect', 'bu40n.bin', '--extract=' + bench.path('extracted'))
    bench.run('plan', drive, 'bu40n.bin', '--steps')
    bench.run('preflight', drive, 'bu40n.bin')
    bench.run('practice', 'list')
    bench.run('link', drive, '--long')
    bench.run('doctor', drive, OFL_PRACTICE_DISC='bu40n=pressed')
    bench.run('doctor', 'practice:sohw812s', '--deep', '--set', 'experimental=yes',
              OFL_PRACTICE_DISC='sohw812s=cd-rom')
    bench.run('report', drive)
    bench.run('flash', drive, 'px716.bin', '--yes', '--in-process')
    bench.run('flash', drive, 'no-such-file', '--yes', '--in-process')
    bench.run('flash', drive, 'bu40n.bin', '--yes', '--in-process')
    bench.run('flash', other, 'px716.bin', '--yes', '--accept-no-backup', '--in-process')
    bench.run('verify', drive, 'bu40n.bin', '--in-process')
    bench.run('backup', 'practice:sohw812s', '--set', 'experimental=yes', '--in-process')
    backups = bench.run('backups')
    bench.run('backups', '--verify')
    bench.run('backups', '--export=' + bench.path('copy.bin'), backups[0]['name'])
    bench.run('restore', drive, '--yes', '--in-process')
    bench.run('backups', '--delete', '--yes', backups[0]['name'])
    bench.run('history', '--show=1')
    # the power goes in the middle of a write, and nobody writes down the end
    bench.run('flash', drive, 'bu40n.bin', '--yes', '--rewrite', '--in-process',
              OFL_PRACTICE_FAULTS='bu40n=power-loss-burn 500')
    bench.break_off()
    bench.run('log')
    bench.run('backup', drive, '--in-process')
    bench.run('recover', drive)
    bench.run('flash', drive, 'bu40n.bin', '--yes', '--in-process')
    bench.run('flash', drive, 'bu40n.bin', '--yes', '--rewrite', '--in-process',
              OFL_PRACTICE_FAULTS='bu40n=power-loss-burn 500')
    bench.break_off()
    bench.run('log', '--dismiss', 'all')
    bench.run('history')
    write(bench.path('a.tape'), TAPE % 'ok')
    write(bench.path('b.tape'), TAPE % 'timeout')
    bench.run('tape', 'show', 'a.tape')
    bench.run('tape', 'compare', 'a.tape', 'b.tape')
    bench.run('tape', 'replay', 'a.tape', drive)


def check_files(bench, schemas):
    wrong, n = [], 0
    for path in sorted(glob.glob(bench.path('state', 'journal', '*'))):
        for line in lines_of(read(path)):
            n += 1
            wrong += schemas[JOURNAL].judge(line)
    say(n > 1000 and not wrong, 'the journals, %d lines' % n, *wrong[:8])
    manifests = glob.glob(bench.path('backups', '*', '*.json')) + [bench.path('copy.bin.json')] \
        + glob.glob(bench.path('**', 'manifest.json'), recursive=True)
    kinds, wrong = set(), []
    for path in manifests:
        manifest = json.loads(read(path))
        kinds.add(manifest['format'])
        wrong += schemas[BACKUP].judge(manifest)
    say(len(manifests) >= 3 and not wrong, 'the manifests, %d' % len(manifests), *wrong[:8])
    say(kinds == {'optiflash-backup-1', 'optiflash-evidence-1'}, 'of backups and of evidence', kinds)


def events_in(folder, pattern):
    paths = glob.glob(os.path.join(SOURCE, folder, '**', '*.c'), recursive=True)
    return {event for path in paths for found in re.findall(pattern, read(path), re.S)
            for event in ([found] if isinstance(found, str) else found) if event}


def check_kinds(schemas):
    begun = events_in('app', r'ofl_ctl_json_begin \("([^"]+)"')
    say(begun == schemas[OUTPUT].kinds, 'each kind of line that the command line prints', begun ^ schemas[OUTPUT].kinds)
    written = events_in('core', r'ofl_journal_(?:write|record|write_reserved) \((?!event)\s*[^;]*?"([a-z-]+)"')
    written |= events_in('core', r'\? "(evidence)" : "(backup)"') | {'command'}
    say(written == schemas[JOURNAL].kinds, 'each kind of line in a journal', written ^ schemas[JOURNAL].kinds)
    for name in (OUTPUT, JOURNAL):
        missing = schemas[name].kinds - set(schemas[name].seen) - NOT_SEEN[name]
        say(not missing, '%s: each was seen' % name, sorted(missing))


def check_refused(schema):
    """A line of each kind that was seen, with one thing wrong."""
    let_pass = []
    for kind, line in schema.seen.items():
        part = schema.part_of(line)
        for name in part['required']:
            bad = [{k: v for k, v in line.items() if k != name}, {**line, name: None}]
            let_pass += [(kind, name) for one in bad if schema.validator.is_valid(one)]
    say(schema.seen and not let_pass, '%s: a line without a member, or with another kind of one, is refused'
        % schema.name, *let_pass)


def main():
    schemas = {name: Schema(name) for name in (OUTPUT, JOURNAL, BACKUP)}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, schemas)
        go_through(bench)
        check_files(bench, schemas)
    check_kinds(schemas)
    for schema in schemas.values():
        check_refused(schema)
    print('1..%d' % count)
    return 0 if fine else 1


sys.exit(main())
