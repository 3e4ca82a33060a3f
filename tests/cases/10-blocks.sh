# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# Blocks between one PF and its VFs: sizes, ids, access, and who may do what (contract rows 1 to 9).

. /send/cases/lib.sh

sizes_vf_to_pf()
{
	size=1
	while [ $size -le 128 ]; do
		bytes $size >"$TMP/out"
		cfgblk write "$VF0" 5 --file "$TMP/out" || return
		cfgblk read "$PF" 5 --vf 0 >"$TMP/in" || return
		cmp "$TMP/out" "$TMP/in" || return
		size=$((size + 1))
	done
}

sizes_pf_to_vf()
{
	size=1
	while [ $size -le 128 ]; do
		bytes $size >"$TMP/out"
		cfgblk write "$PF" 5 --vf 0 --file "$TMP/out" || return
		cfgblk read "$VF0" 5 >"$TMP/in" || return
		cmp "$TMP/out" "$TMP/in" || return
		size=$((size + 1))
	done
}

wide()
{
	cfgblk show "$1" | grep -c '^  buffer        64 bits at a time$'
}

# A buffer shorter than the block gets the block's first bytes, and no more
short_reads()
{
	bytes 128 >"$TMP/out"
	cfgblk write "$PF" 5 --vf 0 --file "$TMP/out" || return
	for size in 1 3 4 59 60 61 119 120 121 127 128; do
		cfgblk read "$VF0" 5 --length $size >"$TMP/in" || return
		head -c $size "$TMP/out" | cmp - "$TMP/in" || return
	done
}

# An id that works both ways and is not mixed up with its neighbours
one_id()
{
	cfgblk define "$PF" "$1" --vf 0 || return
	printf 'to the VF: %s' "$1" | cfgblk write "$PF" "$1" --vf 0 || return
	[ "$(cfgblk read "$VF0" "$1")" = "to the VF: $1" ] || return
	printf 'from the VF: %s' "$1" | cfgblk write "$VF0" "$1" || return
	[ "$(cfgblk read "$PF" "$1" --vf 0)" = "from the VF: $1" ]
}

# What ids 0 and so on hold once all of them were written
ids_apart()
{
	for id in 0 62 63 64 65536 4294967295; do
		[ "$(cfgblk read "$VF0" $id)" = "from the VF: $id" ] || return
	done
}

check "rows 23, 25: PF, two VFs and their links come up" start 2 wide_buffer=1 wide_buffer=1
VF0=$(vf 0)
VF1=$(vf 1)
equal "64-bit accesses to the buffer passed the self test of the PF" 1 "$(wide "$PF")"
equal "64-bit accesses to the buffer passed the self test of the VF" 1 "$(wide "$VF0")"

check "row 1: a block is defined" cfgblk define "$PF" 5 --vf 0
check "rows 2, 4: every size 1..128 from the VF to the PF" sizes_vf_to_pf
check "rows 2, 3: every size 1..128 from the PF to the VF" sizes_pf_to_vf
check "row 3: a short buffer gets the first bytes" short_reads
refused "row 2: the VF writes 0 bytes" 1 EINVAL cfgblk write "$VF0" 5 --hex ""
refused "row 2: the VF reads 0 bytes" 1 EINVAL cfgblk read "$VF0" 5 --length 0
refused "row 2: the PF writes 0 bytes" 1 EINVAL cfgblk write "$PF" 5 --vf 0 --hex ""
refused "row 2: the PF reads 0 bytes" 1 EINVAL cfgblk read "$PF" 5 --vf 0 --length 0
sent=$(counter "$VF0" fragments_out)
bytes 129 >"$TMP/129"
refused "row 2: the VF writes 129 bytes" 1 EMSGSIZE cfgblk write "$VF0" 5 --file "$TMP/129"
refused "row 2: the VF reads 129 bytes" 1 EMSGSIZE cfgblk read "$VF0" 5 --length 129
equal "row 2: nothing of that was sent" "$sent" "$(counter "$VF0" fragments_out)"
refused "row 2: the PF writes 129 bytes" 1 EMSGSIZE cfgblk write "$PF" 5 --vf 0 --file "$TMP/129"

for id in 0 62 63 64 65536 4294967295; do
	check "row 1: block id $id both ways" one_id $id
done
check "row 1: the ids are blocks apart" ids_apart
equal "row 1: show lists the highest id" 1 "$(cfgblk show "$PF" | grep -c 4294967295)"

refused "row 8: the VF reads an undefined block" 1 ENOENT cfgblk read "$VF0" 7
refused "row 8: the VF writes an undefined block" 1 ENOENT cfgblk write "$VF0" 7 --hex 00
refused "row 8: the PF reads an undefined block" 1 ENOENT cfgblk read "$PF" 7 --vf 0
refused "row 8: the PF writes an undefined block" 1 ENOENT cfgblk write "$PF" 7 --vf 0 --hex 00
refused "row 8: a VF that the device cannot have" 1 ENXIO cfgblk read "$PF" 5 --vf 8
refused "row 7: VF 1 reads what is VF 0's" 1 ENOENT cfgblk read "$VF1" 5
refused "row 7: VF 1 writes what is VF 0's" 1 ENOENT cfgblk write "$VF1" 5 --hex 00
check "row 7: VF 1 gets a block of the same id" cfgblk define "$PF" 5 --vf 1
check "row 7: and writes it" cfgblk write "$VF1" 5 --hex 11
equal "row 7: VF 0's is as it was" "$(head -c 8 "$TMP/out" | hexdump -v -e '1/1 "%02x"')" \
	"$(cfgblk read "$VF0" 5 --length 8 --hex)"

check "row 8: a read-only block is defined" cfgblk define "$PF" 20 --vf 0 --access ro
refused "row 8: it exists but holds nothing" 1 ENODATA cfgblk read "$VF0" 20
refused "row 8: the VF writes the read-only block" 1 EACCES cfgblk write "$VF0" 20 --hex 00
check "row 8: the PF writes it" cfgblk write "$PF" 20 --vf 0 --hex 20
equal "row 8: the VF reads it" 20 "$(cfgblk read "$VF0" 20 --hex)"
check "row 8: a write-only block is defined" cfgblk define "$PF" 21 --vf 0 --access wo
check "row 8: the VF writes it" cfgblk write "$VF0" 21 --hex 21
refused "row 8: the VF reads the write-only block" 1 EACCES cfgblk read "$VF0" 21
equal "row 8: the PF reads it" 21 "$(cfgblk read "$PF" 21 --vf 0 --hex)"
check "row 2: a block of at most 8 bytes is defined" cfgblk define "$PF" 22 --vf 0 --size 8
check "row 2: the VF writes 8 bytes" cfgblk write "$VF0" 22 --hex 0102030405060708
refused "row 2: the VF writes 9 bytes" 1 EMSGSIZE cfgblk write "$VF0" 22 --hex 010203040506070809
refused "row 2: the PF writes 9 bytes" 1 EMSGSIZE cfgblk write "$PF" 22 --vf 0 --hex 010203040506070809
equal "row 4: a refused write changed nothing" 0102030405060708 "$(cfgblk read "$PF" 22 --vf 0 --hex)"
refused "a block is defined twice" 1 EEXIST cfgblk define "$PF" 22 --vf 0
refused "for all VFs, when one has it: none gets it" 1 EEXIST cfgblk define "$PF" 22 --all
refused "and VF 1 has none" 1 ENOENT cfgblk read "$PF" 22 --vf 1
refused "published for all VFs, when one lacks it" 1 ENOENT cfgblk write "$PF" 22 --all --hex ff
equal "and VF 0's is as it was" 0102030405060708 "$(cfgblk read "$PF" 22 --vf 0 --hex)"
check "a block is defined for all VFs, also those not enabled" cfgblk define "$PF" 30 --all
check "and published" cfgblk write "$PF" 30 --all --hex 1234
equal "VF 1 reads it" 1234 "$(cfgblk read "$VF1" 30 --hex)"
equal "VF 7 has it" 1234 "$(cfgblk read "$PF" 30 --vf 7 --hex)"
check "a block is undefined" cfgblk undefine "$PF" 30 --all
refused "and is gone" 1 ENOENT cfgblk read "$VF1" 30
refused "and is gone for good" 1 ENOENT cfgblk undefine "$PF" 30 --vf 1

refused "row 6: the VF may not define" 1 EPERM cfgblk define "$VF0" 40
refused "row 6: the VF may not undefine" 1 EPERM cfgblk undefine "$VF0" 5
refused "row 6: the VF may not invalidate" 1 EPERM cfgblk invalidate "$VF0" 5
refused "row 6: the PF has nobody to ping" 1 EPERM cfgblk ping "$PF"
equal "row 9: the PF found nothing malformed" 0 "$(counter "$PF" malformed --vf 0)"
check "rows 23, 25: all of it goes away again" stop
end
