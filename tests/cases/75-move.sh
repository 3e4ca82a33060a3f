# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# A VF's end of the channel saved, and restored on the same and on another PF; limits; the command's reset.
# IGBS=2

. /send/cases/lib.sh

PF1=$PF
PF2=${PFS##* }

# The byte at that offset, with its bits turned
damage()
{
	cp "$1" "$TMP/damaged"
	old=$(dd if="$1" bs=1 skip="$2" count=1 2>/dev/null | od -An -tu1 | tr -d ' ')
	# shellcheck disable=SC2059 # printf is what makes a byte of its octal number
	printf "\\$(printf %o $((255 - old)))" | dd of="$TMP/damaged" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

restore()
{
	cfgblk restore "$1" --vf "$2" <"$3"
}

is()
{
	[ "$(cfgblk read "$1" "$2" --vf "$3")" = "$4" ]
}

check "two PFs" test "$PF1" != "$PF2"
check "VFs of the first, with a driver" start 2
VF0=$(vf 0)
check "blocks for them" cfgblk define "$PF1" 1 --all
check "and a large one without a bit" cfgblk define "$PF1" 1000 --vf 0 --size 16 --access ro
printf host | cfgblk write "$PF1" 1 --vf 0 --quiet
printf sixteen | cfgblk write "$PF1" 1000 --vf 0
check "row 28: the VF writes" eval 'printf tenant | cfgblk write "$VF0" 1'
check "row 28: its state is saved" eval 'cfgblk save "$PF1" --vf 0 >"$TMP/state"'

check "row 28: the VF writes again" eval 'printf later | cfgblk write "$VF0" 1'
watch_to "$TMP/watch" "$VF0"
check "row 28: the state is restored while the driver is there" restore "$PF1" 0 "$TMP/state"
check "row 28: the same driver finds what it wrote then" within 10 is "$PF1" 1 0 tenant
check "row 28: and reads it over the link" within 10 eval '[ "$(cfgblk read "$VF0" 1)" = tenant ]'
check "row 28: and was told to read everything" within 10 grep -q '^invalidated.* 1' "$TMP/watch"
kill "$WATCHER"

damage "$TMP/state" 60
refused "row 28: a damaged state is refused" 1 EBADMSG restore "$PF1" 1 "$TMP/damaged"
head -c 50 "$TMP/state" >"$TMP/short"
refused "row 28: so is one that was cut off" 1 EBADMSG restore "$PF1" 1 "$TMP/short"
echo nonsense >"$TMP/nonsense"
refused "row 28: and something else" 1 EINVAL restore "$PF1" 1 "$TMP/nonsense"
refused "row 28: nothing has changed" 1 ENOENT cfgblk read "$PF1" 1000 --vf 1

PF=$PF2
check "row 28: VFs of another PF" eval 'rmmod cfgblk_vf && numvfs 2'
check "row 28: the state is restored there" restore "$PF2" 1 "$TMP/state"
check "row 28: with what the host published" is "$PF2" 1000 1 sixteen
check "row 28: and what the VF wrote" is "$PF2" 1 1 tenant
check "row 28: nothing is there for another VF" eval '! cfgblk read "$PF2" 1 --vf 0 2>/dev/null'
modprobe cfgblk_vf allow_parent=1
check "row 28: another tenant attaches" within 10 attached "$(vf 1)"
check "row 22: and does not see what the first one wrote" within 10 is "$PF2" 1 1 host
check "row 28: but what the host published" eval '[ "$(cfgblk read "$(vf 1)" 1000)" = sixteen ]'

PF=$PF1
check "row 28: the first PF's VFs again" within 10 attached "$VF0"
check "row 22: the VF writes" eval 'printf tenant | cfgblk write "$VF0" 1'
check "row 22: cfgblk reset" cfgblk reset "$PF1" --vf 0
check "row 22: nothing of it is left" within 10 is "$PF1" 1 0 host
check "row 22: and the VF goes on" within 10 cfgblk ping "$VF0"
refused "cfgblk reset of a VF that is not enabled" 1 'not enabled' cfgblk reset "$PF1" --vf 5

check "row 35: a limit" cfgblk limit "$PF1" --vf 0 --rate 50 --burst 10
before=$(date +%s)
check "row 35: a VF over it is served all the same" cfgblk ping "$VF0" --count 160
after=$(date +%s)
check "row 35: but late: 160 messages at 50 a second" test $((after - before)) -ge 2
check "row 35: the host is told" eval 'cfgblk show "$PF1" | grep -q "^0 .*limited"'
equal "row 35: in one line of the log" 1 "$(dmesg | grep -c 'VF 0: sends more than its 50 messages a second')"
check "row 35: no other VF is limited" eval '! cfgblk show "$PF1" | grep -q "^1 .*limited"'
check "row 35: it is free again when it was quiet" within 10 eval '! cfgblk show "$PF1" | grep -q limited'
check "row 35: no limit" cfgblk limit "$PF1" --vf 0 --none
limited=$(counter "$PF1" limited --vf 0)
check "row 35: and nothing makes it wait" cfgblk ping "$VF0" --count 1000
equal "row 35: not once" "$limited" "$(counter "$PF1" limited --vf 0)"
stop
end
