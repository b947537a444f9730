#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The completions of bash, zsh and fish, in these shells themselves, and what they ask.

Bash and zsh run on a terminal of their own: a line is typed, the tabulator, and a key that writes down
what the line has become. A shell that is not here is skipped.
usage: test-completion.py SOURCE_ROOT
"""
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

SOURCE = sys.argv[1]
CTL = os.environ['OPTIFLASHCTL']
COMPLETIONS = os.path.join(SOURCE, 'data', 'completions')
BASH_COMPLETION = '/usr/share/bash-completion/bash_completion'
HANG = 60  # seconds after which a shell that says nothing has failed
HELP = '--help'

count = 0
failed = 0


def say(good, what, *reasons):
    global count, failed
    count += 1
    failed += not good
    print('%sok %d completion: %s' % ('' if good else 'not ', count, what), flush=True)
    for reason in reasons if not good else ():
        print('# %r' % (reason,))


def skip(what, why):
    global count
    count += 1
    print('ok %d completion: %s # SKIP %s' % (count, what, why), flush=True)


def ask(*words, env=None):
    """What may stand in the place of the last of the words."""
    done = subprocess.run([CTL, '--complete', *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False, env=env)
    return [line.split('\t')[0] for line in done.stdout.splitlines()]


def help_of(*words):
    done = subprocess.run([CTL, *words, HELP], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


# --- What the program says

def options_in(text):
    return {name for name in re.findall(r'^  (?:-\w, )?(--[\w-]+)', text, re.M)} - {HELP}


def check_verbs():
    verbs = re.findall(r'^  (\w+) ', help_of().split('Verbs:')[1], re.M)
    say(len(verbs) > 15 and ask('') == verbs + ['help'], 'it knows the verbs of --help', verbs, ask(''))
    for verb in verbs:
        known = options_in(help_of(verb))
        said = {word.rstrip('=') for word in ask(verb, '--')} - {HELP}
        say(known and said == known, verb + ': the options of its --help', sorted(known ^ said))
    known = options_in(help_of())
    said = {word.rstrip('=') for word in ask('--')} - {HELP}
    say(said == known, 'the options before a verb', sorted(known ^ said))


def check_values():
    values = {('doctor', '--read', ''): ['quick', 'full', 'none'],
              ('doctor', '--read=f'): ['--read=full'],
              ('--finder', 'u'): ['udev'], ('--finder=c',): ['--finder=cdio'],
              ('--finder', 'udev', 'fl'): ['flash'], ('--json', 'fl'): ['flash'],
              ('inspect', '--extract', ''): [':folder'], ('report', '-o', ''): [':file'],
              ('plan', '--family', 'bt'): ['btc'],
              ('flash', 'practice:bu40n', ''): [':file'], ('inspect', ''): [':file'],
              ('inspect', '--', '--'): [':file'],
              ('info', 'practice:bu'): ['practice:bu40n'],
              ('flash', '--set', 'enc='): ['enc=auto', 'enc=no', 'enc=yes'],
              ('updater', 'practice:bu40n', 'a.exe', 'b', ''): [':file'],
              ('practice', ''): ['list', 'image', 'reset', 'demo'],
              ('practice', 'reset', 'bu4'): ['bu40n'], ('practice', 'image', 'bu40n', ''): [],
              ('practice', 'image', 'bu40n', '1.03', ''): [':file'],
              ('practice', 'image', 'bu40n', '1.03', 'x', 'raw'): ['raw-dump'],
              ('tape', ''): ['show', 'compare', 'replay'], ('tape', 'show', ''): [':file'],
              ('tape', 'compare', 'a', ''): [':file'], ('tape', 'replay', 'a', 'practice:bu'): ['practice:bu40n'],
              ('help', 'fl'): ['flash'], ('help', 'flash', ''): [], ('no-such-verb', ''): [], (): []}
    for words, wanted in values.items():
        say(ask(*words) == wanted, 'after %r: %r' % (words, wanted), ask(*words))
    choices = re.findall(r'^  (\w[\w-]*)=(\S+)', help_of('flash').split('Choices')[1], re.M)
    wanted = {'%s=%s' % (name, value) for name, all_of in choices for value in all_of.split('|')}
    say(len(wanted) > 15 and set(ask('flash', '--set', '')) == wanted, 'every choice with its values',
        sorted(wanted ^ set(ask('flash', '--set', ''))))
    image = subprocess.run([CTL, 'practice', 'list'], stdout=subprocess.PIPE, text=True, check=True)
    drives = {'practice:' + line.split()[0] for line in image.stdout.splitlines()}
    say(len(drives) > 10 and drives <= set(ask('flash', '')), 'every practice drive')


def check_leaves_nothing():
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, 'HOME': home}
        env = {name: value for name, value in env.items() if not name.startswith('XDG_')}
        for words in ([''], ['flash', ''], ['backups', ''], ['restore', 'practice:bu40n', ''], ['list', '--']):
            ask(*words, env=env)
        say(os.listdir(home) == [], 'it leaves nothing behind', os.listdir(home))


def check_backups():
    with tempfile.TemporaryDirectory() as folder:
        base = ['--finder=none', '--practice-speed=0', '--state-dir=' + folder + '/state',
                '--backup-dir=' + folder + '/backups']
        done = subprocess.run([CTL, *base, 'backup', 'practice:bu40n'], stdout=subprocess.PIPE, check=False)
        names = os.listdir(folder + '/backups') if done.returncode == 0 else []
        say(len(names) == 1 and ask(base[3], 'restore', 'practice:bu40n', '') == names + [':file'],
            'stored backups', names, ask(base[3], 'restore', 'practice:bu40n', ''))
        say(ask('--backup-dir', folder + '/backups', 'backups', names[0][:4] if names else '')[:1] == names,
            'the same, the folder as a word of its own')
        for name in ['x y', 'x$(touch pwned)', 'x;pwned', 'x\nz', "x'"]:
            shutil.copytree(folder + '/backups/' + names[0], folder + '/backups/' + name)
        say(ask(base[3], 'restore', 'practice:bu40n', '') == names + [':file'],
            'a name that a shell would read otherwise is left out', ask(base[3], 'restore', 'practice:bu40n', ''))


NODE = """P: /devices/target0:0:0/0:0:0:0
E: SUBSYSTEM=scsi
A: vendor=ACME    \\n
A: model=DISC WRITER     \\n

P: /devices/target0:0:0/0:0:0:0/block/sr7
N: sr7
E: SUBSYSTEM=block
E: DEVNAME=/dev/sr7
L: device=../../../0:0:0:0
"""


def check_nodes():
    if shutil.which('umockdev-run') is None:
        skip('a real drive', 'umockdev-run is not here')
        return
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + '/drive', 'w', encoding='utf-8') as file:
            file.write(NODE)
        done = subprocess.run(['umockdev-run', '-d', folder + '/drive', '--', CTL, '--complete', 'info', '/d'],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        say(done.stdout == '/dev/sr7\tACME DISC WRITER\n', 'a real drive, with its name', done.stdout)


# --- The shells

CASES = {'optiflashctl fl': 'optiflashctl flash ',
         'optiflashctl info practice:bu4': 'optiflashctl info practice:bu40n ',
         'optiflashctl doctor --read=f': 'optiflashctl doctor --read=full ',
         'optiflashctl --finder cd': 'optiflashctl --finder cdio ',
         'optiflashctl inspect --ext': 'optiflashctl inspect --extract=',
         'optiflashctl inspect --extract=fol': 'optiflashctl inspect --extract=folder-of-mine/',
         'optiflashctl inspect fir': 'optiflashctl inspect firmware\\ of\\ mine.bin ',
         'optiflashctl report --output=fir': 'optiflashctl report --output=firmware\\ of\\ mine.bin ',
         'optiflashctl --backup-dir=fol list --fi': 'optiflashctl --backup-dir=fol list --finder=',
         'optiflashctl flash --set enc=n': 'optiflashctl flash --set enc=no '}
BEGIN = {
    'bash': ['bash', '--norc', '--noprofile', '-i'],
    'zsh': ['zsh', '-f', '-i'],
}
PREPARE = {
    'bash': """PS1=; bind 'set enable-bracketed-paste off'; . %(library)s; . %(completions)s/optiflashctl
write_down() { printf '%%s' "$READLINE_LINE" >line.new; mv line.new line; READLINE_LINE=; }
bind -x '"\\C-xw": write_down'; bind '"\\C-xc": complete'
""",
    'zsh': """PS1= RPS1=; unset zle_bracketed_paste; unsetopt prompt_sp; fpath=(%(completions)s $fpath)
autoload -Uz compinit; compinit -u -D
write_down() { print -rn -- "$BUFFER" >line.new; command mv line.new line; BUFFER=; }
zle -N write_down; bindkey '^Xw' write_down; bindkey '^Xc' complete-word
""",
}


class Shell:
    """A shell on a terminal, in a folder of its own."""

    def __init__(self, name, folder, path):
        env = {'HOME': folder, 'PATH': path, 'TERM': 'dumb', 'LC_ALL': 'C.UTF-8', 'COLUMNS': '200'}
        self.folder = folder
        self.said = b''
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(BEGIN[name][0], BEGIN[name], env)
        words = {'completions': COMPLETIONS, 'library': BASH_COMPLETION}
        with open(folder + '/prepare', 'w', encoding='utf-8') as file:
            file.write(PREPARE[name] % words)
        self.type('. ./prepare; echo >prepared\r')
        self.wait_for('prepared')

    def type(self, text):
        os.write(self.terminal, text.encode())

    def wait_for(self, name):
        """Until the shell has written the file, which is read and removed."""
        path = os.path.join(self.folder, name)
        end = time.monotonic() + HANG
        while not os.path.exists(path):
            if time.monotonic() > end:
                return None
            if select.select([self.terminal], [], [], 0.02)[0]:
                self.said += os.read(self.terminal, 65536)
        with open(path, encoding='utf-8') as file:
            text = file.read()
        os.unlink(path)
        return text

    def complete(self, line):
        self.type(line + '\x18c\x18w')
        return self.wait_for('line')

    def end(self):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


def check_shell(name, needs):
    missing = [need for need in needs if shutil.which(need) is None and not os.path.exists(need)]
    if missing:
        skip(name, 'not here: ' + ', '.join(missing))
        return
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(folder + '/bin')
        os.symlink(CTL, folder + '/bin/optiflashctl')
        os.mkdir(folder + '/folder-of-mine')
        with open(folder + '/firmware of mine.bin', 'w', encoding='utf-8'):
            pass
        path = folder + '/bin:' + os.environ['PATH']
        if name == 'fish':
            check_fish(folder, path)
            return
        shell = Shell(name, folder, path)
        for line, wanted in CASES.items():
            become = shell.complete(line)
            # zsh takes a blank that it added back when the line ends
            say(become is not None and become.rstrip(' ') == wanted.rstrip(' '), '%s: %s' % (name, line),
                become, shell.said[-300:])
        shell.end()


FISH_CASES = {'optiflashctl fl': 'flash', 'optiflashctl info practice:bu4': 'practice:bu40n',
              'optiflashctl doctor --read=f': '--read=full',
              'optiflashctl inspect --extract=fol': '--extract=folder-of-mine/',
              'optiflashctl inspect fir': 'firmware of mine.bin',
              'optiflashctl report --output=fir': '--output=firmware of mine.bin'}


def check_fish(folder, path):
    for line, wanted in FISH_CASES.items():
        script = 'source %s/optiflashctl.fish; complete -C $argv[1]' % COMPLETIONS
        done = subprocess.run(['fish', '--no-config', '-c', script, line], cwd=folder, text=True, check=False,
                              env={'HOME': folder, 'PATH': path, 'LC_ALL': 'C.UTF-8'},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        words = [said.split('\t')[0] for said in done.stdout.splitlines()]
        say(words == [wanted], 'fish: ' + line, done.stdout)


def main():
    check_verbs()
    check_values()
    check_leaves_nothing()
    check_backups()
    check_nodes()
    check_shell('bash', ['bash', BASH_COMPLETION])
    check_shell('zsh', ['zsh'])
    check_shell('fish', ['fish'])
    print('1..%d' % count)
    return 1 if failed else 0


sys.exit(main())
