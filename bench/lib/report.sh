# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The report: everything in it comes from the CSV files in $RESULTS. To be sourced by bench.sh.

. "$BENCH_DIR/lib/targets.sh"
. "$BENCH_DIR/lib/plots.sh"

# csv PROGRAM FILE...: awk with at("column"), and with median() and percentile()
csv()
{
	local program=$1
	shift

	awk "$(cat "$NUMBERS" "$BENCH_DIR/lib/csv.awk") $program" "$@"
}

# Lines of CSV to a table; the first one is the head.
table()
{
	awk -F , '
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
	printf '\n'
}

qemu_version()
{
	qemu-system-x86_64 --version | sed -n '1s/.*version \([0-9.]*\).*/\1/p'
}

measured_on()
{
	printf "QEMU's 82576: QEMU %s (TCG, 2 vCPUs), Linux %s" "$(qemu_version)" "$(kernel_release "$KERNEL")"
}

# greatest COLUMN of times.csv
greatest()
{
	csv 'at("'"$1"'") > most { most = at("'"$1"'") + 0 } END { print most }' "$RESULTS/times.csv"
}

head_text()
{
	cat <<-END
		# What an exchange costs

		\`make bench\` writes this file; the raw numbers are in the CSV files beside it.

		Measured on $(measured_on), boots: $(greatest boot). No physical card was ever
		measured. Accesses are exact. Times are those of an emulator and good for comparison with each other only: there
		a register read costs about what a write does, on PCIe it costs several times as much. So count reads first.

	END
	if [ -s "$WORK/retries" ]; then
		printf 'The emulator hung %d times; those boots were made once more.\n\n' "$(wc -l <"$WORK/retries")"
	fi
}

counts_table()
{
	printf 'exchange,VFs,busy,VF R,VF W,PF R,PF W,all R,all,PF irqs,VF irqs\n'
	csv '{
		r = at("vf_reads") + at("pf_reads")
		w = at("vf_writes") + at("pf_writes")
		name = at("kind") (at("bytes") > 0 ? " " at("bytes") : "")
		print name "," at("vfs") "," at("busy") "," at("vf_reads") "," at("vf_writes") "," at("pf_reads") "," \
			at("pf_writes") "," r "," r + w "," at("pf_interrupts") "," at("vf_interrupts")
	}' "$RESULTS/counts.csv"
}

# Which rows of the simulated device QEMU's trace does not agree with
simulated_text()
{
	local recorded=$BENCH_DIR/accesses.csv

	[ -e "$recorded" ] || return 0
	# shellcheck disable=SC2016 # a backquote of the text
	csv '
		{ key = at("kind") " " at("bytes") " " at("vfs") }
		{ row = at("vf_reads") "," at("vf_writes") "," at("pf_reads") "," at("pf_writes") "," \
			at("pf_interrupts") "," at("vf_interrupts") }
		FILENAME ~ /accesses/ { if (at("bits") == 32) simulated[key] = row; next }
		at("busy") == 1 && key in simulated {
			n++
			if (row != simulated[key])
				differ = differ "\n* " key ": simulated " simulated[key] ", QEMU " row
		}
		END {
			if (n)
				printf "%d of these rows were counted on the simulated device of `make kunit` as well: %s.%s\n\n",
					n, differ ? "not all are the same" : "all are the same", differ
		}' "$recorded" "$RESULTS/counts.csv"
}

counts_text()
{
	cat <<-END
		## Register accesses

		R reads, W writes, of one exchange, both ends: counted from outside by QEMU's trace and /proc/interrupts. The
		trace has an access of 64 bits as two. \`stock\` is one exchange of igbvf with igb, 3 dwords each way.
		\`invalidate\` is from the call until the VF knows the mask; \`invalidate-pending\` is one more while one is
		pending. With several VFs busy at once interrupts are shared, and the numbers are averages.

	END
	counts_table | table
	simulated_text
	printf '![register reads by size](accesses.svg)\n\n'
}

peers_table()
{
	printf 'who,exchange,VFs,VF R/W,PF R/W,irqs PF/VF,all R,all\n'
	csv '
		function line(who) {
			r = at("vf_reads") + at("pf_reads")
			printf "%s,%s %d,%d,%d/%d,%d/%d,%d/%d,%d,%d\n", who, at("kind"), at("bytes"), at("vfs"),
				at("vf_reads"), at("vf_writes"), at("pf_reads"), at("pf_writes"), at("pf_interrupts"),
				at("vf_interrupts"), r, r + at("vf_writes") + at("pf_writes")
		}
		FILENAME ~ /peers/ { line(at("peer")); next }
		at("busy") == 1 && (at("bytes") == 128 || at("kind") == "write" && at("bytes") == 16) { line("**cfgblk**") }
	' "$BENCH_DIR/peers.csv" "$RESULTS/counts.csv" | sort -s -t , -k 2,2 -k 7,7nr
}

peers_text()
{
	cat <<-END
		## Beside the peers

		How many accesses the mailboxes of other drivers need for the same, from Linux 6.12 (\`peers.csv\`); \`write 16\`
		is 16 bytes and a status back. The floor has one header dword for each 64 bytes and no read that looks for
		resets: one more for each PF interrupt.

	END
	peers_table | table
}

# over_boots_of NAME CONDITION KEY: key, median and 90th percentile (ns), of NAME.csv: medians over boots of those over
# rounds
over_boots_of()
{
	csv "$2"'{
		key = '"$3"'
		half[key, at("boot")] = half[key, at("boot")] " " at("median_ns")
		most[key, at("boot")] = most[key, at("boot")] " " at("p90_ns")
		if (!((key, at("boot")) in seen)) {
			seen[key, at("boot")] = 1
			boots[key] = boots[key] " " at("boot")
			if (!(key in known)) {
				known[key] = 1
				keys[++n] = key
			}
		}
	}
	END {
		for (i = 1; i <= n; i++) {
			key = keys[i]
			m = split(boots[key], boot, " ")
			a = b = ""
			for (j = 1; j <= m; j++) {
				a = a " " median(half[key, boot[j]])
				b = b " " median(most[key, boot[j]])
			}
			print key "," median(a) "," median(b)
		}
	}' "$RESULTS/$1.csv"
}

size_table()
{
	printf 'bytes,write same CPU,90 %%,other CPU,90 %%,read same CPU,90 %%,other CPU,90 %%\n'
	over_boots_of times 'at("path") == "kernel" && at("gap_us") == 0 && at("kind") != "stock"' \
		'at("bytes") "," at("kind") "," at("cpu")' |
		awk -F , -v OFS=, '
			{ cell[$1, $2, $3] = sprintf("%.1f,%.1f", $4 / 1000, $5 / 1000); sizes[$1] = 1 }
			END {
				for (size = 1; size <= 128; size++)
					if (size in sizes)
						print size, cell[size, "write", "same"], cell[size, "write", "other"],
							cell[size, "read", "same"], cell[size, "read", "other"]
			}'
}

# By gap, CPU, bytes, and the stock pair first
in_order()
{
	awk -F , '{ print index("stock write read", $1) "," $0 }' | sort -t , -k 4,4n -k 5,5r -k 3,3n -k 1,1n | cut -d , -f 2-
}

stock_table()
{
	printf 'pair,bytes,gap,caller,median,90 %%,median / stock,90 %% / stock,median / stock without steps\n'
	over_boots_of times 'at("path") == "kernel" && at("bytes") ~ /^(12|128)$/' \
		'at("kind") "," at("bytes") "," at("gap_us") "," at("cpu")' | in_order |
		while IFS=, read -r kind bytes gap cpu half most; do
			printf '%s,%d,%s,%s,%s,%s,%s,%s,%s\n' "$kind" "$bytes" "$([ "$gap" = 0 ] && echo none || echo 2 ms)" \
				"$cpu CPU" "$(in_us "$half")" "$(in_us "$most")" \
				"$(against_stock median_ns "$kind" "$bytes" "$gap" "$cpu")" \
				"$(against_stock p90_ns "$kind" "$bytes" "$gap" "$cpu")" \
				"$(against_stock median_ns "$kind" "$bytes" "$gap" "$cpu" fast_median_ns)"
		done
}

# In: ns
in_us()
{
	awk -v ns="$1" 'BEGIN { printf "%.1f", ns / 1000 }'
}

# against_stock COLUMN KIND BYTES GAP same|other [STOCK-COLUMN]: the median, over boots and rounds, of how our number compares to that
# of the stock pair that was measured right before it
against_stock()
{
	csv '
		at("path") != "kernel" || at("gap_us") != '"$4"' || at("cpu") != "'"$5"'" { next }
		at("kind") == "stock" { stock = at("'"${6:-$1}"'"); fresh = 1 }
		fresh && stock != "-" && at("kind") == "'"$2"'" && at("bytes") == '"$3"' {
			ratios = ratios " " at("'"$1"'") / stock
			fresh = 0
		}
		END {
			if (ratios == "")
				print "-"
			else
				printf "%.2f\n", median(ratios)
		}' "$RESULTS/times.csv"
}

# How often the stock pair waited for a step
steps_text()
{
	csv 'at("kind") == "stock" { key = at("cpu") " " at("gap_us"); n[key] += at("exchanges"); slow[key] += at("slow") }
		function share(key) { return sprintf("%.0f %%", 100 * slow[key] / n[key]) }
		END {
			print "The stock VF looks for its answer at once, and then in steps of 500 us. It waited for such a step in"
			print share("same 0") " of its exchanges with the caller on the same CPU, in " share("other 0") \
				" of those on the other one; with the gap in"
			print share("same 2000") " and " share("other 2000") \
				". The last column leaves these out: it is ours to a stock pair that is lucky.\n"
		}' "$RESULTS/times.csv"
}

times_text()
{
	cat <<-END
		## Round trips

		In us. All device interrupts are on one CPU, the caller is on the same or the other one; the pairs take turns in
		one machine. Median and 90th percentile: of $(greatest exchanges) exchanges, then the median over $(greatest round) rounds, then over the
		boots. A ratio is that of a round, ours to the stock pair's right before it, and the median of these. The stock
		pair sends 12 bytes whatever happens. With a gap, each exchange begins 2 ms after the last one.

	END
	stock_table | table
	steps_text
	printf 'By size, without a gap, through the kernel interface:\n\n'
	size_table | table
	printf '![round trip by size](roundtrip.svg)\n\n'
	printf 'From user space: an ioctl of the device node in a loop, beside the kernel interface.\n\n'
	user_table | table
}

# user / kernel, median of the ratios of the rounds
user_table()
{
	printf 'exchange,caller,kernel,user space,ratio\n'
	csv 'at("gap_us") == 0 && at("bytes") ~ /^(12|128)$/ && at("kind") != "stock" {
		key = at("kind") " " at("bytes") "," at("cpu") " CPU"
		if (at("path") == "kernel") {
			last[key] = at("median_ns")
			next
		}
		if (!(key in users))
			keys[++n] = key
		kernels[key] = kernels[key] " " last[key]
		users[key] = users[key] " " at("median_ns")
		ratios[key] = ratios[key] " " at("median_ns") / last[key]
	}
	END {
		for (i = 1; i <= n; i++)
			printf "%s,%.1f,%.1f,%.2f\n", keys[i], median(kernels[keys[i]]) / 1000,
				median(users[keys[i]]) / 1000, median(ratios[keys[i]])
	}' "$RESULTS/times.csv"
}

# layout, VFs, exchanges a second, median and 90th percentile (us): medians over boots and rounds
crowd_rows()
{
	csv '{
		key = at("layout") "," at("vfs")
		if (!(key in rates))
			keys[++n] = key
		rates[key] = rates[key] " " at("exchanges") * 1e9 / at("ns")
		half[key] = half[key] " " at("median_ns")
		most[key] = most[key] " " at("p90_ns")
	}
	END {
		for (i = 1; i <= n; i++)
			printf "%s,%.0f,%.1f,%.1f\n", keys[i], median(rates[keys[i]]), median(half[keys[i]]) / 1000,
				median(most[keys[i]]) / 1000
	}' "$RESULTS/crowd.csv"
}

crowd_table()
{
	printf 'busy VFs,one CPU: exchanges/s,median,90 %%,two CPUs: exchanges/s,median,90 %%\n'
	crowd_rows | awk -F , -v OFS=, '
		{ cell[$1, $2] = $3 "," $4 "," $5 }
		END { for (vfs = 1; ("one", vfs) in cell; vfs++) print vfs, cell["one", vfs], cell["two", vfs] }'
}

# pf_time_per CPUS VFS: ns of the PF for each exchange, median over boots and rounds
pf_time_per()
{
	csv 'at("layout") == "'"$1"'" && at("vfs") == '"$2"' { ns = ns " " at("pf_ns") / at("exchanges") }
		END { print median(ns) }' "$RESULTS/pf_time.csv"
}

# pf_time_ratio one|two: 8 VFs busy to 1, of each round
pf_time_ratio()
{
	csv 'at("layout") != "'"$1"'" { next }
		at("vfs") == 1 { one = at("pf_ns") / at("exchanges") }
		at("vfs") == 8 { ratios = ratios " " at("pf_ns") / at("exchanges") / one }
		END { printf "%.2f\n", median(ratios) }' "$RESULTS/pf_time.csv"
}

pf_time_table()
{
	local layout

	printf 'processors,1 VF busy,8 VFs busy,ratio\n'
	for layout in one two; do
		printf '%s,%s,%s,%s\n' "$layout" "$(in_us "$(pf_time_per $layout 1)")" \
			"$(in_us "$(pf_time_per $layout 8)")" "$(pf_time_ratio $layout)"
	done
}

crowd_text()
{
	cat <<-END
		## Several VFs at once

		Each busy VF has one caller that writes 12 bytes as fast as it can. "One CPU": everything on it. "Two CPUs": the
		PF's end on one, the VFs and their callers on the other. Times in us.

	END
	crowd_table | table
	cat <<-END
		![scaling over VFs](crowd.svg)

		Processor time of the PF for each exchange, in us: its interrupt handler and its link work, timed by return
		probes, without what interrupts them or takes the processor from them, without the cost of the probes, and without
		entering and leaving the interrupt and the softirq. On
		two CPUs it includes waiting for the emulator, which takes one register access at a time. Accesses and
		interrupts for each exchange are in the first table, in the lines with 8 VFs.

	END
	pf_time_table | table
}

memory_table()
{
	printf 'what,measured on,bytes asked for,bytes given,of these data\n'
	csv 'BEGIN {
			name["vf"] = "a VF without blocks"
			name["block"] = "a block that the VF may not write"
			name["block-rw"] = "a block that it may write"
		}
		{ print name[at("what")] "," at("number") "," at("bytes_asked") "," at("bytes_given") "," at("data_bytes") }' \
		"$RESULTS/memory.csv"
}

# pure_ratio NAME TO: median of the ratios of the rounds
pure_ratio()
{
	csv '{ ratios = ratios " " at("'"$1"'_ns") / at("'"$2"'_ns") } END { printf "%.1f\n", median(ratios) }' \
		"$RESULTS/pure.csv"
}

pure_median()
{
	csv '{ all = all " " at("'"$1"'_ns") } END { printf "%.1f\n", median(all) }' "$RESULTS/pure.csv"
}

pure_table()
{
	printf 'what,ns,beside it,ns,ratio\n'
	printf 'a block of 128 bytes to messages and back,%s,memcpy,%s,%s\n' "$(pure_median block)" "$(pure_median memcpy)" \
		"$(pure_ratio block memcpy)"
	printf 'a block of 128 bytes to messages and back,%s,memcpy as the kernel has it,%s,%s\n' "$(pure_median block)" \
		"$(pure_median kernel)" "$(pure_ratio block kernel)"
	printf 'OR and take of a mask,%s,one atomic addition,%s,%s\n' "$(pure_median mask)" "$(pure_median atomic)" \
		"$(pure_ratio mask atomic)"
}

rest_text()
{
	cat <<-END
		## Memory

		What the PF driver asks the kernel for, and what the allocator gives, from the trace of the allocator and the
		built structures. The VF's value has its place beside the host's from the beginning.

	END
	memory_table | table
	cat <<-END
		## Pure code

		In user space on the host, not emulated: all headers and fragments of a block, written and read again, beside
		memcpy() of the C library, which has vector registers, and as the kernel has it (\`rep movsb\`).

	END
	pure_table | table
}

write_report()
{
	draw_pictures
	{
		head_text
		targets_text
		counts_text
		peers_text
		times_text
		crowd_text
		rest_text
	} >"$WORK/report.md"
	cp "$WORK/report.md" "$RESULTS/report.md"
}
