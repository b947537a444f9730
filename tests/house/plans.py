#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds what the program plans and says against what another build of it planned and said.

  plans.py record OPTIFLASHCTL FOLDER   every plan of every practice drive, into a new folder
  plans.py compare OLD NEW [--plans]    exits 1 and names what differs; 2 when OLD holds nothing;
                                        with --plans without what is said of drive and file

A move or a new kit must change no plan. For every practice drive and every firmware file that
`practice image` makes for it (each variant), `plan --json` is kept: judgement, title, digest and
steps; then once more with each value of each choice of the drive's family, and for a file that the
family standard would have to take. How a drive is read stands in no verb of its own, so the
commands of a backup and of a whole flash are kept too, with the verdict and what the user was
told; times are left out. Everything runs in the program itself and in a folder of its own."""
import difflib
import json
import os
import re
import subprocess
import sys
import tempfile

REVISIONS = {'se506': 'TS07', 'sohw812s': 'US0Q'}
PLANS = {'plan', 'step', 'command', 'write-begins', 'point-of-no-return', 'safe-again'}
TIMES = {'time_us', 'seq', 'at', 'us', 'took_us', 'journal'}


def call(ctl, *args):
    """Exit status and output lines."""
    done = subprocess.run([ctl, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=600)
    return done.returncode, done.stdout.splitlines(), done.stderr.splitlines()


def events(lines):
    return [json.loads(line) for line in lines if line.startswith('{')]


def without_times(event):
    text = json.dumps({key: value for key, value in event.items() if key not in TIMES})
    return re.sub(r'\d{8}[-T]\d{6}[\w-]*', 'TIME', text)


class Recorder:
    def __init__(self, ctl, out):
        self.ctl = ctl
        self.out = out
        self.work = tempfile.mkdtemp(prefix='plans-')
        self.kept = 0
        # choices hang on a family, and only the help lists them by name and value
        self.choices = sorted({(name, value) for line in call(ctl, 'plan', '--help')[1]
                               for name, values in re.findall(r'^  ([a-z][a-z-]*)=(\S+\|?\S*)  ', line)
                               for value in values.split('|')})

    def places(self, drive):
        state = os.path.join(self.work, drive)
        return ['--practice', '--practice-speed=0', '--finder=none', '--state-dir=' + state,
                '--backup-dir=' + state + '-backups', '--in-process', '--json']

    def keep(self, name, status, out, err):
        with open(os.path.join(self.out, name), 'w') as file:
            for line in [f'exit {status}', *out, *err]:
                file.write(line.replace(self.work, 'WORK') + '\n')
        self.kept += 1

    def plan(self, drive, file, name, *extra):
        self.keep(name, *call(self.ctl, *self.places(drive), 'plan', 'practice:' + drive, file,
                              *extra))

    def journals(self, drive):
        folder = os.path.join(self.work, drive, 'journal')
        return set(os.listdir(folder)) if os.path.isdir(folder) else set()

    def job(self, drive, name, *args):
        """What was said, and what was sent as the journal has it, each in its order and without
        times; the shown log leaves lines out when there are many."""
        before = self.journals(drive)
        status, out, err = call(self.ctl, *self.places(drive), *args)
        lines = [event for event in events(out)
                 if event.get('event') not in ('progress', 'stage', 'notice')
                 and event.get('level') != 'command']
        for journal in sorted(self.journals(drive) - before):
            with open(os.path.join(self.work, drive, 'journal', journal)) as file:
                lines += [event for event in events(file) if event.get('event') != 'reserved']
        self.keep(name, status, [without_times(event) for event in lines], err)

    def image(self, drive, variant):
        path = os.path.join(self.work, f'{drive}-{variant or "plain"}.bin')
        args = [drive, REVISIONS.get(drive, '1.03'), path] + ([variant] if variant else [])
        status, _, err = call(self.ctl, 'practice', 'image', *args)
        if status != 0:
            sys.exit(f'practice image {" ".join(args)}: {err}')
        return path

    def record_drive(self, drive, variants):
        files = [('plain', self.image(drive, None))]
        files += [(variant, self.image(drive, variant)) for variant in variants]
        for variant, file in files:
            self.plan(drive, file, f'{drive}.{variant}.plan')
            self.plan(drive, file, f'{drive}.{variant}.warned.plan', '--accept-warnings')
        for name, value in self.choices:
            self.plan(drive, files[0][1], f'{drive}.set.{name}={value}.plan', '--accept-warnings',
                      f'--set={name}={value}')
        self.plan(drive, files[0][1], f'{drive}.standard.plan', '--accept-warnings',
                  '--family=standard')
        target = 'practice:' + drive
        reading = ['--set=experimental=yes'] if drive == 'sohw812s' else []
        self.job(drive, f'{drive}.info', 'info', target)
        self.job(drive, f'{drive}.backup', 'backup', target, *reading)
        self.job(drive, f'{drive}.verify', 'verify', target, files[0][1], *reading)
        self.job(drive, f'{drive}.flash', 'flash', target, files[0][1], '--yes',
                 '--accept-warnings', '--accept-no-backup')

    def record(self):
        for event in events(call(self.ctl, '--json', 'practice', 'list')[1]):
            self.record_drive(event['id'], event['variants'].split())
        return self.kept


def read(path, plans):
    """A record's lines; of plans alone, without what is said about drive and file."""
    with open(path) as file:
        lines = file.read().splitlines()
    return [line for line in lines
            if not plans or json.loads(line if line.startswith('{') else '{}').get('event')
            in PLANS]


def compare(old, new, plans):
    names = [set(os.listdir(folder)) for folder in (old, new)]
    if not names[0]:
        return 2
    differ = sorted(names[0] ^ names[1])
    for name in differ:
        print(f'{name}: only in {old if name in names[0] else new}')
    for name in sorted(names[0] & names[1]):
        texts = [read(os.path.join(folder, name), plans) for folder in (old, new)]
        if texts[0] != texts[1]:
            differ.append(name)
            print('\n'.join(list(difflib.unified_diff(*texts, f'old/{name}', f'new/{name}', n=0,
                                                      lineterm=''))[:12]))
    print(f'{len(names[0] | names[1])} records, {len(differ)} differ')
    return 1 if differ else 0


def main(args):
    if len(args) == 3 and args[0] == 'record':
        os.makedirs(args[2])
        print(Recorder(os.path.abspath(args[1]), args[2]).record(), 'records')
        return 0
    if len(args) in (3, 4) and args[0] == 'compare' and args[3:] in ([], ['--plans']):
        return compare(args[1], args[2], plans=len(args) == 4)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
