#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-install.py SOURCE BUILD MESON LIBDIR LIBEXECDIR PARTS…: what an install puts where is what
installed.txt has, each file is what it should be, and an uninstall leaves nothing.

PARTS are the words of installed.txt whose parts are in this build."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE, BUILD, MESON, LIBDIR, LIBEXECDIR = sys.argv[1:6]
PARTS = set(sys.argv[6:]) | {'always'}
HERE = os.path.join(SOURCE, 'tests', 'data')
COMPLETIONS = {'share/bash-completion/completions/optiflashctl': ['bash', '-n'],
               'share/zsh/site-functions/_optiflashctl': ['zsh', '-n'],
               'share/fish/vendor_completions.d/optiflashctl.fish': ['fish', '--no-execute']}
# practice drives whose firmware has a mark that the MIME type knows, and one whose has none
MARKED = {'bu40n': '1.03', 'gma4082n': '1.03', 'dvr107': '1.03'}
UNMARKED = {'px716': '1.03'}
FIRMWARE = 'application/x-optical-drive-firmware'

count = 0
fine = True


def say(good, what, *reasons):
    global count, fine
    count += 1
    fine = fine and bool(good)
    print('%sok %d %s' % ('' if good else 'not ', count, what), flush=True)
    for reason in reasons if not good else ():
        print('# %r' % (reason,))
    return good


def skip(what, why):
    global count
    count += 1
    print('ok %d %s # SKIP %s' % (count, what, why), flush=True)


def run(argv, **more):
    return subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False, **more)


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def expected():
    for line in read(os.path.join(HERE, 'installed.txt')).splitlines():
        if line and not line.startswith('#'):
            part, path = line.split()
            if part in PARTS:
                yield path.replace('@libdir@', LIBDIR).replace('@libexecdir@', LIBEXECDIR)


def everything_in(folder):
    return sorted(os.path.relpath(os.path.join(place, name), folder)
                  for place, folders, names in os.walk(folder)
                  for name in names + [one for one in folders if os.path.islink(os.path.join(place, one))])


def prefix_of():
    done = run([MESON, 'introspect', BUILD, '--buildoptions'])
    return re.search(r'"name": "prefix", "value": "([^"]*)"', done.stdout).group(1)


def check_modes(root, found):
    wrong = []
    for path in found:
        mode = os.stat(os.path.join(root, path)).st_mode & 0o7777
        runs = path.startswith(('bin/', LIBEXECDIR + '/')) or path.endswith(('.so', '.dll'))
        if (mode & ~0o111) != 0o644 or (runs and path.startswith(('bin/', LIBEXECDIR)) and mode != 0o755) \
                or (not runs and mode & 0o111):
            wrong.append((path, oct(mode)))
    say(not wrong, 'programs may be run, nothing else, and nothing is set-user-ID', *wrong)


def check_pages(root, found):
    pages = [path for path in found if path.startswith('share/man/')]
    version = re.search(r"^  version: '([^']+)'", read(os.path.join(SOURCE, 'meson.build')), re.M).group(1)
    for path in pages:
        text = read(os.path.join(root, path))
        name, number = os.path.basename(path).rsplit('.', 1)
        head = re.search(r'^\.TH (\S+) (\d) "\d{4}-\d\d-\d\d" "Optiflash (\S+)"', text, re.M)
        good = head and head.groups() == (name.upper().replace('-', '\\-'), number, version)
        say(good and '.SH SEE ALSO' in text, path + ': its own title, and this version', text[:200])
        if shutil.which('groff'):
            done = run(['groff', '-man', '-ww', '-z', '-Tutf8', os.path.join(root, path)])
            said = [line for line in done.stdout.splitlines() if 'cannot adjust' not in line]
            say(done.returncode == 0 and not said, path + ': groff warns of nothing', *said)
    names = {os.path.basename(path) for path in pages}
    # macros of fonts make "optiflashctl (1)" of two words
    text = '\n'.join(re.sub(r'"|\\fR| ', '', read(os.path.join(root, path))).replace('\\-', '-')
                     for path in pages)
    asked = {'%s.%s' % match for match in re.findall(r'^\.BR(optiflash[\w-]*)\((\d)\)', text, re.M)}
    built = asked if 'ui' in PARTS else asked - {'optiflash.1'}
    say(len(asked) >= 3 and built <= names, 'every page that a page names is there', sorted(built - names))


def check_recipes(folder):
    """What other systems' packages are made by knows this version, and only options that there are."""
    recipes = os.path.join(SOURCE, 'data', 'recipes')
    version = re.search(r"^  version: '([^']+)'", read(os.path.join(SOURCE, 'meson.build')), re.M).group(1)
    spec = read(os.path.join(recipes, 'optiflash.spec'))
    say('\nVersion:        %s\n' % version in spec, 'the spec is of this version')
    manifest = json.loads(read(os.path.join(recipes, 'org.optiflash.Optiflash.json')))
    own = next(one for one in manifest['modules'] if one['name'] == 'optiflash')
    options = set(re.findall(r"^option\('(\w+)'", read(os.path.join(SOURCE, 'meson_options.txt')), re.M))
    used = re.findall(r'-D(\w+)=', ' '.join([spec, *own['config-opts'],
                                             read(os.path.join(SOURCE, 'data/debian/debian/rules'))]))
    say(len(used) >= 6 and set(used) <= options, 'the options that they choose are there', set(used) - options)
    for command, name in ((['rpmspec', '-P'], 'optiflash.spec'),
                          (['flatpak-builder', '--show-manifest'], 'org.optiflash.Optiflash.json')):
        if shutil.which(command[0]) is None:
            skip(name, command[0] + ' is not here')
            continue
        # one of them leaves a folder where it runs
        done = run([*command, os.path.join(recipes, name)], cwd=folder)
        say(done.returncode == 0 and 'WARNING' not in done.stdout, '%s: %s reads it' % (name, command[0]),
            done.stdout[-400:])


def check_shells(root):
    for path, command in COMPLETIONS.items():
        if shutil.which(command[0]) is None:
            skip(path, command[0] + ' is not here')
            continue
        done = run([*command, os.path.join(root, path)])
        say(done.returncode == 0 and not done.stdout, '%s: %s can read it' % (path, command[0]), done.stdout)


def check_service(root, prefix):
    program = os.path.join(prefix, LIBEXECDIR, 'optiflashd')
    bus = read(os.path.join(root, 'share/dbus-1/services/org.optiflash.Optiflash1.service'))
    unit = read(os.path.join(root, 'lib/systemd/user/optiflashd.service'))
    say('Exec=%s\n' % program in bus and 'SystemdService=optiflashd.service\n' in bus
        and 'ExecStart=%s\n' % program in unit, 'bus and unit start what was installed', bus)


def guess_types(root, files):
    """What GIO takes each file for, by its bytes alone, with the types that were installed."""
    code = ('import sys\nfrom gi.repository import Gio\n'
            'for path in sys.argv[1:]: print(Gio.content_type_guess(None, open(path, "rb").read())[0])')
    env = {**os.environ, 'XDG_DATA_DIRS': os.path.join(root, 'share'), 'XDG_DATA_HOME': os.path.join(root, 'none')}
    return run([sys.executable, '-c', code, *files], env=env).stdout.split()


def check_types(root, folder):
    if shutil.which('update-mime-database') is None or run([sys.executable, '-c', 'import gi']).returncode != 0:
        skip('types of files', 'update-mime-database or gi is not here')
        return
    env = {**os.environ, 'XDG_DATA_DIRS': os.path.join(root, 'share')}
    done = run(['update-mime-database', os.path.join(root, 'share', 'mime')], env=env)
    say(done.returncode == 0 and not done.stdout, 'the types of files are well-formed', done.stdout)
    files = {'tape': b'{"format":"optiflash-tape","version":1}\n', 'text': b'PIONEER is no firmware\n',
             'evidence': b'OPTIFLASH EVIDENCE 1\nmore\n' + b'\0' * 512, 'noise': bytes(range(256)) * 64}
    for name, data in files.items():
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(data)
    wanted = {'tape': 'application/x-optiflash-tape', 'evidence': 'application/x-optiflash-evidence',
              'text': 'text/plain', 'noise': 'application/octet-stream'}
    wanted['text'] = None  # the system's types are not here: anything but ours
    for names, kind in ((MARKED, FIRMWARE), (UNMARKED, None)):
        for name, revision in names.items():
            made = run([os.environ['OPTIFLASHCTL'], 'practice', 'image', name, revision, os.path.join(folder, name)])
            say(made.returncode == 0, 'an image for ' + name, made.stdout)
            wanted[name] = kind
    guessed = guess_types(root, [os.path.join(folder, name) for name in wanted])
    for (name, kind), guess in zip(wanted.items(), guessed):
        say(guess == kind if kind else not re.search('opti', guess), '%s is %s' % (name, kind or 'none of ours'),
            guess)
    say(len(guessed) == len(wanted), 'all were looked at', guessed)


def main():
    prefix = prefix_of()
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, 'target')
        done = run([MESON, 'install', '-C', BUILD, '--no-rebuild', '--destdir', target])
        say(done.returncode == 0, 'it installs', done.stdout[-2000:])
        root = target + prefix
        found = everything_in(root)
        wanted = sorted(expected())
        say(found == wanted and len(everything_in(target)) == len(found), 'what installed.txt has, and nothing else',
            {'not expected': sorted(set(found) - set(wanted)), 'missing': sorted(set(wanted) - set(found))})
        check_modes(root, found)
        check_pages(root, found)
        check_shells(root)
        if 'service' in PARTS:
            check_service(root, prefix)
        check_recipes(folder)
        # what "ninja uninstall" runs; before the types of files, whose index is not meson's
        copy = os.path.join(folder, 'copy')
        shutil.copytree(root, copy, symlinks=True)
        done = run([MESON, '--internal', 'uninstall'], cwd=BUILD)
        left = [os.path.join(place, name) for place, folders, names in os.walk(target) for name in folders + names]
        say(done.returncode == 0 and 'Failed: 0' in done.stdout and not left, 'an uninstall leaves nothing',
            *left, done.stdout[-500:])
        if 'ui' in PARTS:
            check_types(copy, folder)
    print('1..%d' % count)
    return 0 if fine else 1


sys.exit(main())
