# SPDX-License-Identifier: GPL-2.0
#
# Directive "manual-page": a manual page as groff shows it in a terminal. :manpage:`cfgblk(8)` leads there.

import os
import re
import subprocess
from html import escape
from itertools import groupby

from docutils import nodes
from docutils.parsers.rst import Directive

# What grotty prints for a terminal of paper: a letter over itself is bold, one over an underscore is emphasis
LETTER = re.compile(r"(.)\x08(.)|(.|\n)")
OTHER_PAGE = re.compile(r"<strong>(cfgblk\w*)</strong>\((\d)\)")


def letters(text):
    for under, over, plain in LETTER.findall(text):
        if plain:
            yield "", plain
        else:
            yield "strong" if under == over else "em", over


def to_html(text):
    parts = []
    for style, run in groupby(letters(text), lambda letter: letter[0]):
        part = escape("".join(letter for _, letter in run), quote=False)
        parts.append(f"<{style}>{part}</{style}>" if style else part)
    return OTHER_PAGE.sub(r'<a href="#\1-\2">\1(\2)</a>', "".join(parts))


def render(path):
    form = ["-rLL=100n", "-rHY=0", "-dAD=l"]
    return subprocess.run(["groff", "-man", "-Tutf8", "-Kutf8", *form, "-P-c", path], check=True,
                          stdout=subprocess.PIPE, encoding="utf-8").stdout


class ManualPage(Directive):
    required_arguments = 1

    def run(self):
        env = self.state.document.settings.env
        path = os.path.join(env.config.kerneldoc_srctree, self.arguments[0])
        env.note_dependency(path)
        name = os.path.basename(path).replace(".", "-")
        return [nodes.raw("", f'<pre class="manual" id="{name}">{to_html(render(path))}</pre>', format="html")]


def setup(app):
    app.add_directive("manual-page", ManualPage)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
