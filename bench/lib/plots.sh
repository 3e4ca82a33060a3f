# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The pictures of the report. To be sourced by report.sh. What they show is in $WORK/*.dat, columns separated by blanks.

# White behind them, so that they can be read on a dark page too.
PLOT_HEAD='
	set terminal svg size 720,440 font "sans-serif,13" background "#ffffff"
	set border 3 linecolor "#444444"
	set tics nomirror
	set grid ytics linecolor "#dddddd"
	set key below
	set yrange [0:*]
	set style line 1 linecolor "#0060a8" linewidth 2 pointtype 7 pointsize 0.6
	set style line 2 linecolor "#c04000" linewidth 2 pointtype 5 pointsize 0.6
	set style line 3 linecolor "#0060a8" linewidth 2 dashtype 2 pointtype 6 pointsize 0.6
	set style line 4 linecolor "#c04000" linewidth 2 dashtype 2 pointtype 4 pointsize 0.6
	set style line 5 linecolor "#444444" linewidth 1.5 dashtype 3 pointtype 8
	set style line 6 linecolor "#108040" linewidth 1.5 pointtype 9
	set style line 7 linecolor "#888888" linewidth 1.5 pointtype 10
	set style line 8 linecolor "#804080" linewidth 1.5 pointtype 2
	set style line 9 linecolor "#806000" linewidth 1.5 pointtype 1
'

# draw NAME PROGRAM; without the version of gnuplot in the picture
draw()
{
	(cd "$WORK" && printf '%s\nset output "%s.svg"\n%s\n' "$PLOT_HEAD" "$1" "$2" | gnuplot)
	sed '/<desc>/d' "$WORK/$1.svg" >"$RESULTS/$1.svg"
}

# Register reads by size, both ends: sizes KIND
reads_by_size()
{
	csv 'at("kind") == "'"$1"'" && at("vfs") == 1 && at("bytes") { print at("bytes"), at("vf_reads") + at("pf_reads") }' \
		"$RESULTS/counts.csv" | sort -n
}

# peer_reads NAME VFS
peer_reads()
{
	csv 'at("peer") == "'"$1"'" && at("vfs") == '"$2"' && at("kind") == "write" {
		print at("bytes"), at("vf_reads") + at("pf_reads")
	}' "$BENCH_DIR/peers.csv" | sort -n
}

draw_accesses()
{
	reads_by_size write >"$WORK/reads-write.dat"
	reads_by_size read >"$WORK/reads-read.dat"
	peer_reads "igb primitives" 1 >"$WORK/reads-igb1.dat"
	peer_reads "igb primitives" 7 >"$WORK/reads-igb7.dat"
	peer_reads "fm10k (mailbox only)" 1 >"$WORK/reads-fm10k.dat"
	peer_reads "floor: turn-taking" 1 >"$WORK/reads-floor.dat"
	reads_by_size stock >"$WORK/reads-stock.dat"
	draw accesses '
		set title "Register reads of one exchange, both ends"
		set xlabel "bytes"
		set xrange [0:132]
		set ylabel "reads"
		plot "reads-write.dat" with linespoints linestyle 1 title "write", \
			"reads-read.dat" with linespoints linestyle 2 title "read", \
			"reads-floor.dat" with points linestyle 6 title "floor (write)", \
			"reads-stock.dat" with points linestyle 8 title "igbvf to igb", \
			"reads-igb1.dat" with linespoints linestyle 5 title "igb primitives, 1 VF", \
			"reads-igb7.dat" with linespoints linestyle 7 title "igb primitives, 7 VFs", \
			"reads-fm10k.dat" with points linestyle 9 title "fm10k"'
}

# median_by_size KIND CPU: bytes and us
median_by_size()
{
	over_boots_of times 'at("path") == "kernel" && at("gap_us") == 0 && at("kind") == "'"$1"'" && at("cpu") == "'"$2"'"' \
		'at("bytes")' | awk -F , '{ print $1, $2 / 1000 }' | sort -n
}

draw_round_trip()
{
	local kind cpu

	for cpu in same other; do
		for kind in write read stock; do
			median_by_size $kind $cpu >"$WORK/time-$kind-$cpu.dat"
		done
		awk '{ print 0, $2; print 128, $2 }' "$WORK/time-stock-$cpu.dat" >"$WORK/time-line-$cpu.dat"
	done
	draw roundtrip '
		set title "Round trip by size, median (emulated)"
		set xlabel "bytes"
		set xrange [0:132]
		set ylabel "us"
		plot "time-write-same.dat" with linespoints linestyle 1 title "write, same CPU", \
			"time-read-same.dat" with linespoints linestyle 2 title "read, same CPU", \
			"time-line-same.dat" with lines linestyle 5 title "stock pair, 12 bytes, same", \
			"time-write-other.dat" with linespoints linestyle 3 title "write, other CPU", \
			"time-read-other.dat" with linespoints linestyle 4 title "read, other CPU", \
			"time-line-other.dat" with lines linestyle 7 title "stock pair, 12 bytes, other"'
}

draw_crowd()
{
	local layout

	for layout in one two; do
		crowd_rows | awk -F , -v layout=$layout '$1 == layout { print $2, $3, $4 }' >"$WORK/crowd-$layout.dat"
	done
	draw crowd '
		set title "Several VFs busy at once: writes of 12 bytes (emulated)"
		set xlabel "busy VFs"
		set ylabel "exchanges a second"
		set y2label "median, us"
		set y2tics
		set y2range [0:*]
		set xrange [0.5:8.5]
		plot "crowd-one.dat" using 1:2 with linespoints linestyle 1 title "a second, one CPU", \
			"crowd-two.dat" using 1:2 with linespoints linestyle 2 title "a second, two CPUs", \
			"crowd-one.dat" using 1:3 axes x1y2 with linespoints linestyle 3 title "median, one CPU", \
			"crowd-two.dat" using 1:3 axes x1y2 with linespoints linestyle 4 title "median, two CPUs"'
}

draw_pictures()
{
	draw_accesses
	draw_round_trip
	draw_crowd
}
