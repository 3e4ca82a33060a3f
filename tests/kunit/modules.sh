# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The modules as anybody builds them, and the suites that can be a module, loaded by insmod into a user-mode kernel
# whose root is a directory of the host.
# To be sourced after kernel.sh.

# The same kernel with nothing of ours in it, and with what a process 1 takes
modules_config()
{
	write_config "$1"
	sed -i '/^CONFIG_CFGBLK/d' "$CONFIG"
	cat >>"$CONFIG" <<-END
	CONFIG_MODULES=y
	CONFIG_MODULE_UNLOAD=y
	CONFIG_BINFMT_ELF=y
	CONFIG_BINFMT_SCRIPT=y
	CONFIG_HOSTFS=y
	END
}

# Any warning of the compiler is an error: it would be seen only when the file is compiled, and that may have been the
# last time. For those of modpost see modules_warnings().
modules_build()
{
	local build=$1 dir=$1/cfgblk

	copy_for_kbuild "$dir" Kbuild common pf vf kunit include
	make -C "$build" ARCH=um M="$dir" CONFIG_CFGBLK_KUNIT_TEST=m W=1e --jobs="$(nproc)" modules
}

modules_root()
{
	local build=$1 root=$OUT/root

	mkdir -p "$root"/{bin,dev,proc,sys,modules}
	# /bin, or /usr/bin since both are one
	find "$CACHE/busybox" -type f -path '*bin/busybox' -exec install -m 755 {} "$root/bin/busybox" \;
	install -m 755 "$TOP_DIR/tests/kunit/init" "$root/init"
	cp "$build"/cfgblk/*.ko "$root/modules/"
}

modules_boot()
{
	local build=$1

	timeout "$RUN_TIMEOUT" "$build/linux" mem=1G root=/dev/root rootfstype=hostfs rootflags="$OUT/root" rw \
		init=/init console=tty "${KERNEL_ARGS[@]}" </dev/null >"$OUT/console.log" 2>&1
}

modules_steps()
{
	kunit_py "$1" "$2" build && modules_build "$2" && modules_root "$2" && modules_boot "$2"
}

# Cases are indented by four, those of a parameter by eight; a suite that did not end has crashed.
modules_cases()
{
	awk '
	/^    # Subtest: / { suite = $3; next }
	/^    (not )?ok [0-9]+ / {
		line = $0
		sub(/^ +/, "", line)
		result = line ~ /^ok/ ? "ok" : "not ok"
		sub(/^(not )?ok [0-9]+ (- )?/, "", line)
		print result " - kunit modules: " suite ": " line
	}
	/^(not )?ok [0-9]+ / { ended++; suite = "" }
	END {
		if (suite != "" || !ended)
			print "not ok - kunit modules: " suite ": ran to its end"
	}' "$OUT/console.log"
}

modules_results()
{
	if ! [ -s "$OUT/root/output" ]; then
		printf 'not ok - kunit modules: the modules were built and loaded\n'
		tail -n 40 "$OUT/kunit.log" >&2
		return
	fi
	sed -nE 's/^(ok|not ok) - /&kunit modules: /p' "$OUT/root/output"
	grep -q '^end$' "$OUT/root/output" || printf 'not ok - kunit modules: ran to the end\n'
	modules_cases
}

# After one all is built again: otherwise it would be told only once.
modules_warnings()
{
	if grep 'WARNING: modpost' "$OUT/kunit.log" >"$OUT/warnings"; then
		printf 'not ok - kunit modules: modpost has no warning\n'
		sed 's/^/# /' "$OUT/warnings"
		rm -rf "$1/cfgblk"
	else
		printf 'ok - kunit modules: modpost has no warning\n'
	fi
}

# What the kernel says before it has anything of ours is its own: UML 6.1 reports a misuse of RCU in its process 1.
modules_log()
{
	sed -n '/loading out-of-tree module/,$p' "$OUT/console.log" >"$OUT/since-loaded.log"
	printf '%s\n' "$OUT/since-loaded.log"
}

# run_modules VERSION OUT: all of it, with a build directory of its own
run_modules()
{
	local version=$1 OUT=$2 CONFIG=$2/kunitconfig build

	mkdir -p "$OUT"
	modules_config "$version"
	build=$(build_dir "$version")
	prepare_build "$version" "$build"
	modules_steps "$version" "$build" >"$OUT/kunit.log" 2>&1 || true
	{
		modules_results
		modules_warnings "$build"
	} >"$OUT/output"
	check_log 'kunit modules' "$(modules_log)" >>"$OUT/output"
}
