#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Linters over the sources. One kernel source and one kernel for all of them, whatever KERNEL says: what checkpatch and
# kernel-doc find differs by version, and a new version of the kernel is no reason to fail.
#
# Usage: lint.sh            all of them
#        lint.sh NAME...    only those: checkpatch coccicheck clang-tidy sparse shellcheck kernel-doc codespell padding
#
# JOBS=N: so many at once, 2 unless given. The first three take a minute and more, so files in which they found nothing
# are left out until anything changes that they read (tests/lint/cache.sh).
#
# Prints "ok - lint: NAME", or "not ok - lint: NAME" and what was found; all of it is in build/lint as well.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$RIG_DIR/apt.sh"
. "$TOP_DIR/tests/kunit/source.sh"
. "$TOP_DIR/tests/lint/cache.sh"
. "$TOP_DIR/tests/lint/cocci.sh"
. "$TOP_DIR/tests/lint/clang.sh"

KERNEL=6.12
OUT=$TOP_DIR/build/lint
COPY=$OUT/copy
# The longest ones first
LINTERS=(coccicheck clang-tidy checkpatch sparse shellcheck kernel-doc codespell padding)
JOBS=${JOBS:-2}

# pahole is in dwarves, spatch in coccinelle; it looks for the library of Python by the name that the -dev package has.
PACKAGES=(perl sparse shellcheck codespell dwarves coccinelle libpython3-dev clang-tidy gcc make libc6-dev linux-libc-dev
	libjansson-dev git xz-utils)

# CONSTANT_COMPARISON: takes any name in capitals on the left for a constant: LINUX_VERSION_CODE, a sum of sizes
# UNCOMMENTED_DEFINITION: wants a comment beside each lock; members are explained in the kernel-doc of their structure
CHECKPATCH_IGNORE=CONSTANT_COMPARISON,UNCOMMENTED_DEFINITION

# Pattern of files, and what is ignored there. Out of tree, some are where versions of the kernel are told apart. Linux
# 6.1 registers no bus that is const. Programs of user space have its types; and for fuzzing, macros of the kernel's are
# made there. Tracepoints have a form of their own, which checkpatch knows below include/trace/events only.
CHECKPATCH_IGNORE_IN='
common/compat.h				(LINUX_VERSION_CODE|MACRO_ARG_UNUSED)
common/cfgblk_trace.h			(COMPLEX_MACRO|PARENTHESIS_ALIGNMENT|OPEN_ENDED_LINE)
kunit/sim_compat.h			LINUX_VERSION_CODE
kunit/fake_hyperv.c			CONST_STRUCT
.*/(fuzz|programs|soak)/.*		PREFER_KERNEL_TYPES
.*/(fuzz|programs|soak)/.*		(PREFER_DEFINED_ATTRIBUTE_MACRO|SPLIT_STRING)
.*/programs/.*				VOLATILE
tests/fuzz/kernel.c			CAMELCASE
tests/fuzz/include/kernel.h		(MACRO_ARG_(REUSE|UNUSED)|MEMORY_BARRIER|NEW_TYPEDEFS|LINUX_VERSION_CODE)
'

# SC1091: files that are sourced in the test machine are not at that path here
# SC2016: what is in single quotes is for eval, awk, or a shell in the machine
# SC2010, SC2012: names in sysfs and in /dev/cfgblk are PCI addresses
SHELLCHECK_IGNORE=SC1091,SC2016,SC2010,SC2012

# filp: the kernel's name for an open file; AER: Advanced Error Reporting
CODESPELL_IGNORE=filp,aer

# Data, and a text that is not ours
CODESPELL_SKIP='^(COPYING|tests/fuzz/corpus/.*|.*\.(csv|svg))$'

setup()
{
	apt_need "to lint" "${PACKAGES[@]}"
	lock_cache
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
		BEGIN { rules = split(ignored, word) }
		{
			split($0, part, ":")
			for (i = 1; i < rules; i += 2)
				if (part[1] ~ "^" word[i] "$" && part[4] ~ "^" word[i + 1] "$")
					next
			print
		}'
}

checkpatch_inputs()
{
	versions perl-base
	cat "$SOURCE"/scripts/{checkpatch.pl,spelling.txt,const_structs.checkpatch}
}

# Findings make its status 1, which xargs makes 123; any other is trouble. It leaves a cache of names behind.
lint_checkpatch()
{
	local sum=$OUT/checkpatch.sum files=$OUT/checkpatch.files log=$OUT/checkpatch.log

	checkpatch_inputs | fingerprint "$sum"
	list_sources common pf vf include kunit samples tests bench | not_clean checkpatch "$sum" >"$files"
	{ xargs -r -P "$JOBS" -n 8 perl "$SOURCE/scripts/checkpatch.pl" --no-tree --strict --terse --quiet \
		--no-summary --show-types --ignore="$CHECKPATCH_IGNORE" -f <"$files" || [ $? -eq 123 ]; } |
		checkpatch_filter >"$log"
	rm -f .checkpatch-camelcase.*
	cat "$log"
	[ -s "$log" ] || now_clean checkpatch "$sum" <"$files"
}

lint_kernel-doc()
{
	list_sources common pf vf include kunit samples tests/modules bench/modules |
		xargs perl "$SOURCE/scripts/kernel-doc" -none -Wall -Werror
}

# make_copy [VARIABLE=VALUE...]: all that is built for the kernel
make_copy()
{
	local part

	for part in "" /modules /bench /samples; do
		MAKEFLAGS='' make -j "$JOBS" -C "$KDIR" M="$COPY$part" ${part:+KBUILD_EXTRA_SYMBOLS="$COPY/Module.symvers"} \
			CFGBLK="$COPY" "$@" modules 2>&1 || return
	done
}

# A copy, as kbuild writes beside the sources. What is compiled stays there for the next time.
build_copy()
{
	KDIR=$("$RIG_DIR/setup.sh" --print-kdir "$KERNEL")
	copy_for_kbuild "$COPY" Kbuild common pf vf include
	copy_for_kbuild "$COPY/modules" tests/modules/. kunit/./fake_hyperv.{c,h}
	copy_for_kbuild "$COPY/bench" bench/modules/.
	copy_for_kbuild "$COPY/samples" samples/.
	progress "building ..."
	if ! make_copy >"$OUT/build.log"; then
		tail -n 20 "$OUT/build.log" >&2
		die "the build for the linters failed"
	fi
	progress_end
}

# C=2 asks for sparse whether make compiles a file again or not.
lint_sparse()
{
	local log=$OUT/sparse.log

	make_copy C=2 CF=-D__CHECK_ENDIAN__ >"$log" || tail -n 20 "$log"
	if ! grep -q '^ *CHECK ' "$log"; then
		echo "sparse looked at no file"
	fi
	{ grep -E 'warning:|WARNING:|error:' "$log" || true; } | sed "s|$COPY/||g" | sort -u
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

	rm -f "$OUT/$name.status"
	progress "$name ..."
	set +e
	(set -e; "lint_$name") >"$OUT/$name.found" 2>&1
	rc=$?
	set -e
	progress_end
	printf '%s\n' "$rc" >"$OUT/$name.status"
}

verdict()
{
	local name=$1 rc

	rc=$(cat "$OUT/$name.status")
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
	if [ $# -eq 0 ]; then
		set -- "${LINTERS[@]}"
	fi
	[[ " $* " != *\ sparse\ * && " $* " != *\ clang-tidy\ * ]] || build_copy
	at_once "$JOBS" run_linter < <(printf '%s\n' "$@")
	for name in "$@"; do
		verdict "$name"
	done
	[ "$FAILED" -eq 0 ]
}

main "$@"
