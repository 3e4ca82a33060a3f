#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make soak: VFs that exchange blocks while resets, unbinding, limits and the rest come and go at random.
#
# MINUTES  how long in the machine; 5 unless given
# SEED     which faults, in which order; the time of day unless given, and printed
# VFS      1 to 7; 4 unless given
# SMP      1 unless given: with two processors QEMU gives up sooner or later, when one resets a function while the other
#          reads its registers (system/physmem.c: iotlb_to_section: Assertion failed)
# KERNEL   kasan, kcsan (tests/debug) or a stock one such as 6.12; kasan unless given
#
# Ends in counts, and fails if one that has to be 0 is not. An error counts as unexpected unless a fault that was under
# way gives it: tests/soak/vf.c has the list.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"

KERNEL=${KERNEL:-kasan}
MINUTES=${MINUTES:-5}
SEED=${SEED:-$(date +%s)}
VFS=${VFS:-4}
TESTS=$TOP_DIR/tests
OUT=$TOP_DIR/build/soak

check_request()
{
	[[ $MINUTES =~ ^[1-9][0-9]*$ ]] || die "MINUTES: '$MINUTES' is not a number from 1 on"
	[[ $SEED =~ ^[0-9]+$ ]] || die "SEED: '$SEED' is not a number"
	[[ $VFS =~ ^[2-7]$ ]] || die "VFS: '$VFS' is not a number from 2 to 7"
}

build()
{
	if [ -e "$TESTS/debug/$KERNEL.config" ]; then
		"$TESTS/debug/kernel.sh" "$KERNEL" >/dev/null
	fi
	CFGBLK_MODULES=$("$TESTS/build.sh" "$KERNEL")
	export CFGBLK_MODULES KERNEL
	cc -O2 -Wall -Wextra -Werror -D_GNU_SOURCE -static -I"$TOP_DIR/include/uapi" -o "$OUT/soak" "$TESTS"/soak/*.c
	{
		printf 'SEED=%s DURATION=%s VFS=%s\n' "$SEED" $((MINUTES * 60)) "$VFS"
		cat "$TESTS/soak/machine.sh"
	} >"$OUT/run.sh"
}

# Hands the machine's lines on but for those of progress, which replace each other
show()
{
	local word seconds steps exchanges line

	while read -r line; do
		case $line in
		'progress '*)
			read -r word seconds steps exchanges <<<"$line"
			progress "$((seconds / 60)):$(printf %02d $((seconds % 60))) of $MINUTES:00, $steps faults, $exchanges exchanges"
			;;
		*)
			progress_end
			printf '%s\n' "$line"
			;;
		esac
	done
	: "$word"
}

# Boot, the settlements and the scan for leaks come on top
run_machine()
{
	RUN=$OUT/run.sh SEND="$TESTS/cases $OUT/soak $TESTS/debug/watchers.sh" LOG=$OUT MEM=${MEM:-768} SMP=${SMP:-1} \
		TIMEOUT=$((MINUTES * 120 + 900)) "$RIG_DIR/vm.sh" 2>"$OUT/stderr" | tee "$OUT/output" | show
}

main()
{
	local failed=0

	check_request
	rm -rf "$OUT"
	mkdir -p "$OUT"
	build
	say "kernel $(kernel_release "$KERNEL"), SEED=$SEED, $VFS VFs, $MINUTES minutes; logs in build/soak"
	run_machine || failed=1
	progress_end
	if ! grep -q '^end$' "$OUT/output"; then
		printf 'not ok - soak: ran to its end\n'
		tail -n 60 "$OUT/stderr" | sed 's/^/# /'
		failed=1
	fi
	"$TESTS/debug/reports.py" "$OUT/console.log" soak || failed=1
	if grep -qE '^not ok |^defect .* [1-9]' "$OUT/output"; then
		failed=1
	fi
	[ "$failed" -eq 0 ]
}

main
