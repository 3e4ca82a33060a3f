#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make docs: the pages of Documentation/ as HTML in build/docs/html, by Sphinx, with the kernel-doc comments of the
# sources in them. The directives, kernel-doc and get_abi.pl are those of the kernel source that make kunit uses; one
# version of them, whatever KERNEL says, as tests/lint.sh has it.
#
# Prints "ok - docs: WHAT", or "not ok - docs: WHAT" and what is wrong.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$RIG_DIR/apt.sh"
. "$TOP_DIR/tests/kunit/source.sh"

KERNEL=6.12
OUT=$TOP_DIR/build/docs
HTML=$OUT/html

PACKAGES=(python3-sphinx graphviz groff-base perl xz-utils)

setup()
{
	apt_need "to build the documents" "${PACKAGES[@]}"
	lock_cache
	source_setup "$KERNEL"
	exec 9>&-
	KERNEL_SOURCE=$(source_dir "$(source_version "$KERNEL")")
	export KERNEL_SOURCE
}

# The directive for the ABI looks for both in one tree
link_tree()
{
	export srctree=$OUT/tree
	mkdir -p "$srctree"
	ln -sfn "$KERNEL_SOURCE/scripts" "$srctree/scripts"
	ln -sfn "$TOP_DIR/Documentation" "$srctree/Documentation"
}

# -E, as a warning about a page is given only when the page is read. kernel-doc writes nothing beside the sources, and
# Python nothing beside its modules.
build_pages()
{
	rm -rf "$HTML"
	PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m sphinx -q -E -n -W --keep-going -j 2 -b html -d "$OUT/doctrees" \
		"$TOP_DIR/Documentation" "$HTML"
}

# "NAME FILE" for each symbol that a module offers to others
list_exports()
{
	(cd "$TOP_DIR" && grep -rHoE '^EXPORT_SYMBOL[A-Z_]*\([a-z0-9_]+\)' common pf vf --include='*.c') |
		sed -E 's/^(.*):EXPORT_SYMBOL[A-Z_]*\((.*)\)/\2 \1/'
}

check_exports()
{
	local name file

	while read -r name file; do
		grep -qF "id=\"c.$name\"" "$HTML/kernel-api.html" "$HTML/internals.html" ||
			printf '%s of %s is on neither page: kernel-api, internals\n' "$name" "$file"
	done < <(list_exports)
	[ -n "$(list_exports)" ] || echo "no exported symbol was found"
}

list_constants()
{
	grep -ohE '^(#define\s+|\s+)CFGBLK_[A-Z_]+' "$TOP_DIR/include/uapi/linux/cfgblk.h" | grep -oE '[A-Z_]+$'
}

check_constants()
{
	local name

	while read -r name; do
		grep -qw "$name" "$HTML/user-abi.html" || printf '%s is not on the page user-abi\n' "$name"
	done < <(list_constants)
	[ -n "$(list_constants)" ] || echo "no constant was found"
}

list_abi()
{
	sed -n 's/^What:[ \t]*//p' "$TOP_DIR"/Documentation/ABI/*/* | sed 's/</\&lt;/g; s/>/\&gt;/g'
}

# get_abi.pl prints what it finds, and exits with 0 all the same
check_abi()
{
	local what

	perl "$KERNEL_SOURCE/scripts/get_abi.pl" --dir "$TOP_DIR/Documentation/ABI" validate
	while read -r what; do
		grep -qF "<strong>$what</strong>" "$HTML/abi.html" || printf '%s is not on the page abi\n' "$what"
	done < <(list_abi)
	[ -n "$(list_abi)" ] || echo "no file of the user ABI was found"
}

list_references()
{
	grep -ohE 'href="(manual.html)?#cfgblk[a-z_]*-[0-9]"' "$HTML"/*.html | sed 's/.*#//; s/"//' | sort -u
}

# :manpage: leads to a place that Sphinx knows nothing of
check_manual()
{
	local name

	while read -r name; do
		grep -qF "id=\"$name\"" "$HTML/manual.html" || printf 'there is no manual page %s\n' "$name"
	done < <(list_references)
	[ -n "$(list_references)" ] || echo "no reference to a manual page was found"
}

# check WHAT COMMAND: what it prints is a finding, and so is its status
check()
{
	local what=$1 found rc=0
	shift

	progress "$what ..."
	found=$("$@" 2>&1) || rc=$?
	progress_end
	if [ "$rc" -eq 0 ] && [ -z "$found" ]; then
		printf 'ok - docs: %s\n' "$what"
	else
		printf 'not ok - docs: %s (status %s)\n' "$what" "$rc"
		printf '%s\n' "$found" | sed "s|$TOP_DIR/||g; s/^/# /"
		FAILED=1
	fi
}

main()
{
	local FAILED=0

	setup
	mkdir -p "$OUT"
	link_tree
	check "the pages build without a warning" build_pages
	check "every exported symbol is described" check_exports
	check "every constant of the user ABI is shown" check_constants
	check "the user ABI has the kernel's format" check_abi
	check "references to manual pages lead there" check_manual
	say "the pages are in ${HTML#"$TOP_DIR/"}/index.html"
	[ "$FAILED" -eq 0 ]
}

main
