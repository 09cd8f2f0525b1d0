"""Runs a command on a terminal of its own and types the lines of stdin, one at each password prompt.

Some tools read passwords from the terminal only; without one they quietly take an empty password. What the command
prints is copied to stdout, and its exit code is this one's.
"""

import os
import pty
import sys


def main() -> None:
    answers = sys.stdin.buffer.read().splitlines()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(sys.argv[1], sys.argv[1:])
    shown = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # Linux's way to say that the other end is closed.
            break
        if not chunk:
            break
        os.write(1, chunk)
        shown = (shown + chunk)[-200:]
        if answers and shown.rstrip().lower().endswith(b"password:"):
            os.write(terminal, answers.pop(0) + b"\n")
            shown = b""
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


main()
