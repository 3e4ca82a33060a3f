# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What was to be reached, and what is. To be sourced by report.sh.

# verdict LIMIT VALUE...: the worst one counts
verdict()
{
	printf '%s\n' "${@:2}" | awk -v limit="$1" '
		$1 == "-" || $1 == "" { unknown = 1 }
		$1 > limit + 0 { over = 1 }
		END { print unknown ? "not measured" : over ? "**missed**" : "reached" }'
}

# row WHAT PEER WORDS LIMIT VALUE...
row()
{
	local what=$1 peer=$2 words=$3 limit=$4 values
	shift 4

	values=$(printf ' / %s' "$@")
	printf '%s,%s,%s,%s,%s\n' "$what" "$peer" "$words" "${values# / }" "$(verdict "$limit" "$@")"
}

# counted EXPRESSION KIND BYTES [VFS]: of the line with one busy VF
counted()
{
	csv 'at("kind") == "'"$2"'" && at("bytes") == '"$3"' && at("vfs") == '"${4:-1}"' && at("busy") == 1 {
		print '"$1"'
		exit
	}' "$RESULTS/counts.csv"
}

READS='at("vf_reads") + at("pf_reads")'
ALL="$READS"' + at("vf_writes") + at("pf_writes")'
INTERRUPTS='at("pf_interrupts") + at("vf_interrupts")'

# The trace cannot tell an access of 64 bits from two
wide_accesses()
{
	local n=

	if [ -e "$BENCH_DIR/accesses.csv" ]; then
		n=$(csv 'at("kind") == "write" && at("bytes") == 128 && at("bits") == 64 { print '"$ALL"'; exit }' \
			"$BENCH_DIR/accesses.csv")
	fi
	printf '%s\n' "${n:--}"
}

over_data()
{
	csv 'at("what") == "'"$1"'" { print at("bytes_given") - at("data_bytes") }' "$RESULTS/memory.csv"
}

targets_of_counts()
{
	row "register reads of a 128-byte write; 1 and 8 VFs enabled" "108 / 216" "at most 48" 48 \
		"$(counted "$READS" write 128)" "$(counted "$READS" write 128 8)"
	row "register reads of a 128-byte read" "140 / 248" "at most 48" 48 "$(counted "$READS" read 128)"
	row "all accesses of a 128-byte write of 64 bits each (simulated)" "57 for 12 bytes" "at most 62" 62 "$(wide_accesses)"
	row "register reads of 16 bytes and a status" "36 / 72" "at most 9" 9 "$(counted "$READS" write 16)"
	row "interrupts of a 128-byte write: PF / VF" "6 / 6" "3 / 3" 3 "$(counted 'at("pf_interrupts")' write 128)" \
		"$(counted 'at("vf_interrupts")' write 128)"
	row "interrupts of a 128-byte read: PF / VF" "6 / 6" "3 / 3" 3 "$(counted 'at("pf_interrupts")' read 128)" \
		"$(counted 'at("vf_interrupts")' read 128)"
	row "accesses from an invalidation until the VF knows the mask" "no mask" "at most 17" 17 "$(counted "$ALL" invalidate 0)"
	row "its interrupts on both ends" "no mask" "at most 3" 3 "$(counted "$INTERRUPTS" invalidate 0)"
	row "accesses and interrupts of one more while one is pending" "" "0 and 0" 0 "$(counted "$ALL" invalidate-pending 0)" \
		"$(counted "$INTERRUPTS" invalidate-pending 0)"
	row "invalidate of all 8 / 64 VFs with one stuck: interrupts until the last VF knows (simulated)" "serial; 1 s a stuck VF" \
		"2; the call waits for nobody" 2 "$(simulated 'at("vf_interrupts")' invalidate-all 8)" \
		"$(simulated 'at("vf_interrupts")' invalidate-all 64)"
}

# simulated EXPRESSION KIND VFS: of 32-bit accesses
simulated()
{
	csv 'at("kind") == "'"$2"'" && at("vfs") == '"$3"' && at("bits") == 32 { print '"$1"'; exit }' "$BENCH_DIR/accesses.csv"
}

# ours_to_stock COLUMN BYTES GAP KIND CPU...
ours_to_stock()
{
	local column=$1 bytes=$2 gap=$3 kind=$4 cpu
	shift 4

	for cpu in "$@"; do
		against_stock "$column" "$kind" "$bytes" "$gap" "$cpu"
	done
}

targets_of_times()
{
	local kind

	for kind in write read; do
		# shellcheck disable=SC2046 # a list of numbers
		row "median 12-byte $kind to the stock pair's exchange; caller on the same / other CPU" 1 "at most 0.75" 0.75 \
			$(ours_to_stock median_ns 12 0 $kind same other)
	done
	for kind in write read; do
		row "90th percentile of the same with a 2 ms gap; on different CPUs: $kind" 1 "at most 0.4" 0.4 \
			"$(ours_to_stock p90_ns 12 2000 $kind other)"
	done
	# shellcheck disable=SC2046 # a list of numbers
	row "median 128-byte write to the stock pair's 12 bytes; same / other CPU" 1 "at most 1.5" 1.5 \
		$(ours_to_stock median_ns 128 0 write same other)
}

targets_of_the_rest()
{
	row "processor time of the PF for an exchange; 8 VFs busy to 1; one / two CPUs" "6 reads more a VF" "at most 1.1" 1.1 \
		"$(pf_time_ratio one)" "$(pf_time_ratio two)"
	row "bytes of memory of a VF without blocks" "" "at most 2048" 2048 "$(over_data vf)"
	row "bytes of a block over its data; one that the VF may not write / may write" "" "at most 64" 64 \
		"$(over_data block)" "$(over_data block-rw)"
	row "a 128-byte block to messages and back to memcpy of it as the kernel has it" 1 "at most 4" 4 \
		"$(pure_ratio block kernel)"
	row "OR and take of a mask to one atomic operation" 1 "at most 4" 4 "$(pure_ratio mask atomic)"
}

targets_text()
{
	printf '## What was to be reached\n\n'
	{
		printf 'what,peer,to reach,reached,\n'
		targets_of_counts
		targets_of_times
		targets_of_the_rest
	} | table
}
