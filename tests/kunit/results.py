#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Turns the JSON of kunit.py into lines "ok - kunit: SUITE: CASE"."""

import json
import sys

WORDS = {"PASS": "ok", "SKIP": "ok"}


def show(group, path):
    """Print the cases of a group and those of its sub-groups; return how many."""
    count = 0
    for case in group["test_cases"]:
        status = case["status"]
        skipped = " # SKIP" if status == "SKIP" else ""
        name = ": ".join(path + [case["name"]])
        print(f"{WORDS.get(status, 'not ok')} - kunit: {name}{skipped}")
        count += 1
    for sub in group["sub_groups"]:
        count += show(sub, path + [sub["name"]])
    return count


def main():
    """Its status says whether there was a case, and results that can be read."""
    try:
        with open(sys.argv[1], encoding="utf-8") as results:
            return 0 if show(json.load(results), []) else 1
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"{sys.argv[1]}: {error!r}", file=sys.stderr)
        return 1


sys.exit(main())
