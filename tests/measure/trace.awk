# SPDX-License-Identifier: GPL-2.0
#
# QEMU's trace in, register accesses by phase and side out, separated by tabs:
#   mark, VF reads, VF writes, PF reads, PF writes,
#   and of those that only looked: how often the VF's end did, its reads, its writes, and the same of the PF's end
#
# QEMU turns the registers of a VF into those of the PF before it traces them, so the offset alone has to tell who it
# was:
#
#   0xc40 V2PMAILBOX                           the VF: our PF driver never touches it
#   0xc00 P2VMAILBOX, 0xc80 MBVFICR,
#   0xc88 VFLRE, 0x0c0 ICR                     the PF: no VF can reach them
#   0x800..0x83c VMBMEM                        both: whose turn it is. The VF's from the STS of the PF until its own
#                                              REQ or ACK, the PF's from there until its STS.
#
# QEMU takes one access after the other (its big lock), so the order in the file is the order in the device.
#
# Each driver also looks once a second whether it missed an interrupt. Such a look finds nothing: the PF's reads no
# cause, the VF's no doorbell. They are counted apart; who uses the numbers checks that there were no more of them than
# seconds, give or take two.

function fail(text)
{
	printf "trace, line %d: %s: %s\n", FNR, text, $0 | "cat >&2"
	failed = 1
	exit 1
}

# The bits of one hex digit of a number, 0 being the lowest digit.
function digit(hex, place,    c)
{
	c = substr(hex, length(hex) - place, 1)
	return c == "x" ? 0 : index("0123456789abcdef", c) - 1
}

function count(side, kind)
{
	n[side, kind]++
	if (side == "pf" && in_look)
		look[kind]++
}

# What the PF's end does from ICR to VFLRE is one look.
function look_begins()
{
	in_look = 1
	rang = 0
	look["read"] = look["write"] = 0
}

function look_ends(found)
{
	in_look = 0
	if (found)
		return
	looks["pf"]++
	n["pf", "look read"] += look["read"]
	n["pf", "look write"] += look["write"]
}

function pf_cause(kind, value)
{
	count("pf", kind)
	if (kind == "read" && value != "0x0")
		rang = 1
}

function pf_flr(value)
{
	count("pf", "read")
	if (in_look)
		look_ends(rang || value != "0x0")
}

# PFSTS 0x10, PFACK 0x20 and RSTD 0x80 are news; PFU and RSTI are not.
function vf_bell(kind, value,    news)
{
	count("vf", kind)
	if (kind == "write") {
		turn = "pf"
		return
	}
	news = digit(value, 1)
	if (news == 0 || news == 4) {
		looks["vf"]++
		n["vf", "look read"]++
	}
}

function pf_bell(kind, value)
{
	count("pf", kind)
	if (kind == "write" && digit(value, 0) % 2 == 1)
		turn = "vf"
}

function access(reg, kind, value)
{
	if (reg == "0xc40")
		vf_bell(kind, value)
	else if (reg == "0xc00")
		pf_bell(kind, value)
	else if (reg == "0xc80")
		pf_cause(kind, value)
	else if (reg == "0xc88" && kind == "write")
		fail("a VF was reset in the middle")
	else if (reg == "0xc88")
		pf_flr(value)
	else if (reg == "0xc0") {
		look_begins()
		count("pf", kind)
	} else if (reg ~ /^0x8[0-3][048c]$/)
		count(turn, kind)
	else
		fail("no register that an exchange needs")
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
	in_look = 0
	turn = "vf"
}

BEGIN {
	FS = "[ ,]+"
}

$1 == "igb_write_config" && $4 == "0x3c" && $6 ~ /^0x[89a-f].$/ {
	marked($6)
}

phase && $1 == "e1000e_core_read" {
	access($5, "read", $9)
}

phase && $1 == "e1000e_core_write" {
	access($5, "write", $9)
}

END {
	if (!failed && phase)
		fail("the last mark is missing")
}
