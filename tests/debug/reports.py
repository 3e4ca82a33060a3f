#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""reports.py LOG NAME: what a kernel log has of reports, as a test result.

A report is a failure, but for data races (KCSAN) between two places of the core kernel, which are listed. A race is
ours if one of its two accesses was made by a function of our modules, or by one of the kernel's helpers, such as
memcpy() or list_add(), on behalf of one of ours.
"""

import re
import sys

BAD = re.compile(
    r"WARNING:|BUG:|Oops|general protection|Call Trace|possible .*deadlock|inconsistent lock|suspicious RCU"
    r"|blocked for more than|scheduling while atomic|sleeping function called|Invalid wait context|bad unlock balance"
    r"|held lock freed|lock held when returning|refcount_t:|list_(add|del) corruption|UBSAN|KASAN: |ODEBUG:"
    r"|Kernel panic|nobody cared|double free|use-after-free(?! debug)|DMA-API: .*(error|leak|cacheline)"
    r"|Trying to free already-free|kobject.*(tried to|initialized)")

STAMP = re.compile(r"^(<\d+>)?\[ *\d+\.\d+\](\[ *[TC]\d+\])? ?")
FENCE = re.compile(r"^={20,}$")
ACCESS = re.compile(r"^(race at unknown origin, with )?"
                    r"(assert no accesses|assert no writes|read|write|read-write)\b.* to 0x")
FRAME = re.compile(r"^ +(?:\? )?([\w.]+)\+0x[0-9a-f]+/0x[0-9a-f]+(?: \[(\w+)\])?")

OURS = ("cfgblk", "cfgblk_pf", "cfgblk_vf")
# Functions of the kernel that touch what their caller hands them, and have nothing of their own
HELPERS = re.compile(r"^_*(mem(cpy|set|cmp|move|chr_inv)|str\w+|list_\w+|hlist_\w+|bitmap_\w+|find_\w+_bit|rb_\w+"
                     r"|(copy|_copy)_\w+|xa_\w+|xas_\w+|crc32\w*|ratelimit|___ratelimit|kvfree\w*|kfree\w*"
                     r"|(io)?(read|write)(8|16|32|64)|rcu_\w+|kref_\w+|refcount_\w+)(\.\w+)*$")


def lines_of(path):
    with open(path, encoding="utf-8", errors="replace") as log:
        return [STAMP.sub("", line.rstrip("\r\n")) for line in log]


def split(lines):
    """Races as lists of lines, and all other lines."""
    races, rest, race = [], [], None
    for n, line in enumerate(lines):
        if race is None and FENCE.match(line) and n + 1 < len(lines) and "BUG: KCSAN" in lines[n + 1]:
            race = []
        elif race is not None and FENCE.match(line):
            races.append(race)
            race = None
        elif race is not None:
            race.append(line)
        else:
            rest.append(line)
    if race is not None:
        races.append(race)
    return races, rest


def stacks(race):
    """The stacks of the accesses: lists of (function, module)."""
    found = []
    for line in race:
        if ACCESS.match(line):
            found.append([])
        elif found:
            frame = FRAME.match(line)
            if frame:
                found[-1].append(frame.groups())
    return found


def is_ours(race):
    found = stacks(race)
    for stack in found:
        while stack and not stack[0][1] and HELPERS.match(stack[0][0]):
            stack.pop(0)
        if stack and stack[0][1] in OURS:
            return True
    # One that cannot be read is not passed over
    return not found


def main():
    path, name = sys.argv[1:]
    races, rest = split(lines_of(path))
    ours = [race for race in races if is_ours(race)]
    bad = [line for line in rest if BAD.search(line)]
    titles = [race[0] for race in races if race not in ours]

    if not rest:
        bad.append("the log is empty")
    for title in sorted(set(titles)):
        print(f"# core kernel, {titles.count(title)} times: {title}")
    for line in bad:
        print(f"# {line}")
    for race in ours:
        print("\n".join(f"# {line}" for line in race))
    failed = bool(bad or ours)
    print(f"{'not ok' if failed else 'ok'} - {name}: nothing bad in the kernel log")
    return 1 if failed else 0


sys.exit(main())
