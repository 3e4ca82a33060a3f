# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# What somebody sees who looks for the reason of something slow: tracepoints, debugfs, sysfs.

. /send/cases/lib.sh

TRACING=/sys/kernel/tracing
EVENTS=$TRACING/events/cfgblk
DEBUG=/sys/kernel/debug/cfgblk

# What was traced since, of one event
traced()
{
	grep " $1: " $TRACING/trace
}

begin()
{
	echo >$TRACING/trace
	echo 1 >$EVENTS/enable
}

# The PF's end writes an exchange down when its answer is there already
finish()
{
	within 5 traced cfgblk_pf_exchange
	echo 0 >$EVENTS/enable
}

# fields EVENT FIELD...: of all that was traced of the event, once each, sorted
fields()
{
	event=$1
	shift
	for field in "$@"; do
		traced "$event" | sed -n "s/.* \($field=[^ ]*\).*/\1/p"
	done | sort -u | xargs
}

# attribute DEVICE NAME
attribute()
{
	cat "$SYS/$1/cfgblk/cfgblk!$1/$2"
}

# Both ends tell of the same exchange: all but how long it took
same_exchange()
{
	for event in cfgblk_vf_exchange cfgblk_pf_exchange; do
		traced $event | sed 's/.*exchange: [^ ]* \(.*\) duration=.*/\1/' >"$TMP/$event"
	done
	cmp "$TMP/cfgblk_vf_exchange" "$TMP/cfgblk_pf_exchange"
}

# Each end's duration is more than nothing, and within the time limit
durations()
{
	for event in cfgblk_vf_exchange cfgblk_pf_exchange; do
		ns=$(traced $event | sed 's/.* duration=//')
		[ "$ns" -gt 0 ] && [ "$ns" -lt 2000000000 ] || return
	done
}

no_directory()
{
	! [ -e "$DEBUG/$1" ]
}

check "a PF and two VFs" start 2
VF=$(vf 1)
check "a block" cfgblk define "$PF" 70000 --vf 1

begin
bytes 100 >"$TMP/out"
check "a write" cfgblk write "$VF" 70000 --file "$TMP/out"
finish
equal "the VF's end says what it was" "block=70000 len=100 status=0 vf=1" \
	"$(fields cfgblk_vf_exchange vf block len status)"
check "it names the VF as sysfs does, and the op" grep -q "cfgblk_vf_exchange: $VF vf=1 write id=" $TRACING/trace
check "the PF's end names the PF" grep -q "cfgblk_pf_exchange: $PF vf=1 write id=" $TRACING/trace
check "both ends say the same of it" same_exchange
check "and how long it took at each" durations

begin
refused "a read of what does not exist" 1 ENOENT cfgblk read "$VF" 5
finish
equal "a refusal has the same errno at both ends" "status=-2 status=-2" \
	"$(fields cfgblk_vf_exchange status) $(fields cfgblk_pf_exchange status)"

check "a block that can be invalidated" cfgblk define "$PF" 40 --vf 1
cfgblk watch "$VF" --count 1 --timeout 20 >"$TMP/watch" &
PID=$!
check "somebody wants masks" within 10 grep -q '^wanted     yes$' "$DEBUG/$VF/link"
begin
check "an invalidation" cfgblk invalidate "$PF" --vf 1 40
ended "is heard" 0 $PID
finish
equal "the PF's end says that it begins" "mask=0x10000000000 vf=1" "$(fields cfgblk_pf_invalidate vf mask)"
equal "the VF's that it has come" "mask=0x10000000000 vf=1" "$(fields cfgblk_vf_invalidated vf mask)"

echo 'duration > 1000000000' >$EVENTS/cfgblk_vf_exchange/filter
begin
check "an exchange that is not slow" cfgblk ping "$VF" --count 1
finish
equal "is not seen by who looks for slow ones" "" "$(traced cfgblk_vf_exchange)"
check "but by who looks for all" traced cfgblk_pf_exchange
echo 0 >$EVENTS/cfgblk_vf_exchange/filter

for event in cfgblk_vf_exchange cfgblk_pf_exchange; do
	echo 'status != 0' >$EVENTS/$event/filter
done
begin
check "an exchange that succeeds" cfgblk ping "$VF" --count 1
refused "and one that fails" 1 ENOENT cfgblk read "$VF" 5
finish
equal "who looks for failures sees that alone" "block=5 status=-2" "$(fields cfgblk_vf_exchange block status)"

cp "$DEBUG/$VF/link" "$TMP/vf"
cp "$DEBUG/$PF/vf1" "$TMP/pf"
check "debugfs shows the VF's state" grep -q '^state      idle$' "$TMP/vf"
check "and the PF's" grep -q '^state      idle$' "$TMP/pf"
check "the write is among the VF's last exchanges" grep -qE ' write +[0-9]+ +70000 +100 +[0-9]+  ok$' "$TMP/vf"
check "and among the PF's" grep -qE ' write +[0-9]+ +70000 +100 +[0-9]+  ok$' "$TMP/pf"
# A kernel without names of errors (CONFIG_SYMBOLIC_ERRNAME) says the number
check "the refusal is, too, with its name" grep -qE ' read +[0-9]+ +5 .*  (-ENOENT|-2)$' "$TMP/pf"
check "100 exchanges" cfgblk ping "$VF" --count 100
equal "of which the last 64 are there" 64 "$(grep -c ' echo ' "$DEBUG/$VF/link")"
equal "a VF that is not enabled is off" "state      off" "$(head -n 1 "$DEBUG/$PF/vf7")"

equal "sysfs says what the VF is" "vf mailbox up 1 1" \
	"$(for a in role transport state version vf_id; do attribute "$VF" $a; done | xargs)"
equal "and what the PF is" "pf 82576 2 0" \
	"$(for a in role map attached limited; do attribute "$PF" $a; done | xargs)"

echo "$VF" >/sys/bus/pci/drivers/cfgblk_vf/unbind
check "without its driver the VF is not in debugfs" no_directory "$VF"
rmmod cfgblk_vf
rmmod cfgblk_pf
check "nor is the PF" no_directory "$PF"
rmmod cfgblk
check "nor anything of ours, without the modules" no_directory ""
echo end
