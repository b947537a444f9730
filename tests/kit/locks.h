/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A thread sanitizer does not see GLib's own locks, and the tests with two threads are made of them;
 * what of ours threads share is under locks that it sees, and tested in other suites. */
#ifdef __SANITIZE_THREAD__
#define LOCKS_ARE_SEEN FALSE
#else
#define LOCKS_ARE_SEEN TRUE
#endif
