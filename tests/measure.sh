#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# measure.sh [--json | --markdown] [--exchanges N] [--boots N]
#
# What an exchange costs: register accesses and interrupts, counted by QEMU and by the kernel and not by our drivers,
# and round trips. Runs from anywhere, needs built modules and command; KERNEL= and the like go on to rig/vm.sh.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"

MEASURE_DIR=$TOP_DIR/tests/measure
FORMAT=text
EXCHANGES=50
BOOTS=3
TRACE_EVENTS=(e1000e_core_read e1000e_core_write igb_write_config)

WORK=

usage()
{
	cat <<-END
		usage: tests/measure.sh [--json | --markdown] [--exchanges N] [--boots N]

		  --exchanges N  of each kind, to count accesses; default $EXCHANGES
		  --boots N      of the test machine, to time round trips; default $BOOTS
		  --json         print JSON
		  --markdown     print what goes into Documentation/measurements.md
	END
}

positive()
{
	if ! [[ $2 =~ ^[1-9][0-9]*$ ]]; then
		say "measure.sh: $1: '$2' is not a number from 1 on"
		exit 2
	fi
	printf '%s\n' "$2"
}

parse_arguments()
{
	while [ $# -gt 0 ]; do
		case $1 in
		--json | --markdown) FORMAT=${1#--} ;;
		--exchanges)
			EXCHANGES=$(positive "$1" "${2-}")
			shift
			;;
		--boots)
			BOOTS=$(positive "$1" "${2-}")
			shift
			;;
		--help)
			usage
			exit
			;;
		*)
			usage >&2
			exit 2
			;;
		esac
		shift
	done
}

# shellcheck disable=SC2317 # called by the trap
cleanup()
{
	progress_end
	if [ -n "$WORK" ]; then
		rm -rf "$WORK"
	fi
}

# machine SCRIPT OUT: two processors, so that the caller and the interrupts can be on one or on both.
machine()
{
	SMP=2 RUN=$MEASURE_DIR/$1 SEND="$MEASURE_DIR/machine.sh $WORK/exchanges" "$RIG_DIR/vm.sh" >"$2" ||
		die "$1 failed in the test machine: $(tail -n 3 "$2")"
}

trace_arguments()
{
	printf -- '-trace %s ' "${TRACE_EVENTS[@]}"
	printf -- '-D %s\n' "$WORK/trace"
}

# One line for each kind: what the machine printed, then what trace.awk says, the marks in front taken off.
join_counts()
{
	local kinds=$1 accesses=$2

	[ "$(cut -f 1 "$kinds")" = "$(cut -f 1 "$accesses")" ] ||
		die "the marks in the trace are not those that were set"
	paste <(cut -f 2- "$kinds") <(cut -f 2- "$accesses")
}

# In: name, exchanges, PF and VF interrupts, 1/100 s, VF reads and writes, PF reads and writes, looks that found nothing
# (VF: number, reads, writes; PF: the same). Out: name and numbers of one exchange, the idle looks taken off.
#
# What is left must be a multiple of the exchanges, and nothing when there were none; then no access is unexplained.
per_exchange()
{
	awk -F '\t' -v OFS='\t' '
		function fail(text)
		{
			print $1 ": " text ": measure again" | "cat >&2"
			exit 1
		}

		function each(total)
		{
			if ($2 ? total % $2 : total)
				fail(total " in " $2 " exchanges")
			return $2 ? total / $2 : 0
		}

		{
			if ($10 > $5 / 100 + 2 || $13 > $5 / 100 + 2)
				fail("interrupts that found nothing")
			vf_r = each($6 - $11)
			vf_w = each($7 - $12)
			pf_r = each($8 - $14)
			pf_w = each($9 - $15)
			pf_irqs = each($3)
			vf_irqs = each($4)
			if ($2 && !(pf_irqs && vf_irqs))
				fail("nothing happened")
		}

		$2 {
			print $1, vf_r, vf_w, pf_r, pf_w, vf_r + pf_r, vf_r + vf_w + pf_r + pf_w, pf_irqs, vf_irqs
		}' "$1"
}

# What the drivers do while nothing goes on: seconds, then VF reads, PF reads, PF writes
idle_looks()
{
	awk -F '\t' -v OFS='\t' '$2 == 0 { print $5 / 100, $11, $14, $15 }' "$1"
}

count_accesses()
{
	progress "counting register accesses"
	QEMU_EXTRA="${QEMU_EXTRA:-} $(trace_arguments)" machine count.sh "$WORK/kinds"
	awk -f "$MEASURE_DIR/trace.awk" "$WORK/trace" >"$WORK/accesses" || die "the trace cannot be counted"
	join_counts "$WORK/kinds" "$WORK/accesses" >"$WORK/counts"
	per_exchange "$WORK/counts" >"$WORK/table.counts" || die "the numbers of accesses do not add up"
	idle_looks "$WORK/counts" >"$WORK/idle"
}

# In: bytes, same or other, median, 90th percentile (ns), for each boot. Out: bytes, then in us the medians over the
# boots of median and 90th percentile, on the same processor and on the other one.
over_boots()
{
	sort -n "$1" | awk -F '\t' -v OFS='\t' '
		function median(values,    n, v, i, j, swap)
		{
			n = split(values, v, " ")
			for (i = 1; i < n; i++)
				for (j = i + 1; j <= n; j++)
					if (v[j] + 0 < v[i] + 0) {
						swap = v[i]
						v[i] = v[j]
						v[j] = swap
					}
			return sprintf("%.1f", (v[int((n + 1) / 2)] + v[int((n + 2) / 2)]) / 2000)
		}

		!seen[$1]++ { sizes[++n] = $1 }
		{
			half[$1, $2] = half[$1, $2] " " $3
			most[$1, $2] = most[$1, $2] " " $4
		}

		END {
			for (i = 1; i <= n; i++) {
				s = sizes[i]
				print s, median(half[s, "same"]), median(most[s, "same"]),
					median(half[s, "other"]), median(most[s, "other"])
			}
		}'
}

time_round_trips()
{
	local boot

	for ((boot = 1; boot <= BOOTS; boot++)); do
		progress "timing round trips, boot $boot of $BOOTS"
		machine ping.sh "$WORK/ping.$boot"
	done
	cat "$WORK"/ping.* >"$WORK/pings"
	over_boots "$WORK/pings" >"$WORK/table.pings"
}

qemu_version()
{
	qemu-system-x86_64 --version | sed -n '1s/.*version \([0-9.]*\).*/\1/p'
}

measured_on()
{
	printf "tested on QEMU's 82576: QEMU %s (TCG, 2 vCPUs), Linux %s\n" "$(qemu_version)" \
		"$(kernel_release "${KERNEL:-6.12}")"
}

counts_head()
{
	printf '%s\t' exchange "VF R" "VF W" "PF R" "PF W" "all R" all "PF irqs"
	printf 'VF irqs\n'
}

pings_head()
{
	printf '%s\t' bytes "same CPU" "90 %" "other CPU"
	printf '90 %%\n'
}

counts_text()
{
	printf 'Register accesses (R reads, W writes) and interrupts of one exchange, from %d of each kind,\n' "$EXCHANGES"
	printf 'with 32-bit accesses to the buffer, counted by the trace of QEMU and by /proc/interrupts.\n'
}

# What was taken off, so that nobody has to believe it.
idle_text()
{
	awk -F '\t' '{
		printf "With no exchange, in %.1f s: VF %d R, PF %d R and %d W. These once-a-second looks are taken off.\n",
			$1, $2, $3, $4
	}' "$WORK/idle"
}

pings_text()
{
	printf 'Round trips of cfgblk ping in us, all interrupts on one CPU, the caller on the same or the other one:\n'
	printf 'median and 90th percentile of 1000, of these the medians over all boots (%d).\n' "$BOOTS"
	printf 'Emulated, so for comparison only.\n'
}

# First column to the left, numbers to the right.
text_table()
{
	awk -F '\t' '
		{
			for (i = 1; i <= NF; i++) {
				cell[NR, i] = $i
				if (length($i) > width[i])
					width[i] = length($i)
			}
		}

		END {
			for (row = 1; row <= NR; row++) {
				printf "%-" width[1] "s", cell[row, 1]
				for (i = 2; i <= NF; i++)
					printf "  %" width[i] "s", cell[row, i]
				print ""
			}
		}'
}

markdown_table()
{
	awk -F '\t' '
		{
			line = "|"
			for (i = 1; i <= NF; i++)
				line = line " " $i " |"
			print line
		}

		NR == 1 {
			line = "| --- |"
			for (i = 2; i <= NF; i++)
				line = line " ---: |"
			print line
		}'
}

# print_tables COMMAND: what it was measured on, and both tables as COMMAND makes them
print_tables()
{
	printf 'Measured by tests/measure.sh, %s.\n\n' "$(measured_on)"
	counts_text
	printf '\n'
	{ counts_head; cat "$WORK/table.counts"; } | "$1"
	printf '\n'
	idle_text
	printf '\n'
	pings_text
	printf '\n'
	{ pings_head; cat "$WORK/table.pings"; } | "$1"
}

# json_list KEY...: an object of each line, its values numbers but for the first of a KEY that is "name"
json_list()
{
	awk -F '\t' -v keys="$*" '
		BEGIN { split(keys, key, " ") }
		{
			printf("%s    {", NR > 1 ? ",\n" : "")
			for (i = 1; i <= NF; i++)
				printf("%s\"%s\": %s", i > 1 ? ", " : "", key[i],
				       key[i] == "name" ? "\"" $i "\"" : $i)
			printf "}"
		}

		END { print "" }'
}

print_json()
{
	printf '{\n  "measured_on": "%s",\n' "$(measured_on)"
	printf '  "exchanges": %d,\n  "boots": %d,\n  "accesses": [\n' "$EXCHANGES" "$BOOTS"
	json_list name vf_reads vf_writes pf_reads pf_writes reads accesses pf_interrupts vf_interrupts \
		<"$WORK/table.counts"
	printf '  ],\n  "idle": [\n'
	json_list seconds vf_reads pf_reads pf_writes <"$WORK/idle"
	printf '  ],\n  "round_trips_us": [\n'
	json_list bytes same_median same_p90 other_median other_p90 <"$WORK/table.pings"
	printf '  ]\n}\n'
}

print_results()
{
	case $FORMAT in
	text) print_tables text_table ;;
	markdown) print_tables markdown_table ;;
	json) print_json ;;
	esac
}

main()
{
	parse_arguments "$@"
	trap cleanup EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	WORK=$(mktemp -d)
	printf '%s\n' "$EXCHANGES" >"$WORK/exchanges"
	count_accesses
	time_round_trips
	progress_end
	print_results
}

main "$@"
