# SPDX-License-Identifier: GPL-2.0-or-later
"""measure.py LOG COMMAND...: runs a command, prints its wall seconds and the memory of its largest process in MB."""
import os
import subprocess
import sys
import time

with open(sys.argv[1], "w") as log:
    started = time.monotonic()
    process = subprocess.Popen(sys.argv[2:], stdout=log, stderr=subprocess.STDOUT)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
code = os.waitstatus_to_exitcode(status)
if code != 0:
    print(f"error: {sys.argv[2]} failed with status {code}; its output is in {sys.argv[1]}", file=sys.stderr)
    sys.exit(1)
print(f"{seconds:.1f} {usage.ru_maxrss / 1024:.0f}")
