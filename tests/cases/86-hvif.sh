# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# Code written for hyperv_*_cfg_blk(), unchanged, over our mailbox (contract row 33): cfgblk_hvif.ko answers, and
# hyperv_client.ko asks, as mlx5's diagnostics do.

. /send/cases/lib.sh

CLIENT=/sys/module/hyperv_client/parameters

# The control block: capabilities, control, command, command_ack, version, rings, 112 bytes reserved
control()
{
	zeroes=$(head -c 112 /dev/zero | hexdump -v -e '1/1 "%02x"')
	cfgblk write "$PF" 0 --vf 0 --hex "$1$zeroes"
}

# Its first 16 bytes, as the host sees them
control_is()
{
	[ "$(cfgblk read "$PF" 0 --vf 0 --hex | tr -d ' \n' | cut -c 1-32)" = "$1" ]
}

stats_head()
{
	cfgblk read "$PF" 1 --vf 0 --hex | tr -d ' \n' | cut -c 1-24
}

check "a PF and two VFs" start 2
VF0=$(vf 0)
if ! intf_built_in; then
	refused "without the kernel's interface there is nothing to fill" 95 . insmod /send/cfgblk_hvif.ko
	check "and one line says so" eval "dmesg | grep -q 'pci-hyperv-intf is not there'"
fi
check "the kernel's interface is there" load_intf
refused "nobody answers, so the client does not come" 95 . insmod /send/hyperv_client.ko device="$VF0"
check "row 33: we answer" insmod /send/cfgblk_hvif.ko
check "a control block for VF 0" cfgblk define "$PF" 0 --vf 0
check "and one for its statistics" cfgblk define "$PF" 1 --vf 0
control 00000000000000000000000000000000
check "row 33: a client that knows nothing of us comes" insmod /send/hyperv_client.ko device="$VF0"
check "row 33: it tells the host what it can" within 5 control_is 01000000000000000000000000000000
refused "while it is there we stay" 1 . rmmod cfgblk_hvif

control 01000000010000000500000000000000
check "row 33: a command of the host is heard and acknowledged" within 5 control_is 01000000010000000500050001000200
equal "row 33: and understood" "command 5 error 0" "$(cat $CLIENT/said)"
check "row 33: a watcher of the host" watch_to "$TMP/watch" "$PF" --count 3 --timeout 30
check "row 33: 300 bytes of statistics" eval "echo 300 >$CLIENT/statistics"
check "row 33: come in chunks" wait "$WATCHER"
equal "row 33: of 128 bytes each" 3 "$(grep -c 'vf 0 wrote block 1 (128 bytes)' "$TMP/watch")"
equal "row 33: the last has sequence 0, offset 2, and begins with byte 240" 0000020000000000f0f1f2f3 "$(stats_head)"
check "row 33: once more" eval "echo 120 >$CLIENT/statistics"
equal "row 33: has sequence 1, offset 0" 010000000000000000010203 "$(stats_head)"

check "the host is gone" cfgblk undefine "$PF" 1 --vf 0
refused "and the client is told" 1 . sh -c "echo 1 >$CLIENT/statistics"
check "it is there again" cfgblk define "$PF" 1 --vf 0
check "the VF's driver goes under the client" eval "echo $VF0 >/sys/bus/pci/drivers/cfgblk_vf/unbind"
refused "which is told" 1 . sh -c "echo 1 >$CLIENT/statistics"
check "the client goes" rmmod hyperv_client
check "the VF's driver comes back" eval "echo $VF0 >/sys/bus/pci/drivers/cfgblk_vf/bind"
check "and the client" insmod /send/hyperv_client.ko device="$VF0"
control 01000000010000000600000000000000
check "row 33: commands are heard as before" within 5 control_is 01000000010000000600060001000200
i=0
while [ $i -lt 20 ]; do
	cfgblk invalidate "$PF" --vf 0 0
	rmmod hyperv_client || break
	insmod /send/hyperv_client.ko device="$VF0" || break
	i=$((i + 1))
done
equal "pitfall 8: it comes and goes while it is told" 20 $i
check "the client goes for good" rmmod hyperv_client
check "and then we may" rmmod cfgblk_hvif
refused "nobody answers any more" 95 . insmod /send/hyperv_client.ko device="$VF0"

check "another one answers" insmod /send/fake_vmbus.ko
refused "so we do not" 16 . insmod /send/cfgblk_hvif.ko
check "and one line says so" eval "dmesg | grep -q 'another driver answers'"
check "it goes" rmmod fake_vmbus
check "now we may" insmod /send/cfgblk_hvif.ko
check "and go" rmmod cfgblk_hvif
check "all of it goes away again" stop
check "and the interface" unload_intf
end
