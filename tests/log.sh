# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What the kernel of a test machine must not say. To be sourced.

# What the kernel says when something is wrong in it.
BAD='WARNING:|BUG:|Oops|general protection|Call Trace|possible .*deadlock|inconsistent lock|blocked for more than'
BAD="$BAD|scheduling while atomic|sleeping function called|refcount_t:|list_(add|del) corruption|UBSAN|KASAN"
BAD="$BAD|Kernel panic|nobody cared|double free|use-after-free|DMA-API|Trying to free already-free"

# check_log DIR NAME: one test, of DIR/console.log
check_log()
{
	local dir=$1 name=$2

	if ! [ -s "$dir/console.log" ]; then
		printf 'not ok - %s: there is a kernel log\n' "$name"
	elif grep -aE "$BAD" "$dir/console.log" >"$dir/bad"; then
		printf 'not ok - %s: nothing bad in the kernel log\n' "$name"
		sed 's/^/# /' "$dir/bad"
	else
		printf 'ok - %s: nothing bad in the kernel log\n' "$name"
	fi
}
