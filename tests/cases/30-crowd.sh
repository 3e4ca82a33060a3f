# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# Many at once: eight VFs, and several processes on one VF (contract rows 4, 7, 18).

. /send/cases/lib.sh

eight_vfs()
{
	PIDS=
	for n in 0 1 2 3 4 5 6 7; do
		/send/exchange "$(vf $n)" 1 1000 $((n + 1)) >"$TMP/crowd$n" 2>&1 &
		PIDS="$PIDS $!"
	done
	all_end "$TMP"/crowd?
}

# Both ends agree on what each VF wrote last
last_values()
{
	for n in 0 1 2 3 4 5 6 7; do
		[ "$(cfgblk read "$PF" 1 --vf $n --hex)" = "$(cfgblk read "$(vf $n)" 1 --hex)" ] || return
	done
}

one_vf()
{
	/send/exchange "$(vf 3)" 1 1000 77 >"$TMP/one1" 2>&1 &
	PIDS=$!
	/send/exchange "$(vf 3)" 2 1000 78 >"$TMP/one2" 2>&1 &
	PIDS="$PIDS $!"
	all_end "$TMP/one1" "$TMP/one2"
}

one_block()
{
	PIDS=
	for n in 1 2 3; do
		/send/exchange -m "$(vf 4)" 1 500 $n >"$TMP/same$n" 2>&1 &
		PIDS="$PIDS $!"
	done
	/send/exchange -m "$(vf 4)" 1 500 99 >"$TMP/same4" 2>&1 &
	PIDS="$PIDS $!"
	all_end "$TMP"/same?
}

# The host publishes while the VF reads: no reader ever sees half of each
host_and_vf()
{
	/send/exchange -m "$(vf 5)" 1 300 5 >"$TMP/both" 2>&1 &
	PIDS=$!
	n=0
	while [ $n -lt 100 ]; do
		cfgblk write "$PF" 1 --vf 5 --hex "$(printf '%016d' 0 | sed 's/0/08/g' | head -c 16)" || return
		n=$((n + 1))
	done
	all_end "$TMP/both"
}

check "a PF and eight VFs" start 8
check "two blocks for each of them" cfgblk define "$PF" 1 --all
check "and the second" cfgblk define "$PF" 2 --all
check "rows 4, 7: eight VFs at once, 1000 exchanges each, every byte compared" eight_vfs
check "rows 4, 7: the PF has what each of them wrote last" last_values
check "row 18: two processes on one VF, 1000 exchanges each" one_vf
check "row 4: four processes on one block never see half a write" one_block
check "row 4: nor between the host and the VF" host_and_vf
for n in 0 1 2 3 4 5 6 7; do
	equal "row 20: VF $n: nothing late, malformed or timed out" "0 0 0" \
		"$(counter "$(vf $n)" late) $(counter "$(vf $n)" malformed) $(counter "$(vf $n)" timeouts)"
done
check "all of it goes away again" stop
end
