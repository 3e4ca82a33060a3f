# SPDX-License-Identifier: GPL-2.0
#
# What count.sh and trace.awk say of each kind, side by side, to accesses and interrupts of one exchange. In:
#   mark, kind, bytes, enabled VFs, busy VFs, exchanges, PF and VF interrupts, 1/100 s, mark,
#   VF reads and writes, PF reads and writes, looks that found nothing (VF: number, reads, writes; PF: the same)
#
# The looks are taken off. With one busy VF what is left must be a multiple of the exchanges, and nothing when there
# were none: then no access is unexplained. Several that meet share interrupts, and who asks again and again until there
# is an answer, as the stock VF does, reads more often at times: those are averages. Of the runs of the stock pair the
# one with the fewest accesses counts, as a timer of its own reads registers.

BEGIN {
	FS = "\t"
	OFS = ","
	print "kind,bytes,bits,vfs,vf_reads,vf_writes,pf_reads,pf_writes,pf_interrupts,vf_interrupts,busy"
}

function fail(text)
{
	print $2 " " $3 ": " text ": measure again" | "cat >&2"
	failed = 1
	exit 1
}

function each(total)
{
	if (!$6 && total || exact && $6 && total % $6)
		fail(total " in " $6 " exchanges")
	return $6 ? int(total / $6 * 100 + 0.5) / 100 : 0
}

# Each driver of $4 VFs, and the PF's, looks once a second.
function check_looks()
{
	if ($15 > $4 * ($9 / 100 + 2) || exact && $18 > $9 / 100 + 2)
		fail("interrupts that found nothing")
}

function line()
{
	return $2 OFS $3 OFS 32 OFS $4 OFS each($11 - $16) OFS each($12 - $17) OFS each($13 - $19) OFS \
		each($14 - $20) OFS each($7) OFS each($8) OFS $5
}

$1 != $10 {
	fail("the marks in the trace are not those that were set")
}

$2 == "stock" {
	if (!least || $11 + $12 + $13 + $14 < least) {
		least = $11 + $12 + $13 + $14
		stock = line()
	}
	next
}

{
	exact = $5 == 1
	check_looks()
	if ($2 !~ /^(idle|invalidate-pending)$/ && !($7 && $8))
		fail("nothing happened")
	out = line()
	if ($2 != "idle")
		print out
}

END {
	if (!failed && stock)
		print stock
}
