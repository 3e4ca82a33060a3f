# SPDX-License-Identifier: GPL-2.0
#
# Sphinx: the pages of this directory, with the kernel-doc comments of the sources in them. tests/docs.sh runs it; the
# directives for kernel-doc are the kernel's own, of the source tree that KERNEL_SOURCE names.

import os
import sys

KERNEL = os.environ["KERNEL_SOURCE"]
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(KERNEL, "Documentation/sphinx"), os.path.join(HERE, "sphinx")]

project = "cfgblk"
copyright = "The cfgblk developers"
extensions = ["kerneldoc", "kernel_abi", "automarkup", "sphinx.ext.graphviz", "manual_page", "words"]
primary_domain = "c"
highlight_language = "none"
exclude_patterns = ["sphinx"]
smartquotes = False

kerneldoc_bin = os.path.join(KERNEL, "scripts/kernel-doc")
kerneldoc_srctree = os.path.dirname(HERE)
kerneldoc_verbosity = 1

graphviz_output_format = "svg"
manpages_url = "manual.html#{page}-{section}"
html_theme = "alabaster"
html_static_path = ["sphinx/static"]
html_css_files = ["cfgblk.css"]
html_show_sphinx = False
html_copy_source = False
html_theme_options = {
    "description": "VF configuration blocks for Linux",
    "page_width": "1180px",
    "sidebar_width": "230px",
    "show_powered_by": False,
}
html_sidebars = {"**": ["about.html", "navigation.html", "searchbox.html"]}

# Annotations that the C domain does not know
c_id_attributes = ["__iomem", "__user"]

# Of the kernel and of C, and what is nobody's but its owner's
nitpick_ignore = [("c:identifier", name) for name in (
    "bool size_t u8 u16 u32 u64 __u8 __u32 device pci_dev pci_device_id timer_list work_struct seq_file dentry".split()
)]
