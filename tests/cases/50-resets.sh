# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# Resets, reloads, unbinding: what ends, what stays, what the next tenant sees (contract rows 22, 24, 30).

. /send/cases/lib.sh

flr()
{
	echo flr >"$SYS/$1/reset_method" && echo 1 >"$SYS/$1/reset"
}

unbind()
{
	echo "$1" >/sys/bus/pci/drivers/cfgblk_vf/unbind
}

bind()
{
	echo "$1" >/sys/bus/pci/drivers/cfgblk_vf/bind
}

hear()
{
	cfgblk watch "$1" --count 1 --timeout 5
}

# Host and VF have written; after the reset only the host's is there
write_both()
{
	printf host | cfgblk write "$PF" 1 --vf 0 --quiet || return
	printf tenant | cfgblk write "$VF0" 1 || return
	printf tenant | cfgblk write "$VF0" 2 || return
	[ "$(cfgblk read "$PF" 1 --vf 0)" = tenant ]
}

host_only()
{
	within 5 nothing_in 2 || return
	[ "$(cfgblk read "$PF" 1 --vf 0)" = host ] && [ "$(cfgblk read "$VF0" 1)" = host ]
}

nothing_in()
{
	cfgblk read "$PF" "$1" --vf 0 2>&1 | grep -q ENODATA
}

modprobe cfgblk_pf
numvfs 1
modprobe cfgblk_vf
equal "row 30: in the parent partition the VF is not driven" 0 "$(ls /sys/bus/pci/drivers/cfgblk_vf | grep -c 0000)"
equal "row 30: one line says why, and how to allow it" 1 "$(dmesg | grep -c 'not driven.*allow_parent=1')"
rmmod cfgblk_vf
numvfs 0
rmmod cfgblk_pf

check "a PF and two VFs" start 2
VF0=$(vf 0)
VF1=$(vf 1)
check "row 30: allow_parent=1 allows it" cfgblk ping "$VF0"
cfgblk define "$PF" 1 --all
cfgblk define "$PF" 2 --all

check "row 22: both have written" write_both
before=$(counter "$VF1" handshakes)
check "row 22: a function-level reset of the VF" flr "$VF0"
check "row 22: what it wrote is erased, what the host published stays" host_only
equal "row 22: it is told to read again" "invalidated 1" "$(hear "$VF0")"
equal "row 22: the other VF's link went on" "$before" "$(counter "$VF1" handshakes)"

check "row 22: both have written again" write_both
check "row 22: the VF driver is bound anew" eval "unbind $VF0 && bind $VF0"
check "row 22: what it wrote is erased, what the host published stays" host_only
equal "row 22: it is told to read again" "invalidated 1" "$(hear "$VF0")"

/send/exchange "$VF0" 1 1000000 1 >"$TMP/out" 2>"$TMP/err" &
LOOP=$!
check "row 22: a reset in the middle of exchanges" flr "$VF0"
ended "row 22: ends them" 1 $LOOP
equal "row 22: with ECONNRESET" 1 "$(grep -c 'Connection reset' "$TMP/err")"
check "row 22: and the next conversation works" /send/exchange "$VF0" 1 200 2

check "row 24: a watcher of the VF" watch_to "$TMP/out" "$VF0"
exec 3<"/dev/cfgblk/$VF0"
check "row 24: unbound while a watcher waits and a process has the node open" unbind "$VF0"
ended "row 24: the watcher ends" 1 "$WATCHER"
refused "row 24: the node is gone" 1 . cfgblk show "$VF0"
exec 3<&-
check "row 24: bound again, it works" eval "bind $VF0 && cfgblk ping $VF0"

/send/exchange "$VF0" 1 1000000 3 >"$TMP/out" 2>"$TMP/err" &
LOOP=$!
within 5 test "$(counter "$VF0" requests)" -gt 10
check "row 24: unbound in the middle of exchanges" unbind "$VF0"
wait $LOOP
equal "row 24: they end with ENODEV" 1 "$(grep -c 'No such device' "$TMP/err")"

# VTCTRL.RST (bit 26 of VF register 0) resets the VF as a function-level reset does, but nobody tells its driver
check "row 22: a watcher" watch_to "$TMP/out" "$VF1" --count 1 --timeout 20
printf host | cfgblk write "$PF" 1 --vf 1 --quiet
resets=$(counter "$PF" resets --vf 1)
check "row 22: a reset that the VF's driver does not know of" /send/poke "$VF1" 0 0x4000000
check "row 22: the watcher hears of it all the same" wait "$WATCHER"
equal "row 22: that it has to read what is published" "invalidated 1" "$(cat "$TMP/out")"
equal "row 22: the PF saw the reset" $((resets + 1)) "$(counter "$PF" resets --vf 1)"
check "row 22: the link is up again" within 5 attached "$VF1"
/send/poke "$VF1" 0 0x4000000
within 5 test "$(counter "$PF" resets --vf 1)" -gt $((resets + 1))
refused "row 8: a call after one more has its own status" 1 ECONNRESET cfgblk read "$VF1" 1
equal "row 22: and the next one works" host "$(cfgblk read "$VF1" 1)"

# Whatever asks while the driver comes and goes is answered or refused, in 30 rounds
ask_all_the_time()
{
	while :; do
		cfgblk show "$VF1"
		cfgblk stats "$VF1"
		cfgblk ping "$VF1" --count 1
	done >/dev/null 2>&1
}

bind_rounds()
{
	round=0
	while [ $round -lt 30 ]; do
		unbind "$VF1" && bind "$VF1" || return
		round=$((round + 1))
	done
}

ask_all_the_time &
ASKING=$!
check "row 24: bound and unbound while somebody asks all the time" bind_rounds
kill $ASKING
wait $ASKING
check "row 24: and it works" cfgblk ping "$VF1"

printf host | cfgblk write "$PF" 1 --vf 0 --quiet
printf tenant | cfgblk write "$VF1" 1
check "row 23: a function-level reset of the PF, VFs enabled" flr "$PF"
equal "row 23: one line says what it did to the VFs" 1 "$(dmesg | grep -c 'was reset; its 2 VFs begin afresh')"
equal "row 23: what the host published is still there" host "$(cfgblk read "$PF" 1 --vf 0)"
equal "row 23: and so is what the VF wrote" tenant "$(cfgblk read "$PF" 1 --vf 1)"
check "row 23: they begin afresh by themselves" within 10 cfgblk ping "$VF1"
check "row 23: and the next conversation works" /send/exchange "$VF1" 1 200 6

/send/exchange "$VF1" 1 1000000 4 >"$TMP/out" 2>"$TMP/err" &
LOOP=$!
check "row 23: a watcher of the PF" watch_to "$TMP/watch" "$PF"
within 5 grep -q wrote "$TMP/watch"
exec 3<"/dev/cfgblk/$PF"
check "row 23: the PF is unbound in the middle of exchanges" eval "echo $PF >/sys/bus/pci/drivers/cfgblk_pf/unbind"
wait $LOOP
equal "row 23: the VF's caller ends with ENODEV" 1 "$(grep -c 'No such device' "$TMP/err")"
ended "row 23: the PF's watcher ends" 1 "$WATCHER"
exec 3<&-
check "row 23: the watcher had seen the VF's writes" grep -q "^vf 1 wrote block 1 (" "$TMP/watch"
equal "row 23: no VF is left" 0 "$(cat "$SYS/$PF/sriov_numvfs")"
check "row 23: the modules can go" rmmod cfgblk_vf cfgblk_pf cfgblk
end
