# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# A VF on Hyper-V (contract row 33), on a machine that is none: fake_vmbus.ko has the bus, the device and the host, and
# the calls go through the kernel's own pci-hyperv-intf.

. /send/cases/lib.sh

HOST=/sys/module/fake_vmbus/parameters
DEV=cfb0:20:00.0
DRIVER=/sys/bus/pci/drivers/cfgblk_vf

host()
{
	echo "$1" >$HOST/host
}

bind()
{
	echo $DEV >$DRIVER/bind
}

unbind()
{
	echo $DEV >$DRIVER/unbind
}

bound()
{
	[ -e "$DRIVER/$DEV" ]
}

# The host is asked, and has not answered
hanging()
{
	read -r asked answered <$HOST/asked
	[ "$asked" -gt "$answered" ]
}

idle()
{
	! hanging
}

waiting()
{
	grep -q cfgblk_calls_wait /proc/"$1"/stack
}

gone()
{
	! kill -0 "$1" 2>/dev/null
}

command_register()
{
	dd if="$SYS/$DEV/config" bs=1 skip=4 count=2 2>/dev/null | hexdump -v -e '1/2 "%d"'
}

# A read in the background, its process in READER, its words in reader; the host hangs
hang()
{
	host hangs
	cfgblk read $DEV 3 >"$TMP/reader" 2>&1 &
	READER=$!
	within 5 hanging && within 5 waiting $READER
}

check "the VF driver is loaded" modprobe cfgblk_vf timeout_ms=1500
if ! intf_built_in; then
	refused "a machine that is no Hyper-V has nobody to ask" 95 . insmod /send/fake_vmbus.ko
fi
check "the kernel's interface is there" load_intf
check "and a host with a VF" insmod /send/fake_vmbus.ko
equal "the driver does not take what it does not know" 0 "$(bound && echo 1 || echo 0)"
echo cfgblk_vf >"$SYS/$DEV/driver_override"
check "row 33: a device of any id is driven over Hyper-V's bus" bind
equal "row 33: its BAR, interrupts and bus mastering are left alone" 0 "$(command_register)"
check "row 33: the command says what carries the calls" eval "cfgblk show $DEV | grep -q 'transport  *hyperv'"
check "row 33: and that there is no protocol of ours" eval "cfgblk show $DEV | grep -q 'none of ours'"
check "row 33: in a child partition" eval "cfgblk show $DEV | grep -q 'partition  *child'"
check "and that nobody has tried it" eval "cfgblk show $DEV | grep -q 'real Hyper-V'"
check "it is in the list" eval "cfgblk list | grep -q '^$DEV .*link up'"

bytes 128 >"$TMP/out"
check "row 33: 128 bytes are written" cfgblk write $DEV 3 --file "$TMP/out"
check "row 33: and read" eval "cfgblk read $DEV 3 >$TMP/in"
check "row 33: and are the same" cmp "$TMP/out" "$TMP/in"
check "row 33: a short buffer gets the first bytes" eval "cfgblk read $DEV 3 --length 5 | cmp - -n 5 $TMP/out"
check "row 33: any id" cfgblk write $DEV 4294967295 --hex 0102
equal "row 33: exactly what was written" 0102 "$(cfgblk read $DEV 4294967295 --hex)"
refused "a block that the host does not have" 1 EIO cfgblk read $DEV 9
refused "row 33: there is no echo, and the command says why" 1 'on Hyper-V nothing but blocks' cfgblk ping $DEV
host refuses
refused "what the host refuses is told" 1 EACCES cfgblk write $DEV 3 --hex 01
host says-nothing
refused "row 33: a read of no bytes is an error" 1 EIO cfgblk read $DEV 3
host says-more
refused "row 33: more bytes than there is room for, too" 1 EIO cfgblk read $DEV 3
host strange
refused "row 33: a status that is none, too" 1 EIO cfgblk write $DEV 3 --hex 01
host answers
check "and then it answers" cfgblk read $DEV 3

echo 0x8000000000000008 >$HOST/signal
echo 1 >$HOST/signal
check "row 14: what was invalidated while nobody watched is kept" \
	eval "cfgblk watch $DEV --count 1 --timeout 5 >$TMP/watch"
equal "row 14: and told, in one" "invalidated 0 3 63" "$(cat "$TMP/watch")"
check "row 33: a watcher" watch_to "$TMP/watch" $DEV --count 1 --timeout 30
echo 0x20 >$HOST/signal
check "row 33: hears of an invalidation" wait "$WATCHER"
equal "row 33: and of which" "invalidated 5" "$(cat "$TMP/watch")"

check "row 33: the host hangs" hang
kill -KILL "$READER"
check "row 19: the caller can be killed" within 1 gone "$READER"
wait "$READER"
refused "row 33: the next one is told within the time limit" 1 ETIMEDOUT cfgblk write $DEV 3 --hex 0a
check "row 33: the command says that the host hangs" eval "cfgblk show $DEV | grep -q 'the host does not answer'"
check "and so does one line of the log" eval "dmesg | grep -q 'host has not answered within 1500 ms'"
refused "a module whose call is at the host stays" 1 . rmmod cfgblk_vf
host answers
check "row 33: it answers at last" within 5 idle
check "row 33: and all works again" eval "cfgblk read $DEV 3 | cmp - $TMP/out"
equal "row 20: the late answer was dropped and counted" 1 "$(counter $DEV late)"
check "the link is up again" eval "cfgblk show $DEV | grep -q 'link  *up'"

check "row 24: the host hangs again" hang
check "row 24: unbinding does not wait for it" unbind
ended "row 24: the caller ends" 1 "$READER"
check "row 24: with ENODEV" grep -q ENODEV "$TMP/reader"
check "row 24: and the host still hangs" hanging
refused "row 24: the module stays for as long" 1 . rmmod cfgblk_vf
echo 7 >$HOST/late_signal
check "pitfall 8: a signal after that reaches nobody" test ! -e "/dev/cfgblk/$DEV"
check "row 24: the device can be bound again meanwhile" bind
refused "row 24: and its calls wait for a host of their own" 1 ETIMEDOUT cfgblk read $DEV 3
host gone
check "row 33: the host takes the device away" within 5 idle
refused "row 33: calls are told" 1 ENODEV cfgblk read $DEV 3
host answers
check "and comes back" cfgblk read $DEV 3

check "hot unplug: the host hangs" hang
check "hot unplug: the device goes" eval "echo 1 >$SYS/$DEV/remove"
ended "hot unplug: the caller ends" 1 "$READER"
refused "hot unplug: the module stays while the host hangs" 1 . rmmod cfgblk_vf
host answers
check "hot unplug: it answers" within 5 idle
check "and then all of it goes" within 5 rmmod cfgblk_vf
check "the host goes" rmmod fake_vmbus
check "and the rest" eval "unload_intf && rmmod cfgblk"
end
