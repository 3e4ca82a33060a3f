# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# The samples talk to each other, and go in any order: each first, and after the VF's or the PF's driver.

. /send/cases/lib.sh

CLIENT=/sys/module/vf_client/parameters
PROVIDER=/sys/module/pf_provider/parameters
VF_DRIVER=/sys/bus/pci/drivers/cfgblk_vf
PF_DRIVER=/sys/bus/pci/drivers/cfgblk_pf

load_client()
{
	insmod /send/vf_client.ko device="$VF"
}

load_provider()
{
	insmod /send/pf_provider.ko device="$PF" setting="$1"
}

# What the provider knows of VF 0
taken()
{
	[ "$(cut -d , -f 1 $PROVIDER/taken)" -eq "$1" ]
}

client_has()
{
	[ "$(cat "$CLIENT/$1")" -eq "$2" ]
}

told_since()
{
	[ "$(cat $CLIENT/told)" -gt "$1" ]
}

# The VF's driver goes, and comes again
unbind()
{
	echo "$VF" >$VF_DRIVER/unbind
}

bind()
{
	echo "$VF" >$VF_DRIVER/bind && within 10 attached "$VF"
}

check "a PF and two VFs" start 2
VF=$(vf 0)
refused "a client of what is no VF" 19 . insmod /send/vf_client.ko device="$PF"
refused "a provider of what is no PF" 19 . insmod /send/pf_provider.ko device="$VF"

check "the provider comes" load_provider 7
check "and the client" load_client
check "the client is told of what is published, and the provider hears that" within 10 taken 7
check "the first read, which nobody waits for, has the block" within 10 client_has first 16
echo 8 >$PROVIDER/setting
check "what is written in the host's sysfs reaches the client, and its status the provider" within 10 taken 8
check "and it is the client that took it over" client_has setting 8
equal "no call has failed" 0 "$(cat $CLIENT/failed)"
equal "a VF without a client has taken nothing" 0 "$(cut -d , -f 2 $PROVIDER/taken)"
check "another VF reads the same block" eval "cfgblk read $(vf 1) 1 --hex | grep -q '08000000........\$'"
refused "but does not write it" 1 EACCES cfgblk write "$(vf 1)" 1 --hex 01
refused "nor a status that is none" 1 EMSGSIZE cfgblk write "$(vf 1)" 2 --hex 0102030405
check "a block of the host is the store's" cfgblk define "$PF" 3 --vf 0
check "the client goes first" rmmod vf_client
echo 9 >$PROVIDER/setting
check "the provider after it" rmmod pf_provider
refused "and its block with it" 1 ENOENT cfgblk read "$(vf 1)" 1

check "a client without a provider" load_client
check "has nothing to read" within 10 client_has first -2
check "a provider that comes later is heard of" load_provider 11
check "and hears of the client" within 10 taken 11
TOLD=$(cat $CLIENT/told)
check "the provider goes first" rmmod pf_provider
check "the client hears of it" within 10 told_since "$TOLD"
check "and has nobody to tell" within 10 client_has failed -2
check "the client goes after it" rmmod vf_client

check "both are there again" eval "load_provider 12 && load_client && within 10 taken 12"
check "the VF's driver goes" unbind
check "the provider is not held up" eval "echo 13 >$PROVIDER/setting"
check "the client goes while the VF is unbound" rmmod vf_client
refused "and does not come" 19 . load_client
check "the VF's driver comes again" bind
check "and what it wrote before is forgotten" taken 0
check "and the client" load_client
check "which is told" within 10 taken 13

check "the VF's driver goes once more" unbind
check "and comes while the client is there" bind
check "which goes, as one that was forgotten" rmmod vf_client
check "and is told when it comes again" eval "load_client && echo 14 >$PROVIDER/setting && within 10 taken 14"

check "the PF's driver goes, and its VFs with it" eval "echo $PF >$PF_DRIVER/unbind"
check "the setting is written all the same" eval "echo 15 >$PROVIDER/setting"
check "the provider goes after its PF" rmmod pf_provider
check "the client goes after its VF" rmmod vf_client
check "the PF's driver comes again" eval "echo $PF >$PF_DRIVER/bind"
check "all of it goes" stop
end
