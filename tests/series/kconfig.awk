# SPDX-License-Identifier: GPL-2.0
#
# Those entries of Kconfig whose names are in -v names=" A B "

/^#/ && FNR > 1 { comment = comment $0 "\n"; next }
/^config / { on = index(names, " " $2 " ") }
/^(config|source|if|menu)/ && on { printf "%s", comment }
/^config / { comment = "" }
FNR <= 2 || on
