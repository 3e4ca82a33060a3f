# SPDX-License-Identifier: GPL-2.0
"""The keys of the command's JSON, for check.sh: one line for each, such as "show .vfs[] driver"

json_keys.py said COMMAND FILE    those that are in the output in FILE
json_keys.py told PAGE            those that the table in PAGE has
"""

import json
import re
import sys


def said(command, at, value):
    """Objects are named as jq names them"""
    if isinstance(value, list):
        for each in value:
            yield from said(command, at + "[]", each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield f"{command} {at} {key}"
            yield from said(command, at.rstrip(".") + "." + key, each)


def told(page):
    """A row is two cells: ``COMMAND OBJECT``, and the keys, each ``so``"""
    for name, cell in re.findall(r"^   \* - ``([a-z]+ \.\S*)``\n     - ((?:.+\n)+?)(?=   \* -|     -|\n)", page, re.M):
        for key in re.findall(r"``([a-z0-9_]+)``", cell):
            yield f"{name} {key}"


if __name__ == "__main__":
    with open(sys.argv[-1], encoding="utf-8") as file:
        text = file.read()
    if sys.argv[1] == "said":
        # A list at the top is ".[]"
        lines = said(sys.argv[2], ".", json.loads(text))
    else:
        lines = told(text)
    for line in sorted(set(lines)):
        print(line)
