# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# What a debug kernel can say at the end of a run in the test machine. Sourced there (busybox sh, root); needs lib.sh's
# ok and not_ok.

KMEMLEAK=/sys/kernel/debug/kmemleak
KCSAN=/sys/kernel/debug/kcsan
KCSAN_SETTINGS=/sys/module/kcsan/parameters

# What the kernel's own start left is not ours.  KCSAN holds up one processor for so many microseconds and looks whether
# the other touches the same; an emulated one does next to nothing in the usual 80.
watchers_begin()
{
	[ ! -e "$KMEMLEAK" ] || echo clear >"$KMEMLEAK"
	if [ -e "$KCSAN" ]; then
		echo 1000 >"$KCSAN_SETTINGS/udelay_task"
		echo 200 >"$KCSAN_SETTINGS/udelay_interrupt"
	fi
}

# An object is reported when it is five seconds old and has not changed from one scan to the next
leaks_scan()
{
	sleep 6
	echo scan >"$KMEMLEAK"
	echo scan >"$KMEMLEAK"
	cat "$KMEMLEAK"
}

leaks_check()
{
	if [ ! -e "$KMEMLEAK" ]; then
		return
	fi
	leaks_scan >/run/leaks
	if [ -s /run/leaks ]; then
		not_ok "no memory is leaked" "$(cat /run/leaks)"
	else
		ok "no memory is leaked"
	fi
}

# As the soak's counts are
leaks_count()
{
	if [ -e "$KMEMLEAK" ]; then
		echo "defect leaks $(grep -c '^unreferenced object' /run/leaks)"
	else
		echo "# leaks: a kernel without kmemleak cannot say"
	fi
}

# lockdep and kmemleak switch themselves off at their first trouble, and are silent from then on. A KCSAN that was never
# switched on is silent as well.
watchers_alive()
{
	if [ -e /proc/lockdep_stats ]; then
		if grep -q 'debug_locks: *1' /proc/lockdep_stats; then
			ok "lockdep watched to the end"
		else
			not_ok "lockdep watched to the end" "$(cat /proc/lockdep_stats)"
		fi
	fi
	if [ -e "$KCSAN" ]; then
		if grep -q '^enabled: 1' "$KCSAN" && grep -q '^setup_watchpoints: *[1-9]' "$KCSAN"; then
			ok "KCSAN watched to the end"
		else
			not_ok "KCSAN watched to the end" "$(cat "$KCSAN")"
		fi
	fi
	if dmesg | grep -q 'kmemleak: .*\(disabled\|Automatic.*off\)'; then
		not_ok "kmemleak watched to the end" "$(dmesg | grep kmemleak)"
	fi
}
