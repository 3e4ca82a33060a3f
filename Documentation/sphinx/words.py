# SPDX-License-Identifier: GPL-2.0
#
# Directive "words": dwords drawn with their fields. Which bits a field has is read from the #define of its mask, so a
# drawing cannot differ from the code.
#
#   .. words:: common/proto.h
#
#      0: CFGBLK_HDR_ID id | CFGBLK_HDR_MORE M | 6:0 what has no mask
#
# Bits that nothing names are drawn as zeroes.

import os
import re
from html import escape

from docutils import nodes
from docutils.parsers.rst import Directive

BIT = 24
LEFT = 84
BOX = 30
ABOVE = 18  # room for the numbers of bits
LETTER = 7.4

MASK = re.compile(r"^#define\s+(\w+)\s+(?:GENMASK\((\d+),\s*(\d+)\)|BIT\((\d+)\))", re.M)


def read_masks(path):
    with open(path, encoding="utf-8") as file:
        found = MASK.findall(file.read())
    return {name: (int(bit or high), int(bit or low)) for name, high, low, bit in found}


def parse_field(text, masks):
    where, _, label = text.strip().partition(" ")
    bits = re.fullmatch(r"(\d+):(\d+)", where)
    if bits:
        high, low = map(int, bits.groups())
    elif where in masks:
        high, low = masks[where]
    else:
        raise ValueError(f"no mask {where}")
    label = label.strip()
    if len(label) * LETTER > (high - low + 1) * BIT:
        raise ValueError(f"no room for '{label}' in {high}:{low}")
    return high, low, label, where if not bits else ""


def with_zeroes(fields):
    """From bit 31 down to bit 0, with the gaps between the fields"""
    above = 32
    for field in sorted(fields, reverse=True):
        if field[0] >= above:
            raise ValueError(f"bits {field[0]}:{field[1]} are named twice")
        if field[0] < above - 1:
            yield above - 1, field[0] + 1, "0", ""
        yield field
        above = field[1]
    if above:
        yield above - 1, 0, "0", ""


def parse_row(line, masks):
    name, _, rest = line.partition(":")
    return name.strip(), list(with_zeroes(parse_field(text, masks) for text in rest.split("|")))


def draw_bits(high, low, x, width, y):
    if high == low:
        yield f'<text class="bit" x="{x + width / 2}" y="{y}">{high}</text>'
    else:
        yield f'<text class="bit first" x="{x + 3}" y="{y}">{high}</text>'
        yield f'<text class="bit last" x="{x + width - 3}" y="{y}">{low}</text>'


def draw_field(field, y, numbered):
    high, low, label, macro = field
    x, width = LEFT + (31 - high) * BIT, (high - low + 1) * BIT
    kind = "zero" if label == "0" else "field"
    yield f'<g><title>{escape(macro)} {high}:{low}</title>'
    yield f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{BOX}"/>'
    yield f'<text class="label" x="{x + width / 2}" y="{y + 20}">{escape(label)}</text>'
    if numbered:
        yield from draw_bits(high, low, x, width, y - 5)
    yield "</g>"


def draw_rows(rows):
    """Numbers stand over the first row and over those that have several fields"""
    y = 0
    for number, (name, fields) in enumerate(rows):
        numbered = number == 0 or len(fields) > 1
        y += ABOVE if numbered else 0
        yield f'<text class="name" x="{LEFT - 10}" y="{y + 20}">{escape(name)}</text>'
        for field in fields:
            yield from draw_field(field, y, numbered)
        y += BOX
    yield y + 2


def draw(rows):
    *shapes, height = draw_rows(rows)
    width = LEFT + 32 * BIT + 2
    return [f'<svg class="words" role="img" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}">',
            *shapes, "</svg>"]


class Words(Directive):
    required_arguments = 1
    has_content = True

    def run(self):
        env = self.state.document.settings.env
        path = os.path.join(env.config.kerneldoc_srctree, self.arguments[0])
        env.note_dependency(path)
        masks = read_masks(path)
        try:
            rows = [parse_row(line, masks) for line in self.content if line.strip()]
        except ValueError as error:
            raise self.error(str(error))
        return [nodes.raw("", '<div class="words">' + "\n".join(draw(rows)) + "</div>", format="html")]


def setup(app):
    app.add_directive("words", Words)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
