# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# A PF that does not answer: every wait ends, and all works again afterwards (contract rows 15, 18 to 20).
#
# The PF is made deaf by taking its memory space and its bus mastering away: its registers read as nothing, its
# interrupts are dropped.  With bus mastering alone gone, it has lost interrupts, but can look at its registers.

. /send/cases/lib.sh

# Low byte of the PCI command register: bit 1 is Memory Space Enable, bit 2 is Bus Master Enable
command_byte()
{
	dd if="$SYS/$PF/config" bs=1 skip=4 count=1 2>/dev/null | hexdump -v -e '1/1 "%d"'
}

set_command_byte()
{
	# shellcheck disable=SC2059 # the byte is the format
	printf "\\$(printf %o "$1")" | dd of="$SYS/$PF/config" bs=1 seek=4 conv=notrunc 2>/dev/null
}

deaf()
{
	set_command_byte $(($(command_byte) & ~6))
}

no_interrupts()
{
	set_command_byte $(($(command_byte) & ~4))
}

hearing()
{
	set_command_byte $(($(command_byte) | 6))
}

# A ping in the background, its process in PINGn, its words in ping.n
start_ping()
{
	cfgblk ping "$VF0" --count 1 >"$TMP/ping.$1" 2>&1 &
	eval "PING$1=\$!"
}

# Somebody is in a call: his process sleeps in its wait
waiting()
{
	grep -q cfgblk_calls_wait /proc/"$1"/stack
}

gone()
{
	! kill -0 "$1" 2>/dev/null
}

sixteen_wait()
{
	n=1
	while [ $n -le 16 ]; do
		start_ping $n
		n=$((n + 1))
	done
	n=1
	while [ $n -le 16 ]; do
		eval "within 5 waiting \$PING$n" || return
		n=$((n + 1))
	done
}

# Each of the sixteen is told that the PF did not answer
sixteen_time_out()
{
	n=1
	while [ $n -le 16 ]; do
		eval "wait \$PING$n" && return 1
		grep -qE 'ETIMEDOUT' "$TMP/ping.$n" || { cat "$TMP/ping.$n"; return 1; }
		n=$((n + 1))
	done
}

check "a PF and two VFs, with more time than the test needs" start 2 timeout_ms=6000
VF0=$(vf 0)
VF1=$(vf 1)
check "a block" cfgblk define "$PF" 1 --all
check "the link works" cfgblk ping "$VF0" --count 10

deaf
start_ping 1
check "row 19: a caller waits" within 5 waiting "$PING1"
kill -KILL "$PING1"
check "rows 15, 19: and can be killed" within 1 gone "$PING1"
wait "$PING1"
refused "row 19: another is told within the time limit" 1 ETIMEDOUT cfgblk write "$VF0" 1 --hex 01
hearing
check "rows 15, 19: afterwards the link works again" cfgblk ping "$VF0" --count 10
equal "row 4: a write that was not acknowledged is whole or not there" 1 \
	"$(cfgblk read "$PF" 1 --vf 0 --hex 2>&1 | grep -cE '^01$|ENODATA')"
check "row 19: the other VF was not harmed" cfgblk ping "$VF1" --count 10
equal "row 19: the time-outs are counted" 1 "$([ "$(counter "$VF0" timeouts)" -ge 1 ] && echo 1)"

deaf
check "row 18: sixteen callers wait" sixteen_wait
refused "row 18: the seventeenth is told to come again" 1 EAGAIN cfgblk ping "$VF0" --count 1
check "row 19: each of the sixteen is told in the end" sixteen_time_out
hearing
check "row 19: afterwards the link works again" cfgblk ping "$VF0" --count 10
check "row 20: and no answer went astray" /send/exchange "$VF0" 1 200 5
before=$(counter "$PF" polled --vf 0)
no_interrupts
check "the PF loses its interrupts: it still answers in time" cfgblk write "$VF0" 1 --hex 02
hearing
equal "and the loss is counted" 1 "$([ "$(counter "$PF" polled --vf 0)" -gt "$before" ] && echo 1)"
check "afterwards the link works as ever" /send/exchange "$VF0" 1 200 5

check "row 11: a watcher" watch_to "$TMP/watch" "$VF1" --count 1 --timeout 30
deaf
cfgblk invalidate "$PF" --vf 1 33
hearing
check "row 11: a bell that got lost is rung again" wait "$WATCHER"
equal "row 11: and is the right one" "invalidated 33" "$(cat "$TMP/watch")"
check "all of it goes away again" stop
end
