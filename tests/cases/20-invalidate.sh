# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# Invalidate: no bit is lost, whoever listens and whenever (contract rows 10 to 17, 22).

. /send/cases/lib.sh

# hear DEV: what the next event is, at once or within 5 seconds
hear()
{
	cfgblk watch "$1" --count 1 --timeout 5
}

# The PF has nothing left for VF N
all_taken()
{
	cfgblk show "$PF" | grep -q "^$1 .*none\$"
}

# The watcher of FILE has said LINES lines
said()
{
	[ "$(wc -l <"$1")" -ge "$2" ]
}

check "a PF and three VFs" start 3
VF0=$(vf 0)
VF1=$(vf 1)
VF2=$(vf 2)

cfgblk invalidate "$PF" --vf 0 3
cfgblk invalidate "$PF" --vf 0 17
equal "row 14: with no listener the mask stays with the PF" 1 "$(cfgblk show "$PF" | grep -c '^0 .*3 17$')"
equal "rows 11, 14: two invalidates before the VF looks are one event" "invalidated 3 17" "$(hear "$VF0")"
check "row 11: and nothing is left with the PF" within 5 all_taken 0
refused "row 15: nor for the next watcher" 1 . cfgblk watch "$VF0" --count 1 --timeout 1
equal "row 10: the PF rang once for both" 1 "$(counter "$PF" notices --vf 0)"

check "row 15: a watcher waits" watch_to "$TMP/w" "$VF0" --count 3 --timeout 20
cfgblk invalidate "$PF" --vf 0 0
check "row 15: and is woken" within 5 said "$TMP/w" 1
cfgblk invalidate "$PF" --vf 0 63
check "row 15: and again" within 5 said "$TMP/w" 2
cfgblk invalidate "$PF" --vf 0 --mask 0x8000000000000001
check "row 15: and ends" wait "$WATCHER"
equal "row 10: bit n is block n" "invalidated 0,invalidated 63,invalidated 0 63" "$(tr '\n' ',' <"$TMP/w" | sed 's/,$//')"

cfgblk invalidate "$PF" --all 9
equal "row 12: all VFs at once: VF 0" "invalidated 9" "$(hear "$VF0")"
equal "row 12: all VFs at once: VF 1" "invalidated 9" "$(hear "$VF1")"
equal "row 12: all VFs at once: VF 2" "invalidated 9" "$(hear "$VF2")"
check "row 13: mask 0 is accepted" cfgblk invalidate "$PF" --vf 0 --mask 0
refused "row 13: and does nothing" 1 . cfgblk watch "$VF0" --count 1 --timeout 1
refused "row 13: a VF id out of range" 1 ENXIO cfgblk invalidate "$PF" --vf 8 1
refused "row 17: block id 64" 2 63 cfgblk invalidate "$PF" --vf 0 64

cfgblk define "$PF" 4 --vf 0
cfgblk define "$PF" 64 --vf 0
printf a | cfgblk write "$PF" 4 --vf 0
equal "publishing invalidates" "invalidated 4" "$(hear "$VF0")"
printf b | cfgblk write "$PF" 4 --vf 0 --quiet
printf c | cfgblk write "$PF" 64 --vf 0
refused "publishing quietly does not, nor an id above 63" 1 . cfgblk watch "$VF0" --count 1 --timeout 1
equal "and both are there" bc "$(cfgblk read "$VF0" 4)$(cfgblk read "$VF0" 64)"

check "row 15: a first watcher" watch_to "$TMP/a" "$VF1" --count 1 --timeout 20
FIRST=$WATCHER
check "row 15: a second one" watch_to "$TMP/b" "$VF1" --count 1 --timeout 20
cfgblk invalidate "$PF" --vf 1 5 6
check "row 15: both end" wait "$FIRST" "$WATCHER"
equal "row 15: each hears of it" "invalidated 5 6,invalidated 5 6" "$(cat "$TMP/a" "$TMP/b" | tr '\n' ',' | sed 's/,$//')"

check "row 11: the VF speaks, so the PF knows that it has the mask" cfgblk ping "$VF1"

# The watcher is stopped, so it has the mask but never gets to look; then it is killed
check "row 15: a watcher that is stopped" watch_to "$TMP/c" "$VF2" --count 1 --timeout 20
kill -STOP "$WATCHER"
cfgblk invalidate "$PF" --vf 2 41
check "row 15: the VF has taken the mask" within 5 all_taken 2
kill -KILL "$WATCHER"
wait "$WATCHER"
equal "row 15: killing it lost no bit" "invalidated 41" "$(hear "$VF2")"

check "row 15: a watcher that is stopped" watch_to "$TMP/c" "$VF2" --count 1 --timeout 20
kill -STOP "$WATCHER"
FIRST=$WATCHER
cfgblk invalidate "$PF" --vf 2 42
check "row 15: the VF has taken the mask" within 5 all_taken 2
check "row 15: a second watcher begins" watch_to "$TMP/d" "$VF2" --count 1 --timeout 20
kill -KILL "$FIRST"
wait "$FIRST"
check "row 15: it hears of what the killed one did not look at" wait "$WATCHER"
equal "row 15: of all of it" "invalidated 42" "$(cat "$TMP/d")"

numvfs 0
cfgblk define "$PF" 11 --vf 1
printf early | cfgblk write "$PF" 11 --vf 1
cfgblk invalidate "$PF" --vf 1 12
numvfs 2
equal "rows 14, 22: what came before the VF existed is told to it" "invalidated 11 12" "$(hear "$(vf 1)")"
equal "and the block is there" early "$(cfgblk read "$(vf 1)" 11)"
rmmod cfgblk_vf
cfgblk invalidate "$PF" --vf 1 13
modprobe cfgblk_vf allow_parent=1
equal "rows 14, 22: so is what came without a driver, and all that is published" "invalidated 11 13" "$(hear "$(vf 1)")"
check "all of it goes away again" stop
end
