# SPDX-License-Identifier: GPL-2.0
#
# QEMU's trace in, register accesses by phase and side out, separated by tabs:
#   mark, VF reads, VF writes, PF reads, PF writes,
#   and of those that only looked: how often a VF's end did, its reads, its writes, and the same of the PF's end
#
# QEMU turns the registers of a VF into those of the PF before it traces them, so the offset alone has to tell who it
# was. Of VF number n:
#
#   0xc40 + 4n V2PMAILBOX                      the VF: our PF driver never touches it
#   0xc00 + 4n P2VMAILBOX, 0xc80 MBVFICR,
#   0xc88 VFLRE, 0x0c0 ICR                     the PF: no VF can reach them
#   0x800 + 64n VMBMEM                         both: whose turn it is. The VF's from the STS or ACK of the PF until
#                                              its own REQ or ACK, the PF's from there until its STS or ACK.
#
# QEMU takes one access after the other (its big lock), so the order in the file is the order in the device. It has
# none of 64 bits: such an access is two here.
#
# Each driver also looks once a second whether it missed an interrupt. Such a look finds nothing: the PF's reads no
# cause, the VF's no doorbell. They are counted apart; who uses the numbers checks that there were no more of them than
# seconds, give or take two.
#
# Marks from 64 on are of the stock pair. Its buffer belongs to who set its ownership bit last (VFU, PFU), and all
# other registers are the PF's.

function fail(text)
{
	printf "trace, line %d: %s: %s\n", FNR, text, $0 | "cat >&2"
	failed = 1
	exit 1
}

# One hex digit of a number, 0 being the lowest
function digit(hex, place,    c)
{
	c = substr(hex, length(hex) - place, 1)
	return c == "x" || c == "" ? 0 : index("0123456789abcdef", c) - 1
}

function number(hex,    n, i)
{
	for (i = length(hex) - 3; i >= 0; i--)
		n = 16 * n + digit(hex, i)
	return n
}

# name[], vf_of[] by register, worked out once
function look_up(reg,    n)
{
	n = number(reg)
	name[reg] = "other"
	if (reg == "0xc0")
		name[reg] = "icr"
	else if (reg == "0xc80")
		name[reg] = "causes"
	else if (reg == "0xc88")
		name[reg] = "resets"
	else if (n >= 2048 && n < 2560) {
		name[reg] = "buffer"
		vf_of[reg] = int((n - 2048) / 64)
	} else if (n >= 3072 && n < 3104) {
		name[reg] = "pf bell"
		vf_of[reg] = (n - 3072) / 4
	} else if (n >= 3136 && n < 3168) {
		name[reg] = "vf bell"
		vf_of[reg] = (n - 3136) / 4
	}
}

function count(side, kind)
{
	n[side, kind]++
}

function turn_of(vf)
{
	return vf in turn ? turn[vf] : "vf"
}

# The PF's end looks at all three, ICR first; the look is over when it has read both of the others.
function pf_look(what, kind, value)
{
	count("pf", kind)
	if (what == "icr")
		split("", look)
	look[kind]++
	if (kind == "read" && what != "icr") {
		look[what] = 1
		look["found"] += value != "0x0"
	}
	if (kind == "read" && look["causes"] && look["resets"])
		look_ends()
}

function look_ends()
{
	if (!look["found"]) {
		looks["pf"]++
		n["pf", "look read"] += look["read"]
		n["pf", "look write"] += look["write"]
	}
	split("", look)
}

# PFSTS 0x10, PFACK 0x20 and RSTD 0x80 are news; PFU and RSTI are not.
function vf_bell(vf, kind, value,    news)
{
	count("vf", kind)
	if (kind == "write") {
		turn[vf] = "pf"
		return
	}
	news = digit(value, 1)
	if (news == 0 || news == 4) {
		looks["vf"]++
		n["vf", "look read"]++
	}
}

function pf_bell(vf, kind, value)
{
	count("pf", kind)
	if (kind == "write" && digit(value, 0) % 4 != 0)
		turn[vf] = "vf"
}

function access(reg, kind, value)
{
	if (name[reg] == "vf bell")
		vf_bell(vf_of[reg], kind, value)
	else if (name[reg] == "pf bell")
		pf_bell(vf_of[reg], kind, value)
	else if (name[reg] == "resets" && kind == "write")
		fail("a VF was reset in the middle")
	else if (name[reg] ~ /^(icr|causes|resets)$/)
		pf_look(name[reg], kind, value)
	else if (name[reg] == "buffer")
		count(turn_of(vf_of[reg]), kind)
	else
		fail("no register that an exchange needs")
}

# VFU is 0x4 of V2PMAILBOX, PFU 0x8 of P2VMAILBOX.
function stock_access(reg, kind, value)
{
	if (name[reg] == "vf bell")
		count("vf", kind)
	else if (name[reg] == "buffer")
		count(turn_of(0), kind)
	else
		count("pf", kind)
	if (kind == "write" && name[reg] == "vf bell" && value == "0x4")
		turn[0] = "vf"
	if (kind == "write" && name[reg] == "pf bell" && value == "0x8")
		turn[0] = "pf"
}

function report()
{
	printf "%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", phase,
		n["vf", "read"], n["vf", "write"], n["pf", "read"], n["pf", "write"],
		looks["vf"], n["vf", "look read"], n["vf", "look write"],
		looks["pf"], n["pf", "look read"], n["pf", "look write"]
}

# Marks are 0x80 and up, so that they are not taken for what the firmware writes there; 0x80 itself is an end.
function marked(value)
{
	if (phase)
		report()
	phase = 16 * (digit(value, 1) - 8) + digit(value, 0)
	split("", n)
	split("", looks)
	split("", turn)
	split("", look)
}

BEGIN {
	FS = "[ ,]+"
}

$1 == "igb_write_config" && $4 == "0x3c" && $6 ~ /^0x[89a-f].$/ {
	marked($6)
}

phase && $1 ~ /^e1000e_core_(read|write)$/ {
	if (!($5 in name))
		look_up($5)
	kind = $1 == "e1000e_core_read" ? "read" : "write"
	if (phase >= 64)
		stock_access($5, kind, $9)
	else
		access($5, kind, $9)
}

END {
	if (!failed && phase)
		fail("the last mark is missing")
}
