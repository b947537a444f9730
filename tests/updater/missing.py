# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a Windows program can be run in a cage on this machine."""
import os
import shutil
import subprocess


def find_missing(*more):
    """Why not; "" where one can. @more: programs that the caller needs besides."""
    if not os.path.exists(os.environ.get("UPDATER_EXE_X86_64", "")):
        return "There is no mingw-w64, so the tests' own program was not built."
    for program in ("wine", "wineserver", "bwrap", "Xvfb", *more):
        if shutil.which(program) is None:
            return "There is no %s." % program
    # some computers let nobody make a name space, though bubblewrap is there
    walls = ["bwrap", "--ro-bind", "/", "/", "--unshare-net", "--unshare-pid", "true"]
    tried = subprocess.run(walls, capture_output=True, text=True)
    return (tried.stderr.strip().replace("\n", " ") or "bwrap fails.") if tried.returncode else ""
