#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Linters over the sources. One kernel source and one kernel for all of them, whatever KERNEL says: what checkpatch and
# kernel-doc find differs by version, and a new version of the kernel is no reason to fail.
#
# Usage: lint.sh            all of them
#        lint.sh NAME...    only those: checkpatch kernel-doc sparse shellcheck codespell padding
#
# Prints "ok - lint: NAME", or "not ok - lint: NAME" and what was found; all of it is in build/lint as well.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$RIG_DIR/apt.sh"
. "$TOP_DIR/tests/kunit/source.sh"

KERNEL=6.12
OUT=$TOP_DIR/build/lint
LINTERS=(checkpatch kernel-doc sparse shellcheck codespell padding)

# pahole is in dwarves.
PACKAGES=(perl sparse shellcheck codespell dwarves gcc make libc6-dev linux-libc-dev git xz-utils)

# CONSTANT_COMPARISON: takes any name in capitals on the left for a constant: LINUX_VERSION_CODE, a sum of sizes
# UNCOMMENTED_DEFINITION: wants a comment beside each lock; members are explained in the kernel-doc of their structure
CHECKPATCH_IGNORE=CONSTANT_COMPARISON,UNCOMMENTED_DEFINITION

# Out of tree, these files are where versions of the kernel are told apart. Linux 6.1 registers no bus that is const.
# Tracepoints have a form of their own, which checkpatch knows below include/trace/events only.
CHECKPATCH_IGNORE_IN='
common/compat.h		LINUX_VERSION_CODE
kunit/sim_compat.h	LINUX_VERSION_CODE
kunit/sim_irqs.c	LINUX_VERSION_CODE
kunit/fake_hyperv.c	CONST_STRUCT
common/compat.h		MACRO_ARG_UNUSED
common/cfgblk_trace.h	COMPLEX_MACRO
common/cfgblk_trace.h	PARENTHESIS_ALIGNMENT
common/cfgblk_trace.h	OPEN_ENDED_LINE
'

# SC1091: files that are sourced in the test machine are not at that path here
# SC2016: what is in single quotes is for eval, awk, or a shell in the machine
# SC2010, SC2012: names in sysfs and in /dev/cfgblk are PCI addresses
SHELLCHECK_IGNORE=SC1091,SC2016,SC2010,SC2012

# filp: the kernel's name for an open file
CODESPELL_IGNORE=filp

# Data, and a text that is not ours
CODESPELL_SKIP='^(COPYING|tests/fuzz/corpus/.*|.*\.(csv|svg))$'

setup()
{
	local missing

	lock_cache
	mapfile -t missing < <(apt_missing "${PACKAGES[@]}")
	if [ "${#missing[@]}" -gt 0 ]; then
		apt_install "to lint" "${missing[@]}"
	fi
	source_setup "$KERNEL"
	exec 9>&-
	SOURCE=$(source_dir "$(source_version "$KERNEL")")
}

# Files of the checkout, those that are not committed yet included; what was built is not among them.
list_files()
{
	git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
		if [ -f "$file" ]; then
			printf '%s\n' "$file"
		fi
	done
}

list_sources()
{
	list_files "$@" | grep '\.[ch]$'
}

# Without what is ignored in that file: lines are "FILE:LINE: LEVEL:TYPE: TEXT".
checkpatch_filter()
{
	awk -v ignored="$CHECKPATCH_IGNORE_IN" '
		BEGIN { n = split(ignored, word); for (i = 1; i < n; i += 2) skip[word[i] " " word[i + 1]] = 1 }
		{ split($0, part, ":") }
		!((part[1] " " part[4]) in skip)'
}

# Findings make its status 1, which xargs makes 123; any other is trouble. It leaves a cache of names behind.
lint_checkpatch()
{
	{ list_sources common pf vf include kunit tests/modules bench/modules |
		xargs -P 2 -n 8 perl "$SOURCE/scripts/checkpatch.pl" --no-tree --strict --terse --quiet --no-summary \
			--show-types --ignore="$CHECKPATCH_IGNORE" -f || [ $? -eq 123 ]; } | checkpatch_filter
	rm -f .checkpatch-camelcase.*
}

lint_kernel-doc()
{
	list_sources common pf vf include | xargs perl "$SOURCE/scripts/kernel-doc" -none -Wall -Werror
}

# sparse DIR [VARIABLE=VALUE...]: C=2 asks for it whether make compiles a file again or not.
run_sparse()
{
	local dir=$1
	shift

	MAKEFLAGS='' make -j 2 -C "$KDIR" M="$dir" C=2 CF=-D__CHECK_ENDIAN__ "$@" modules 2>&1
}

# A copy, as kbuild writes beside the sources. What is compiled stays there for the next time.
lint_sparse()
{
	local copy=$OUT/sparse KDIR log=$OUT/sparse.log

	KDIR=$("$RIG_DIR/setup.sh" --print-kdir "$KERNEL")
	mkdir -p "$copy"
	cp -r --update --preserve=timestamps Kbuild common pf vf include "$copy/"
	cp -r --update --preserve=timestamps -T tests/modules "$copy/modules"
	cp --update --preserve=timestamps kunit/fake_hyperv.[ch] "$copy/modules/"
	cp -r --update --preserve=timestamps -T bench/modules "$copy/bench"
	if ! { run_sparse "$copy" && run_sparse "$copy/modules" KBUILD_EXTRA_SYMBOLS="$copy/Module.symvers" &&
		run_sparse "$copy/bench" KBUILD_EXTRA_SYMBOLS="$copy/Module.symvers"; } >"$log"; then
		tail -n 20 "$log"
	fi
	if ! grep -q '^ *CHECK ' "$log"; then
		echo "sparse looked at no file"
	fi
	{ grep -E 'warning:|WARNING:|error:' "$log" || true; } | sed "s|$copy/||g" | sort -u
}

lint_shellcheck()
{
	list_files | xargs grep -IlE '^#!/bin/(ba)?sh|^# shellcheck shell=' |
		xargs shellcheck -x -P SCRIPTDIR:tests:tests/rig:bench -f gcc --exclude="$SHELLCHECK_IGNORE"
}

# -q 3: not a word on binary files
lint_codespell()
{
	list_files | grep -vE "$CODESPELL_SKIP" | xargs codespell -q 3 -L "$CODESPELL_IGNORE"
}

# A variable of each structure, as the compiler says nothing of what nobody uses
write_structures()
{
	printf '#include <linux/cfgblk.h>\n'
	sed -n 's/^struct \([a-z_]*\) {$/struct \1 a_\1;/p' include/uapi/linux/cfgblk.h
}

# layout BITS: as a program of so many bits sees them. The headers are those of the machine, the 32-bit ones are the same.
layout()
{
	gcc "-m$1" -g -Wpadded -Iinclude/uapi -idirafter "/usr/include/$(gcc -print-multiarch)" -c "$OUT/structures.c" \
		-o "$OUT/structures-$1.o"
	pahole "$OUT/structures-$1.o"
}

# What is handed to user space has no bytes that nobody set, and the ioctl numbers hold its size.
lint_padding()
{
	write_structures >"$OUT/structures.c"
	layout 64 >"$OUT/layout-64"
	layout 32 >"$OUT/layout-32"
	if ! grep -q '^struct cfgblk_info {' "$OUT/layout-64"; then
		echo "pahole sees no structure"
	fi
	grep -nE 'XXX|holes:|padding:' "$OUT/layout-64" "$OUT/layout-32" || true
	diff -I cachelines "$OUT/layout-64" "$OUT/layout-32"
}

# What a linter prints is a finding, and so is its status.
run_linter()
{
	local name=$1 rc

	progress "$name ..."
	set +e
	(set -e; "lint_$name") >"$OUT/$name.found" 2>&1
	rc=$?
	set -e
	progress_end
	if [ "$rc" -eq 0 ] && ! [ -s "$OUT/$name.found" ]; then
		printf 'ok - lint: %s\n' "$name"
	else
		printf 'not ok - lint: %s (status %s)\n' "$name" "$rc"
		sed 's/^/# /' "$OUT/$name.found"
		FAILED=1
	fi
}

main()
{
	local name FAILED=0

	for name in "$@"; do
		declare -F "lint_$name" >/dev/null || die "no such linter: $name; there are ${LINTERS[*]}"
	done
	setup
	cd "$TOP_DIR"
	mkdir -p "$OUT"
	for name in "${@:-${LINTERS[@]}}"; do
		run_linter "$name"
	done
	[ "$FAILED" -eq 0 ]
}

main "$@"
