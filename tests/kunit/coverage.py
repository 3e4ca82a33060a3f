#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Adds up what gcov counted; prints a table, and what was not run and why.

Usage: coverage.py CHECKOUT GCOV_JSON OUTPUT_JSON

GCOV_JSON is what gcov --json-format --stdout says: a line for each object.
"""

import json
import pathlib
import re
import sys

# Percent of lines that the suites have to run
LIMITS = {"common": 90, "pf": 85, "vf": 85}

NO_REASON = "no reason given"

# The head of a function begins a line, and nothing else with parentheses does.
HEAD = re.compile(r"[a-z][^;=#]*?(\w+)\(")


def percent(covered, lines):
    """Rounded down, so that 100 means all."""
    return covered * 1000 // lines / 10 if lines else 100.0


def read_reasons(path):
    """Lines "path: function: reason"; others are empty or begin with #."""
    reasons = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            file, function, reason = line.split(": ", 2)
            reasons[file, function] = reason
    return reasons


def read_counts(top, path):
    """Counts of each line of our files; a header is in many objects."""
    counts = {}
    with open(path, encoding="utf-8") as objects:
        for text in objects:
            unit = json.loads(text)
            build = pathlib.Path(unit["current_working_directory"])
            for file in unit["files"]:
                add_counts(counts, name_of(top, build / file["file"]), file)
    return counts


def name_of(top, path):
    """The files of the kernel's tree are links to ours."""
    try:
        return str(path.resolve().relative_to(top))
    except ValueError:
        return ""


def add_counts(counts, name, file):
    if name.split("/")[0] in LIMITS:
        lines = counts.setdefault(name, {})
        for line in file["lines"]:
            number = line["line_number"]
            lines[number] = lines.get(number, 0) + line["count"]


def function_at(source, line):
    """By the source: gcov does not tell functions that were inlined."""
    for text in reversed(source[:line]):
        head = HEAD.match(text)
        if head:
            return head[1]
    return "-"


def by_function(source, lines):
    functions = {}
    for line in sorted(lines):
        functions.setdefault(function_at(source, line), []).append(line)
    return functions


def ranges(missing, lines):
    """Runs of missing lines; lines without code do not interrupt them."""
    order = sorted(lines)
    found = []
    for line in sorted(missing):
        if found and order.index(line) == order.index(found[-1][1]) + 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    return found


def uncovered(file, source, lines, reasons):
    """Functions of a file that were not run in whole."""
    found = []
    for name, body in by_function(source, lines).items():
        missing = [line for line in body if not lines[line]]
        if missing:
            found.append({
                "function": name,
                "ranges": ranges(missing, lines),
                "missing": len(missing),
                "whole": len(missing) == len(body),
                "reason": reasons.get((file, name)),
            })
    return found


def read_source(top, file):
    return (top / file).read_text(encoding="utf-8").splitlines()


def summary(top, file, lines, reasons):
    covered = sum(1 for count in lines.values() if count)
    return {
        "file": file,
        "lines": len(lines),
        "covered": covered,
        "percent": percent(covered, len(lines)),
        "uncovered": uncovered(file, read_source(top, file), lines, reasons),
    }


def total(name, files):
    lines = sum(file["lines"] for file in files)
    covered = sum(file["covered"] for file in files)
    return {
        "directory": name,
        "lines": lines,
        "covered": covered,
        "percent": percent(covered, lines),
        "limit": LIMITS[name],
    }


def totals(files):
    return [
        total(name, [file for file in files if file["file"].startswith(name + "/")])
        for name in LIMITS
    ]


def show_row(name, row, note=""):
    print(f"{name:<24}{row['lines']:>7}{row['covered']:>9}{row['percent']:>9.1f}{note}")


def show_table(files, directories):
    print(f"{'file':<24}{'lines':>7}{'covered':>9}{'percent':>9}")
    for directory in directories:
        name = directory["directory"] + "/"
        for file in files:
            if file["file"].startswith(name):
                show_row(file["file"], file)
        show_row(name, directory, f"  (at least {directory['limit']})")
        print()


def show_function(file, function, source):
    whole = " (all of it)" if function["whole"] else ""
    print(f"{file}: {function['function']}{whole}: {function['reason'] or NO_REASON}")
    for first, last in function["ranges"]:
        place = f"{file}:{first}" + (f"-{last}" if last > first else "")
        print(f"    {place}: {source[first - 1].strip()}")


def show_uncovered(top, files):
    for file in files:
        source = read_source(top, file["file"])
        for function in file["uncovered"]:
            show_function(file["file"], function, source)


def show_needless(files, reasons):
    """Reasons for what is covered, or is not there any more."""
    needed = {(f["file"], u["function"]) for f in files for u in f["uncovered"]}
    for file, function in reasons:
        if (file, function) not in needed:
            print(f"needs no reason any more: {file}: {function}")


def failures(files, directories):
    for row in directories:
        if not row["lines"] or row["percent"] < row["limit"]:
            yield f"{row['directory']}/ has {row['percent']:.1f} %, and should have {row['limit']} %"
    for file in files:
        for function in file["uncovered"]:
            if function["whole"] and not function["reason"]:
                yield f"{file['file']}: {function['function']}: never runs, and nobody says why"


def main():
    top = pathlib.Path(sys.argv[1]).resolve()
    reasons = read_reasons(top / "tests/coverage-reasons")
    counts = read_counts(top, sys.argv[2])
    files = [summary(top, file, counts[file], reasons) for file in sorted(counts)]
    directories = totals(files)
    failed = list(failures(files, directories))
    with open(sys.argv[3], "w", encoding="utf-8") as output:
        json.dump({"directories": directories, "files": files, "failures": failed}, output, indent=1)
    show_table(files, directories)
    show_uncovered(top, files)
    show_needless(files, reasons)
    for failure in failed:
        print(f"not ok - coverage: {failure}")
    return 1 if failed else 0


sys.exit(main())
