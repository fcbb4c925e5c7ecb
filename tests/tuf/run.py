#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Drives sallyport-tuf-client against repositories that are made here, by other hands than its own: Python's JSON and
Python's cryptography. Each case is a function of the cases_*.py files beside this one.

    tests/tuf/run.py [--client PROGRAM] [WORD...]     only the cases whose names have all of these words
"""
import argparse
import concurrent.futures
import sys
import time
import traceback
from pathlib import Path

import harness
import cases_basic  # noqa: F401
import cases_delegations  # noqa: F401
import cases_files  # noqa: F401
import cases_habits  # noqa: F401
import cases_keys  # noqa: F401
import cases_others  # noqa: F401
import cases_transport  # noqa: F401
import cases_versions  # noqa: F401

REPO = Path(__file__).resolve().parents[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--client", default=str(REPO / "build/dev/bin/sallyport-tuf-client"))
    parser.add_argument("words", nargs="*")
    arguments = parser.parse_args()
    harness.start(arguments.client)
    chosen = [case for case in harness.CASES if all(word in case[0] for word in arguments.words)]
    # The cases mostly wait, for a disk or for a server.
    with concurrent.futures.ThreadPoolExecutor(max_workers=8) as pool:
        failures = [text for text in pool.map(run_case, chosen) if text]
    for text in failures:
        print(text)
    print(f"{len(chosen) - len(failures)} passed, {len(failures)} failed")
    return 1 if failures or not chosen else 0


def run_case(case):
    name, function, parameters = case
    begin = time.monotonic()
    try:
        function(*parameters)
    except Exception:  # whatever happens, the other cases run
        return f"FAILED {name}\n{traceback.format_exc(limit=3)}"
    if time.monotonic() - begin > 20:
        return f"FAILED {name}: it took {time.monotonic() - begin:.0f} seconds"
    return ""


if __name__ == "__main__":
    sys.exit(main())
