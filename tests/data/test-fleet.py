#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-fleet.py SOURCE shell|ansible [SCENARIO...]: what data/fleet says of many computers is so, of its shell script or of its
playbook.

The computers are folders of practice drives. They are behind one sshd of this system, each at a port of its own;
where there is none, or OFL_FLEET_SSHD=no, an ssh of the test's own gives the words to a shell, as sshd does. To
install one would open this system to others."""

import glob
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

SOURCE = sys.argv[1]
CTL = os.environ['OPTIFLASHCTL']
FLEET = os.path.join(SOURCE, 'data', 'fleet')
SSHD = '/usr/sbin/sshd'
NEEDED = ('ssh', 'dbus-daemon')
BU40N, PX716 = 'HL-DT-ST BD-RE BU40N', 'PLEXTOR DVDR   PX-716A'
HANG = 1500  # seconds after which what says nothing has failed
NAMES = ('one', 'other', 'absent', 'last', 'plextor', 'fresh', 'killed', 'broken')

count = 0
fine = True


def say(good, what, *reasons):
    global count, fine
    count += 1
    fine = fine and bool(good)
    print('%sok %d fleet: %s' % ('' if good else 'not ', count, what), flush=True)
    for line in '\n'.join(map(str, reasons)).splitlines() if not good else ():
        print('# ' + line[:500])


def skip(what, why):
    global count
    count += 1
    print('ok %d fleet: %s # SKIP %s' % (count, what, why), flush=True)


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def write(path, text, mode=0o600):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    os.chmod(path, mode)


def free_ports(number):
    sockets = [socket.create_server(('127.0.0.1', 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Computer:
    """A folder in which a user of that computer has all that Optiflash keeps."""

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.env = {'HOME': folder, 'XDG_RUNTIME_DIR': folder + '/run', 'PATH': folder + '/bin:/usr/bin:/bin',
                    'LC_ALL': 'C.UTF-8', 'LANGUAGE': 'C', 'DBUS_SYSTEM_BUS_ADDRESS': 'unix:path=/nonexistent'}
        os.makedirs(folder + '/bin')
        os.mkdir(folder + '/run', 0o700)
        # where a test has a hook the hook comes first, and may run the program itself
        write(folder + '/bin/optiflashctl', '#!/bin/sh\nprogram() { "%s" --finder=none --practice-speed=0 "$@"; }\n'
              '[ ! -e "$HOME/hook" ] || . "$HOME/hook"\nprogram "$@"\n' % CTL, 0o755)

    def hook(self, text):
        write(self.folder + '/hook', text + '\n')

    def run(self, *words):
        return subprocess.run(['optiflashctl', *words], env=self.env, cwd=self.folder, text=True, check=False,
                              executable=self.folder + '/bin/optiflashctl', stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def flash(self):
        """What the practice drives hold, each file of them."""
        return {path: hashlib.sha256(read(path)).hexdigest()
                for path in glob.glob(self.folder + '/.local/state/optiflash/practice/*')}

    def writes(self):
        """How many jobs have passed the point of no return: it is in the journal before the first command."""
        return sum(b'"point-of-no-return"' in read(path)
                   for path in glob.glob(self.folder + '/.local/state/optiflash/journal/*'))

    def jobs(self):
        return len(glob.glob(self.folder + '/.local/state/optiflash/journal/*'))


class Computers:
    """Some computers, and the ssh that leads to them."""

    def __init__(self, folder, real):
        self.folder = folder
        ports = free_ports(len(NAMES) + 1)
        self.computers = {name: Computer(os.path.join(folder, name), port) for name, port in zip(NAMES, ports)}
        self.nobody = ports[-1]
        os.mkdir(folder + '/bin')
        self.env = {**os.environ, 'PATH': folder + '/bin:' + os.environ['PATH'], 'HOME': folder}
        self.log = os.path.join(folder, 'sshd.log')
        self.made = []
        self.sshd = self.start_sshd() if real else self.write_stand_in()

    def write_stand_in(self):
        for one in self.computers.values():
            words = ' '.join("'%s=%s'" % pair for pair in one.env.items())
            write(one.folder + '/enter', '#!/bin/sh\ncd "$(dirname "$0")" && exec env -i %s sh -c "$1"\n' % words, 0o755)
        write(self.folder + '/bin/ssh', """#!/bin/sh
while :; do
  case $1 in -[oFpliSe]) shift 2 ;; --) shift; break ;; -*) shift ;; *) break ;; esac
done
[ -d "%s/$1" ] || { echo "ssh: connect to host $1: Connection refused" >&2; exit 255; }
program="%s/$1/enter"
shift
exec "$program" "$*"
""" % (self.folder, self.folder), 0o755)

    def start_sshd(self):
        for name in ('host', 'user'):
            subprocess.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', os.path.join(self.folder, name + '-key')],
                           check=True)
        self.write_configuration()
        write(self.folder + '/bin/ssh', '#!/bin/sh\nexec /usr/bin/ssh -F %s/ssh.conf "$@"\n' % self.folder, 0o755)
        if os.getuid() == 0 and not os.path.exists('/run/sshd'):
            os.mkdir('/run/sshd', 0o755)
            self.made.append('/run/sshd')
        return subprocess.Popen([SSHD, '-D', '-f', self.folder + '/sshd.conf', '-E', self.log])

    def write_configuration(self):
        folder = self.folder
        server = ['HostKey %s/host-key' % folder, 'AuthorizedKeysFile %s/user-key.pub' % folder, 'PidFile none',
                  'UsePAM no', 'StrictModes no', 'PasswordAuthentication no', 'PermitRootLogin yes',
                  'MaxStartups 100']
        server += ['ListenAddress 127.0.0.1:%d' % one.port for one in self.computers.values()]
        client = []
        for name, one in self.computers.items():
            server += ['Match LocalPort %d' % one.port,
                       'SetEnv ' + ' '.join('%s=%s' % pair for pair in one.env.items())]
            client += ['Host ' + name, 'Port %d' % one.port]
        client += ['Host nobody', 'Port %d' % self.nobody, 'Host *', 'HostName 127.0.0.1', 'IdentitiesOnly yes',
                   'IdentityFile %s/user-key' % folder, 'StrictHostKeyChecking no',
                   'UserKnownHostsFile %s/known-hosts' % folder, 'LogLevel ERROR']
        write(folder + '/sshd.conf', '\n'.join(server) + '\n')
        write(folder + '/ssh.conf', '\n'.join(client) + '\n')

    def wait(self):
        """Until one can log in; what hinders it is a failure."""
        end = time.monotonic() + 60
        while True:
            done = subprocess.run(['ssh', '-o', 'BatchMode=yes', 'one', 'optiflashctl --version'], env=self.env, text=True,
                                  check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  stdin=subprocess.DEVNULL)
            if done.returncode == 0 or time.monotonic() > end or (self.sshd and self.sshd.poll() is not None):
                return say(done.returncode == 0, 'one can log in, through ' + ('sshd' if self.sshd else 'a shell'),
                           done.stdout, read(self.log).decode() if self.sshd else '')
            time.sleep(0.1)

    def end(self):
        if self.sshd:
            self.sshd.terminate()
            self.sshd.wait()
        for path in self.made:
            os.rmdir(path)
        # the services that were started there, with their buses
        for path in glob.glob('/proc/[0-9]*/environ'):
            try:
                if ('XDG_RUNTIME_DIR=%s/' % self.folder).encode() in read(path):
                    os.kill(int(path.split('/')[2]), signal.SIGTERM)
            except OSError:
                pass


class Shell:
    """flash-all; how each drive ended is the first word of its line."""

    title, needs = 'shell', ('jq',)

    def __init__(self, fleet):
        self.fleet = fleet
        self.backups = fleet.folder + '/backups'

    def run(self, rows, model, image, write_it=True, revision='', accept=False, end='\n'):
        hosts = self.fleet.folder + '/hosts'
        write(hosts, '# all of them\n\n' + '\n'.join('%s %s # a remark' % row for row in rows) + end)
        argv = [FLEET + '/flash-all', '--model=' + model, '--backups=' + self.backups]
        argv += ['--yes'] if write_it else []
        argv += ['--revision=' + revision] if revision else []
        argv += ['--accept-no-backup'] if accept else []
        done = subprocess.run([*argv, hosts, image], env=self.fleet.env, text=True, check=False, timeout=HANG,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        lines = re.findall(r'^(ok|changed|failed|to write|unreachable|unfinished|not begun) +(\w+) ', done.stdout, re.M)
        return done.returncode, {name: state for state, name in lines}, done.stdout


class Ansible:
    """flash.yml; how each drive ended is what Ansible counts for its computer."""

    title, needs = 'Ansible', ('ansible-playbook',)

    def __init__(self, fleet):
        self.fleet = fleet
        self.backups = fleet.folder + '/backups'
        write(fleet.folder + '/ansible.cfg', '')
        self.env = {**fleet.env, 'ANSIBLE_CONFIG': fleet.folder + '/ansible.cfg', 'ANSIBLE_NOCOLOR': '1', 'ANSIBLE_PIPELINING': '1',
                    'ANSIBLE_SSH_CONTROL_PATH_DIR': fleet.folder + '/cp', 'LC_ALL': 'C.UTF-8',
                    'ANSIBLE_SSH_ARGS': '-o ControlMaster=auto -o ControlPersist=20s', 'ANSIBLE_SSH_TRANSFER_METHOD': 'piped',
                    'ANSIBLE_PYTHON_INTERPRETER': '/usr/bin/python3'}

    def run(self, rows, model, image, write_it=True, revision='', accept=False, quote='"'):
        hosts = self.fleet.folder + '/hosts.ini'
        write(hosts, ''.join('%s optiflash_drive=%s\n' % row for row in rows)
              + '[all:vars]\noptiflash_model="%s"\noptiflash_image=%s\noptiflash_backups=%s\n'
              'optiflash_revision=%s\noptiflash_accept_no_backup=%s\n'
              % (model, image, self.backups, quote + revision + quote, accept))
        argv = ['ansible-playbook', '-i', hosts, FLEET + '/flash.yml'] + ([] if write_it else ['--check'])
        done = subprocess.run(argv, env=self.env, text=True, check=False, timeout=HANG, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        states = {}
        for name, line in re.findall(r'^(\w+) +: (ok=.*)$', done.stdout, re.M):
            counts = {word: int(number) for word, number in re.findall(r'(\w+)=(\d+)', line)}
            states[name] = ('unreachable' if counts['unreachable'] else 'failed' if counts['failed'] else
                            ('changed' if write_it else 'to write') if counts['changed'] else 'ok')
        return done.returncode, states, done.stdout


def check(tool, what, done, status, states, *words):
    found_status, found_states, text = done
    flat = re.sub(r'\s+', ' ', text)
    missing = [word for word in words if word not in flat]
    say((found_status == 0) == (status == 0) and (tool.title != 'shell' or found_status == status)
        and found_states == states and not missing, '%s: %s' % (tool.title, what), found_status, found_states, missing,
        text[-6000:])


def same(tool, what, computer, before):
    say((computer.flash(), computer.writes()) == before, '%s: %s' % (tool.title, what), before, computer.flash(),
        computer.writes())


def try_good(tool, fleet, images):
    """Checked, flashed, and flashed again: the second time nothing is written."""
    image = images['good']
    one, last = fleet.computers['one'], fleet.computers['last']
    one.run('backup', 'practice:bu40n', one.folder + '/before.bin')
    rows = [('one', 'practice:bu40n'), ('other', 'practice:wh16ns60'), ('absent', '/dev/sr7'), ('last', 'practice:bu40n')]
    untouched = one.flash(), 0
    check(tool, 'without a write: what would be done', tool.run(rows[:1], BU40N, image, write_it=False), 0,
          {'one': 'to write'}, 'It shows revision 1.00')
    same(tool, 'and nothing was', one, untouched)
    check(tool, 'two are written; of two the reason is said', tool.run(rows, BU40N, image), 1,
          {'one': 'changed', 'other': 'failed', 'absent': 'failed', 'last': 'changed'},
          'not a %s: not touched' % BU40N, 'There is no “/dev/sr7”', 'reports revision 1.03 (before: 1.00)')
    for computer in one, last:
        held = computer.run('verify', 'practice:bu40n', image)
        say(held.returncode == 0 and computer.writes() == 1, '%s: the drive holds it, by one write' % tool.title,
            held.stdout, computer.writes())
    say(fleet.computers['other'].jobs() == 0, tool.title + ': no job began on the drive of another model')
    kept = [read(path) for path in glob.glob(tool.backups + '/**/*.bin', recursive=True)]
    say(kept.count(read(one.folder + '/before.bin')) == 2, tool.title + ': what both held before is here', len(kept))
    again = one.flash(), one.writes()
    files = sorted(glob.glob(tool.backups + '/**', recursive=True))
    check(tool, 'once more: nothing to do', tool.run(rows[:1], BU40N, image), 0, {'one': 'ok'})
    same(tool, 'and no write was begun', one, again)
    say(files == sorted(glob.glob(tool.backups + '/**', recursive=True)), tool.title + ': nor another backup made')


def try_refused(tool, fleet, images):
    """What a check refuses, and who does not answer; the next one is served all the same."""
    one = fleet.computers['one']
    before = one.flash(), one.writes()
    done = tool.run([('one', 'practice:bu40n')], BU40N, images['wrong'])
    check(tool, 'an image of another family is refused', done, 1, {'one': 'failed'},
          'This is a firmware for Plextor drives')
    same(tool, 'and nothing was written', one, before)
    text = tool.run([('nobody', 'practice:bu40n'), ('one', 'practice:bu40n')], BU40N, images['good'])
    check(tool, 'who does not answer is named, and the next one served', text, 1,
          {'nobody': 'failed' if tool.title == 'Ansible' else 'unreachable', 'one': 'ok'}, 'Connection refused')
    left = glob.glob(fleet.folder + '/*/.optiflash-fleet.*')
    say(not left, tool.title + ': no folder is left', left)


def try_unreadable(tool, fleet, images):
    """A drive that cannot be read: a second write would end as unknown, so its revision decides."""
    image = images['plextor']
    plextor, rows = fleet.computers['plextor'], [('plextor', 'practice:px716')]
    check(tool, 'unreadable: its revision has to be named', tool.run(rows, PX716, image), 1, {'plextor': 'failed'},
          'It cannot be read and compared')
    check(tool, 'unreadable: nor is a write announced that has no backup', tool.run(rows, PX716, image, False, '1.03'), 1,
          {'plextor': 'failed'}, 'No backup can be made')
    check(tool, 'unreadable: without a backup only by an option', tool.run(rows, PX716, image, revision='1.03'), 1,
          {'plextor': 'failed'}, 'No backup can be made')
    say(plextor.writes() == 0, tool.title + ': it was not written')
    check(tool, 'unreadable: written', tool.run(rows, PX716, image, revision='1.03', accept=True), 0,
          {'plextor': 'changed'}, 'its bytes could not be compared')
    before = plextor.flash(), plextor.writes()
    check(tool, 'unreadable: once more', tool.run(rows, PX716, image, revision='1.03', accept=True), 0,
          {'plextor': 'ok'}, 'its bytes cannot be compared')
    same(tool, 'unreadable: no write was begun', plextor, before)


def image_left(text):
    """Whether the image that the tool says it left is there."""
    folder = re.search(r'/[/\w-]+/\.optiflash-fleet\.\w+', text)
    return folder and os.path.exists(folder.group() + '/image')


def try_killed(tool, fleet, images):
    """Nobody heard how a write ended, for the program was killed: that is no drive that is as it was."""
    killed, last = fleet.computers['killed'], fleet.computers['last']
    jobs = last.jobs()
    killed.hook('case " $* " in *" flash "*) program "$@" >/dev/null; kill -9 $$ ;; esac')
    status, states, text = done = tool.run([('killed', 'practice:bu40n'), ('last', 'practice:bu40n')], BU40N, images['good'])
    wanted = {'killed': 'failed'} if tool.title == 'Ansible' else {'killed': 'unfinished', 'last': 'not begun'}
    check(tool, 'a write whose end nobody heard of stops it', done, 4, wanted, 'optiflashctl recover practice:bu40n')
    say(killed.writes() == 1 and last.jobs() == jobs, tool.title + ': nothing was begun after that', killed.writes(), last.jobs())
    say(image_left(text), tool.title + ': and the image is still there', status, states)


def try_looked(tool, fleet, images):
    """What flash would refuse is said without a write, too."""
    fresh, rows = fleet.computers['fresh'], [('fresh', 'practice:bu40n')]
    fresh.run('backup', 'practice:bu40n', fresh.folder + '/before.bin')
    before = fresh.flash(), 0
    fresh.hook('export OFL_PRACTICE_DISC=bu40n=pressed')
    check(tool, 'a disc in the drive', tool.run(rows, BU40N, images['good'], False), 1, {'fresh': 'failed'}, 'disc')
    fresh.hook('')
    try_linger(tool, fresh, rows, images['good'])
    same(tool, 'and nothing was written', fresh, before)


def try_spoiled(tool, fleet, images):
    """A backup that is not what its manifest says is none."""
    fresh, rows = fleet.computers['fresh'], [('fresh', 'practice:bu40n')]
    fresh.run('--in-process', 'backup', 'practice:bu40n', fresh.folder + '/spoiled.bin')
    before = fresh.flash(), 0
    fresh.hook('case " $* " in *" backup "*) program "$@" || exit; for file in "$HOME"/.optiflash-fleet.*/backup/*.bin; do '
               'echo >>"$file"; done; exit ;; esac')
    check(tool, 'a backup that is not what its manifest says', tool.run(rows, BU40N, images['good']), 1, {'fresh': 'failed'},
          'Its backup did not arrive whole')
    same(tool, 'nothing is written after it', fresh, before)


def try_linger(tool, fresh, rows, image):
    """Where systemd would end the service: its manager's socket is there, and loginctl has the answer."""
    os.mkdir(fresh.folder + '/run/systemd')
    write(fresh.folder + '/run/systemd/private', '')
    write(fresh.folder + '/bin/loginctl', '#!/bin/sh\ncat "$HOME/linger"\n', 0o755)
    write(fresh.folder + '/linger', 'no\n')
    check(tool, 'a service that would not outlive the connection', tool.run(rows, BU40N, image), 1, {'fresh': 'failed'},
          'loginctl enable-linger ')
    write(fresh.folder + '/linger', 'yes\n')
    check(tool, 'and one that would', tool.run(rows, BU40N, image, False), 0, {'fresh': 'to write'})


def try_words(tool, fleet, images):
    """What a person writes down: a list without its last newline or without a drive, a number, half a path."""
    row = ('absent', '/dev/sr7')
    if tool.title == 'shell':
        check(tool, 'the last line of HOSTS may have no end', tool.run([row], BU40N, images['good'], end=''), 1,
              {'absent': 'failed'})
        check(tool, 'HOSTS without a drive', tool.run([], BU40N, images['good']), 2, {}, 'names no drive.')
        return
    check(tool, 'a revision that is a number', tool.run([row], BU40N, images['good'], revision='1.03', quote=''), 1,
          {'absent': 'failed'}, 'put it in quotes')
    check(tool, 'half a path', tool.run([row], BU40N, 'new.bin'), 1, {'absent': 'failed'}, 'the whole path')


def try_broken(tool, fleet, images):
    """Where a drive needs recovery everything stops, and what it takes is left there."""
    image = images['good']
    broken, last = fleet.computers['broken'], fleet.computers['last']
    jobs = last.jobs()
    broken.hook('export OFL_PRACTICE_FAULTS=bu40n=fail-burn')
    status, states, text = done = tool.run([('broken', 'practice:bu40n'), ('last', 'practice:bu40n')], BU40N, image)
    wanted = {'broken': 'failed'} if tool.title == 'Ansible' else {'broken': 'unfinished', 'last': 'not begun'}
    check(tool, 'a drive that needs recovery stops it', done, 4, wanted, 'optiflashctl recover practice:bu40n')
    say(last.jobs() == jobs, tool.title + ': nothing was begun after it')
    say(image_left(text), tool.title + ': its image is still there', status, states)
    broken.hook('')
    mended = broken.run('--in-process', 'recover', 'practice:bu40n', '--yes')
    say(mended.returncode == 0, tool.title + ': and it is recovered with that', mended.stdout[-1500:])


def make_images(folder):
    images = {'good': folder + '/new.bin', 'wrong': folder + '/wrong.bin', 'plextor': folder + '/wrong.bin'}
    for drive, path in (('bu40n', images['good']), ('px716', images['wrong'])):
        subprocess.run([CTL, 'practice', 'image', drive, '1.03', path], check=True, stdout=subprocess.DEVNULL)
    return images


def check_scripts():
    if shutil.which('shellcheck') is None:
        skip('shellcheck', 'it is not here')
        return
    done = subprocess.run(['shellcheck', FLEET + '/flash-all', SOURCE + '/data/recipes/appimage'], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    say(done.returncode == 0, 'shellcheck has nothing to say', done.stdout)


SCENARIOS = {'good': try_good, 'refused': try_refused, 'words': try_words, 'looked': try_looked, 'spoiled': try_spoiled,
             'unreadable': try_unreadable, 'killed': try_killed, 'broken': try_broken}


def run_all(tool_of):
    with tempfile.TemporaryDirectory(prefix='ofl-fleet-') as folder:
        fleet = Computers(folder, os.path.exists(SSHD) and os.environ.get('OFL_FLEET_SSHD') != 'no')
        try:
            fleet.wait()
            tool, images = tool_of(fleet), make_images(folder)
            for name, scenario in SCENARIOS.items():
                if name in (sys.argv[3:] or SCENARIOS):
                    scenario(tool, fleet, images)
        finally:
            fleet.end()


def main():
    tool = {'shell': Shell, 'ansible': Ansible}[sys.argv[2]]
    missing = [name for name in NEEDED + tool.needs if shutil.which(name) is None]
    if missing:
        print('1..0 # SKIP not here: ' + ' '.join(missing))
        return 0
    if tool is Shell:
        check_scripts()
    run_all(tool)
    print('1..%d' % count)
    return 0 if fine else 1


sys.exit(main())
