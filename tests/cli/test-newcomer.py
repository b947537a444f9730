#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A newcomer does what README.md and optiflashctl(1) say.

Every command that stands there is found, and must have a row in ROWS: what is put in the place of
the reader's drive and files, how it has to end, and what it has to print; or why it is checked in
another way, and which. A command without a row fails, and so does a row without a command.
usage: test-newcomer.py SOURCE_ROOT BUILD_ROOT
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

SOURCE, BUILD = sys.argv[1], sys.argv[2]
CTL = os.environ['OPTIFLASHCTL']
PROGRAMS = ('optiflashctl', 'build/app/optiflashctl', './app/run', './tests/run', 'app/run',
            'meson', 'ninja', 'man')
DRIVE = 'practice:bu40n'
SHOWN = 20  # lines of what a command printed, when it failed


class Row:
    """args: words to add; status: how it ends; out: patterns, all of which must be printed."""

    def __init__(self, *out, add=(), status=0, check=None, why=None):
        self.out, self.add, self.status, self.check, self.why = out, list(add), status, check, why


def read(name):
    with open(os.path.join(SOURCE, name), encoding='utf-8') as file:
        return file.read()


# --- Finding the commands

def is_command(text):
    words = [word for word in text.split() if '=' not in word]
    return bool(words) and words[0] in PROGRAMS and (len(words) > 1 or words[0].startswith('./'))


def commands_of_readme():
    text = read('README.md')
    found = []
    for fence in re.findall(r'^```\n(.*?)^```', text, re.S | re.M):
        for line in fence.splitlines():
            line = re.split(r'\s+#', line)[0]
            found += [part.strip() for part in line.split('&&') if part.strip()]
    prose = re.sub(r'^```\n.*?^```', '', text, flags=re.S | re.M)
    prose = re.sub(r'<!-- families:begin -->.*?<!-- families:end -->', '', prose, flags=re.S)
    for code in re.findall(r'`([^`]+)`', prose):
        code = ' '.join(code.split())
        if is_command(code):
            found.append(code)
    return found


def plain(roff):
    """A line of the man page as it is read: no macro, quotes, fonts; hyphens for dashes."""
    roff = re.sub(r'^\.[A-Z]+ ', '', roff)
    roff = re.sub(r'" ?| ?"', lambda m: ' ' if ' ' in m.group() else '', roff)
    roff = re.sub(r'\\f.', '', roff).replace('\\-', '-')
    return ' '.join(roff.split())


def section(name):
    return re.search(r'^\.SH %s\n(.*?)(?=^\.SH |\Z)' % name, read('data/optiflashctl.1'),
                     re.S | re.M).group(1)


def commands_of_man():
    found = []
    for head in re.findall(r'^\.TP\n(.*)$', section('VERBS'), re.M):
        text = plain(head)
        if not text.startswith('-'):
            found.append('optiflashctl ' + text)
    example = re.search(r'^\.nf\n(.*?)^\.fi', section('EXAMPLES'), re.S | re.M).group(1)
    found += [line.replace('\\-', '-').strip() for line in example.splitlines() if line.strip()]
    for quoted in re.findall(r'^\.B[RI]? "(optiflashctl [^"]+)"', read('data/optiflashctl.1'), re.M):
        found.append(quoted.replace('\\-', '-'))
    return found


# --- Doing what they say

def run(argv, cwd, env=None):
    return subprocess.run(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def words_of(command):
    """The words to run: a practice drive for a real one, a made file for the reader's."""
    command = re.sub(r'\[[^]]*\]', '', command)
    replace = {'/dev/sr0': DRIVE, 'DRIVE': DRIVE, 'FILE': 'new.bin', 'firmware.exe': 'new.bin',
               'ID': 'bu40n', 'N': '1', 'TAPE': 'a.tape', 'REVISION': '1.03', 'OUT': 'made.bin'}
    return [replace.get(word, word) for word in shlex.split(command)[1:]]


def run_ctl(command, row, folder):
    argv = [CTL, '--finder=none', '--practice-speed=0', '--state-dir=' + folder + '/state',
            '--backup-dir=' + folder + '/backups']
    done = run(argv + words_of(command) + row.add, folder)
    problems = []
    if done.returncode != row.status:
        problems.append('exit status %d, not %d' % (done.returncode, row.status))
    problems += ['no “%s”' % part for part in row.out if not re.search(part, done.stdout, re.S)]
    return problems, done.stdout


# Ways of checking what cannot be run here.

def check_script(command, folder):
    script = [word for word in command.split() if '/' in word][0]
    path = os.path.join(SOURCE, script)
    done = run(['bash', '-n', path], folder)
    good = os.access(path, os.X_OK) and done.returncode == 0
    return [] if good else [path + ' is no script that runs: ' + done.stdout]


def check_suites(command, folder):
    problems = check_script(command, folder)
    words = command.split()
    script = read('tests/run')
    listed = run(['meson', 'test', '-C', BUILD, '--list', '--no-rebuild'], folder).stdout
    for suite in words[[i for i, w in enumerate(words) if '/' in w][0] + 1:]:
        if 'optiflash:' + suite not in listed and not re.search(r'\b%s\b' % suite, script):
            problems.append('there is no suite ' + suite)
    return problems


def fresh_build(folder):
    path = os.path.join(folder, 'fresh')
    if not os.path.isdir(path):
        done = run(['meson', 'setup', path, SOURCE, '-Dkernel_tests=true'], folder)
        if done.returncode != 0:
            return path, [done.stdout]
    return path, []


def check_meson(command, folder):
    """In a folder that is set up as the README says; what would take minutes is only listed."""
    path, problems = fresh_build(folder)
    words = ['-DNAME=VALUE' == word and '-Dkernel_tests=false' or word for word in command.split()]
    argv = [path if word in ('build-dev', 'build') else word for word in words]
    if problems or words[1] == 'setup':
        return problems
    if words[0] == 'ninja':
        argv.append('-n')
    if words[1] == 'test':
        argv = [word for word in argv if word != '-v'] + ['--list', '--no-rebuild']
    done = run(argv, folder)
    if done.returncode != 0:
        return [done.stdout]
    listed = [line for line in done.stdout.splitlines() if line and not line.startswith('No ')]
    return ['it lists no test: ' + done.stdout] if words[1] == 'test' and not listed else []


def check_install(command, folder):
    target = os.path.join(folder, 'installed')
    argv = ['meson', 'install', '-C', BUILD, '--no-rebuild', '--destdir', target]
    done = run(argv, folder)
    found = {name for _, _, names in os.walk(target) for name in names}
    missing = {'optiflashctl', 'optiflashctl.1'} - found
    return [] if done.returncode == 0 and not missing else [done.stdout[-500:], str(missing)]


def check_apt(command, _):
    """The packages are those that the packaging has, of this version."""
    control = read('data/debian/debian/control')
    names = set(re.findall(r'^Package: (\S+)', control, re.M))
    version = re.search(r"^  version: '([^']+)'", read('meson.build'), re.M).group(1)
    words = command.split()[2:]
    if words == ['./data/debian']:
        return [] if 'Build-Depends: ' in control else ['it says nothing of what the build needs']
    wanted = {name: './build-debian/%s_%s_amd64.deb' % (name, version) for name in names}
    good = set(words) in (names, set(wanted.values()))
    return [] if good else ['there are %s' % sorted(wanted.values())]


def check_man(command, folder):
    if shutil.which('groff') is None:
        return []
    done = run(['groff', '-man', '-ww', '-z', '-Tutf8', SOURCE + '/data/optiflashctl.1'], folder)
    lines = [line for line in done.stdout.splitlines() if 'cannot adjust' not in line]
    return lines


def check_with_backup(command, folder):
    """With a backup of the practice drive in a folder of its own, which takes the place of BACKUP."""
    base = [CTL, '--finder=none', '--practice-speed=0', '--state-dir=state', '--backup-dir=backups']
    with tempfile.TemporaryDirectory(prefix='optiflash-newcomer-') as here:
        run(base + ['backup', DRIVE], here)
        names = os.listdir(here + '/backups')
        words = [names[0] if word == 'BACKUP' else word for word in words_of(command)]
        words = ['--export=copy.bin' if word.startswith('--export') else word for word in words]
        done = run(base + words + ([] if words[0] == 'backups' and '--delete' not in words
                                   else ['--yes']), here)
        wanted = {'restore': 'Identical', '--delete': 'Deleted: ', '--export=copy.bin': 'Copied'}
        pattern = next((wanted[word] for word in words if word in wanted), 'BD-RE BU40N')
        gone = os.listdir(here + '/backups') == []
        problems = [] if done.returncode == 0 and pattern in done.stdout else [done.stdout]
        return problems + (['it is still there'] if '--delete' in words and not gone else [])


INSTALLS = 'it installs packages'
BUILDS = 'it builds for minutes'

ROWS = {
    'build/app/optiflashctl families SOHW-812S': Row(r'LITE-ON DVDRW SOHW-812S\n', r'Write +no: '),
    './app/run': Row(check=check_script, why=INSTALLS),
    './tests/run': Row(check=check_suites, why=INSTALLS),
    './tests/run unit family': Row(check=check_suites, why=INSTALLS),
    './tests/run asan tsan': Row(check=check_suites, why=INSTALLS),
    './tests/run packages': Row(check=check_suites, why='makes a system of its own, as root'),
    './tests/run libfuzzer': Row(check=check_suites, why=INSTALLS),
    './tests/run noudev clang i386 s390x': Row(check=check_suites, why=INSTALLS),
    './tests/bare': Row(check=check_script, why='makes a system of its own, as root'),
    'OFL_UPDATE_SCREENSHOTS=1 ./tests/run ui': Row(check=check_script, why=INSTALLS),
    'meson setup build-dev -Dkernel_tests=true': Row(check=check_meson, why='in another folder'),
    'ninja -C build-dev': Row(check=check_meson, why=BUILDS),
    'meson test -C build-dev --suite family': Row(check=check_meson, why=BUILDS),
    'meson test -C build-dev --benchmark -v': Row(check=check_meson, why=BUILDS),
    'meson configure build-dev -DNAME=VALUE': Row(check=check_meson, why='NAME stands for one'),
    'meson install': Row(check=check_install, why='it writes into /usr/local'),
    'meson install -C build': Row(check=check_install, why='it writes into /usr/local'),
    'ninja -C build uninstall': Row(check=check_meson, why='the test “install” does it'),
    'data/debian/build': Row(check=check_script, why=BUILDS),
    'apt-get build-dep ./data/debian': Row(check=check_apt, why=INSTALLS),
    'apt-get install ./build-debian/optiflash_0.1.0_amd64.deb ./build-debian/optiflash-cli_0.1.0_amd64.deb':
        Row(check=check_apt, why=INSTALLS),
    'apt-get purge optiflash optiflash-cli': Row(check=check_apt, why='the suite “packages” does it'),
    'man optiflashctl': Row(check=check_man, why='it is shown by a pager, once installed'),
    'optiflashctl list': Row(r'practice:bu40n .*yes', add=['--practice']),
    'optiflashctl info /dev/sr0': Row(r'HL-DT-ST BD-RE BU40N', r'Flashable +yes'),
    'optiflashctl info DRIVE': Row(r'HL-DT-ST BD-RE BU40N'),
    'optiflashctl info practice:bu40n': Row(r'Assumed +The strings'),
    'optiflashctl inspect firmware.exe': Row(r'SHA-256', r'Image 1: HL-DT-ST', r'Check '),
    'optiflashctl inspect FILE': Row(r'SHA-256', r'Image 1: HL-DT-ST'),
    'optiflashctl plan /dev/sr0 new.bin': Row(r'Digest', r'POINT OF NO RETURN.*SAFE AGAIN'),
    'optiflashctl plan DRIVE FILE': Row(r'Digest', r'POINT OF NO RETURN.*SAFE AGAIN'),
    'optiflashctl plan practice:bu40n new.bin': Row(r'Digest', r'POINT OF NO RETURN.*SAFE AGAIN'),
    'optiflashctl preflight /dev/sr0 new.bin': Row(r'No disc is in the drive', r'File and drive have the same chip'),
    'optiflashctl preflight DRIVE FILE': Row(r'Nothing that was looked at'),
    'optiflashctl preflight DRIVE [FILE]': Row(r'has room for the', r'Nothing that was looked at'),
    'optiflashctl backup /dev/sr0': Row(r'read twice and is stored', r'flash\.bin'),
    'optiflashctl backup DRIVE [FILE]': Row(r'read twice and is stored'),
    'optiflashctl backups': Row(check=check_with_backup, why='there has to be one'),
    'optiflashctl backups [DRIVE|BACKUP]': Row(check=check_with_backup, why='there has to be one'),
    'optiflashctl backups --export=FILE BACKUP': Row(check=check_with_backup, why='of one that is there'),
    'optiflashctl backups --delete BACKUP': Row(check=check_with_backup, why='of one that is there'),
    'optiflashctl restore /dev/sr0': Row(check=check_with_backup, why='there has to be a backup'),
    'optiflashctl restore DRIVE [BACKUP]': Row(check=check_with_backup, why='there has to be a backup'),
    'optiflashctl flash /dev/sr0 new.bin': Row(r'Verified', r'1\.00 before, 1\.03 now',
                                               add=['--yes']),
    'optiflashctl flash': Row(r'Usage: optiflashctl flash DRIVE FILE', status=2),  # a mention
    'optiflashctl flash DRIVE FILE': Row(r'Verified', add=['--yes']),
    'optiflashctl flash practice:bu40n new.bin --yes': Row(r'Verified'),
    # a maker's program is not there to be run; the updater's suite has programs of its own
    'optiflashctl updater DRIVE EXE': Row(r'There is no file EXE', status=2),
    'optiflashctl updater DRIVE EXE [FILE]...': Row(r'There is no file EXE', status=2),
    'optiflashctl recover /dev/sr0': Row(r'answers as itself', r'nothing needs to be mended'),
    'optiflashctl recover DRIVE': Row(r'answers as itself', r'nothing needs to be mended'),
    'optiflashctl verify /dev/sr0 new.bin': Row(r'differ|another', status=1),
    'optiflashctl verify DRIVE FILE': Row(r'differ|another', status=1),
    'optiflashctl link /dev/sr0 --long': Row(r'The link is sound', r'READ BUFFER, flash: 32 answers'),
    'optiflashctl link DRIVE': Row(r'The link is sound', r'INQUIRY: 24 answers'),
    'optiflashctl log --follow': Row(r'No job runs in the Optiflash service', status=1),
    'optiflashctl log [DRIVE]': Row(r'No job runs in the Optiflash service'),
    'optiflashctl log --dismiss [ N | DRIVE | all ]': Row(r'There is no write that never ended', add=['all'],
                                                       status=2),
    'optiflashctl history': Row(r'No journal knows of a job'),
    'optiflashctl history [DRIVE|TEXT]': Row(r'No journal knows of a job'),
    'optiflashctl history --show N': Row(r'There is no job of this number', status=2),
    'optiflashctl history --mask': Row(r'No journal knows of a job'),
    'optiflashctl doctor': Row(r'No disc is in the drive', add=[DRIVE]),
    'optiflashctl doctor /dev/sr0': Row(r'The drive says who it is', r'No disc is in the drive'),
    'optiflashctl doctor DRIVE': Row(r'No disc is in the drive', r'Put in a pressed disc'),
    'optiflashctl report': Row(r'INQUIRY', add=[DRIVE]),
    'optiflashctl report /dev/sr0': Row(r'INQUIRY', r'BD-RE BU40N'),
    'optiflashctl report DRIVE': Row(r'INQUIRY', r'BD-RE BU40N'),
    'optiflashctl families': Row(r'MediaTek MT1959 \(mt1959\)', r'Best verdict +verified'),
    'optiflashctl families [NAME]': Row(r'MediaTek MT1959 \(mt1959\)'),
    'optiflashctl families --markdown': Row(r'\| Family \| Models \|'),
    'optiflashctl help flash': Row(r'--accept-no-backup', r'dialect=oem\|redumper'),
    'optiflashctl help [VERB]': Row(r'Verbs:'),
    'optiflashctl practice list': Row(r'bu40n', r'sohw812s'),
    'optiflashctl practice image ID REVISION OUT [VARIANT]': Row(r'2097152 bytes'),
    'optiflashctl practice image bu40n 1.03 new.bin': Row(r'2097152 bytes', add=['--overwrite']),
    'optiflashctl practice reset [ID]': Row(r'as it left the factory'),
    'optiflashctl practice demo': Row(r'Verified'),
    'optiflashctl tape show TAPE': Row(r'The program ended by itself', r'TEST UNIT READY'),
    'optiflashctl tape compare TAPE TAPE': Row(r'The same conversation: 1 exchange is'),
    'optiflashctl tape replay TAPE [practice:ID]': Row(r'Complete: 1 command'),
    'optiflashctl practice --help': Row(r'raw-dump', r'wrong-bootcode'),
}


# --- The test

# Nothing of what a newcomer can do records one yet.
TAPE = ('{"format":"optiflash-tape","version":1,"program":"by hand","began":"2026-11-30T00:00:00Z",'
        '"data":"hash","drive":{"vendor":"V","product":"P","revision":"1.00","link":"","serial":""}}\n'
        '{"n":1,"at_ms":0,"took_us":9,"cdb":"00 00 00 00 00 00","direction":"none","length":0,"moved":0,'
        '"timeout_ms":1000,"outcome":"ok","status":0,"host":0,"driver":0}\n'
        '{"end":"ended","commands":1,"at":"2026-11-30T00:00:01Z"}\n')


def make_files(folder):
    done = run([CTL, 'practice', 'image', 'bu40n', '1.03', 'new.bin'], folder)
    assert done.returncode == 0, done.stdout
    with open(os.path.join(folder, 'a.tape'), 'w', encoding='utf-8') as file:
        file.write(TAPE)


def check_command(command, builds):
    row = ROWS.get(command)
    if row is None:
        return ['it has no row: say what it has to do'], ''
    if row.check is not None:
        return row.check(command, builds), ''
    with tempfile.TemporaryDirectory(prefix='optiflash-newcomer-') as folder:
        make_files(folder)
        return run_ctl(command, row, folder)


def options_of(verb):
    out = run([CTL, verb, '--help'], '/').stdout
    return set(re.findall(r'^  (?:-\w, )?--([\w-]+)', out, re.M)) - {'help'}


def check_options(_):
    """The man page names every option that a verb takes, and none that nobody takes."""
    verbs = re.findall(r'^  (\w+) ', run([CTL, '--help'], '/').stdout.split('Verbs:')[1], re.M)
    taken = set().union(*(options_of(verb) for verb in verbs)) | {'version'}
    man = read('data/optiflashctl.1').replace('\\-', '-')
    named = set(re.findall(r'--([a-z][\w-]*)', man)) - {'help'}
    return (['the man page does not name --' + name for name in sorted(taken - named)]
            + ['no verb takes --' + name for name in sorted(named - taken)])


def check_choices(_):
    out = run([CTL, 'flash', '--help'], '/').stdout
    man = read('data/optiflashctl.1')
    choices = re.findall(r'^  (\w[\w-]*=\S+)', out.split('Choices')[1], re.M)
    problems = ['the man page does not name ' + c for c in choices if '.B ' + c + '\n' not in man]
    return problems if len(choices) > 5 else ['no choices in the help']


def check_rows(_):
    known = set(commands_of_readme()) | set(commands_of_man())
    return ['no such command: ' + row for row in ROWS if row not in known]


def main():
    found = list(dict.fromkeys(commands_of_readme() + commands_of_man()))
    others = {'every option stands in the man page': check_options,
              'every choice stands in the man page': check_choices,
              'every row has its command': check_rows}
    failed = 0
    print('1..%d' % (len(found) + len(others)), flush=True)
    with tempfile.TemporaryDirectory(prefix='optiflash-newcomer-') as builds:
        for number, name in enumerate(found + list(others), 1):
            problems, said = ((others[name](builds), '') if name in others
                              else check_command(name, builds))
            failed += bool(problems)
            print('%sok %d newcomer: %s' % ('not ' if problems else '', number, name))
            for line in problems and ('\n'.join(problems + said.splitlines()[-SHOWN:])).splitlines():
                print('# ' + line)
            sys.stdout.flush()
    return 1 if failed else 0


sys.exit(main())
