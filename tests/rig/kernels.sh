# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Stock kernels with what it takes to build modules for them, unpacked side by side in the cache.
# To be sourced after lib.sh and apt.sh.

# Releases that the package lists have for a name such as 6.12, 7, newest or a whole version, newest first.
# Image and headers must both be there; debug, unsigned, real-time and cloud kernels are not what people run.
kernel_candidates()
{
	local name=$1 pattern release headers

	headers=$(apt_names linux-headers-)
	pattern=$(printf '%s' "$name" | sed -e 's/[.+]/\\&/g' -e 's/^newest$/[0-9]+/')
	if [ "${name%-amd64}" != "$name" ]; then
		pattern="^linux-image-$pattern\$"
	else
		pattern="^linux-image-$pattern([.][.0-9]*)?(\\+(deb|bpo)[0-9.]*)?(-[0-9]+)?-amd64\$"
	fi
	apt_names linux-image- | { grep -E "$pattern" || true; } | sed 's/^linux-image-//' | sort -rV |
		while read -r release; do
			if grep -qFx "linux-headers-$release" <<<"$headers"; then
				printf '%s\n' "$release"
			fi
		done
}

# Ends with RELEASE set, and APT_DIR to the view of apt that has it.
kernel_find()
{
	local name=$1 own=$APT_DIR further

	RELEASE=$(kernel_candidates "$name" | sed -n 1p)
	if [ -z "$RELEASE" ] && [ -z "$APT_FRESH" ]; then
		apt_update
		RELEASE=$(kernel_candidates "$name" | sed -n 1p)
	fi
	if [ -n "$RELEASE" ] && [ "$name" != newest ]; then
		return
	fi
	apt_look_further
	further=$(kernel_candidates "$name" | sed -n 1p)
	if [ "$(newer "$RELEASE" "$further")" = "$further" ]; then
		RELEASE=$further
	else
		APT_DIR=$own
	fi
	[ -n "$RELEASE" ] || die "Debian 12 and 13 and their backports have no package linux-image-$name... with headers"
}

# The packages expect to lie in /. Here they lie in a directory, so what names /usr/src must name that directory;
# relative to itself, so that the cache can be moved.
kernel_relocate()
{
	local dir=$1 release=$2
	local headers=$dir/usr/src/linux-headers-$release

	# shellcheck disable=SC2016 # make expands it, not the shell
	sed -i -e 's,^include /usr/src/,include $(dir $(lastword $(MAKEFILE_LIST)))../,' \
		-e 's,^KBUILD_OUTPUT=/usr/src/.*,KBUILD_OUTPUT=$(CURDIR),' "$headers/Makefile"
	# Since Debian 13 the modules are packaged below /usr.
	[ -e "$dir/lib" ] || ln -s usr/lib "$dir/lib"
	# Since 7.x the kernel lies beside them.
	if ! [ -e "$dir/boot/vmlinuz-$release" ]; then
		mkdir -p "$dir/boot"
		ln -s "../lib/modules/$release/vmlinuz" "$dir/boot/vmlinuz-$release"
	fi
	ln -sfn "usr/src/linux-headers-$release" "$dir/build"
	rm -f "$dir/lib/modules/$release"/{build,source}
	if grep -rqIE '^[^#]*(/usr/src/linux|/usr/lib/linux-kbuild)' "$headers" \
		--include='Makefile*' --include='.kernelvariables'; then
		die "the headers of $release name absolute paths in an unknown way (see $headers)"
	fi
}

# Build tools of the kernel (objtool, pahole, its compiler) run here, so what they depend on is installed.
kernel_install_tools()
{
	APT_DIR=$OWN_APT_DIR apt_need_locked "to build modules" "$@"
}

# Packages of those given that this release of Debian has
kernel_tools_known()
{
	local name known

	known=$(APT_DIR=$OWN_APT_DIR apt_names "")
	for name in "$@"; do
		if grep -qFx "$name" <<<"$known"; then
			printf '%s\n' "$name"
		fi
	done
}

# The build tools of another release ask for a newer C library than this machine may have. They get it from there: a
# script takes the place of each program. modpost looks for its siblings by the name that it was started with.
kernel_lend_libraries()
{
	local dir=$1 program needs up

	shift
	find "$dir"/usr/lib/linux-kbuild-* -type f -perm /111 | while read -r program; do
		# In two steps: a grep that has seen enough would end ldd, and that counts as a failure
		needs=$(ldd "$program" 2>&1 || true)
		[[ $needs == *'not found'* ]] || continue
		# It must not read the list of programs
		[ -e "$dir/libraries" ] || apt_unpack "$dir/libraries" "$@" </dev/null >&2
		up=$(realpath --relative-to="$(dirname "$program")" "$dir/libraries")
		mv "$program" "$program.program"
		cat >"$program" <<-END
		#!/bin/sh
		here=\${0%/*}
		libraries=\$here/$up
		exec "\$libraries/usr/lib64/ld-linux-x86-64.so.2" --argv0 "\$0" \\
			--library-path "\$libraries/usr/lib/x86_64-linux-gnu" "\$0.program" "\$@"
		END
		chmod 755 "$program"
	done
}

# The compiler that the kernel was built with may not exist here. The machine's own does as well, without the options
# that it does not know; and so does an older pahole.
kernel_fit_tools()
{
	local build=$1/build variables=$1/build/.kernelvariables prefix compiler pahole

	prefix=$(sed -n 's/^override CROSS_COMPILE = \(x86.*\)/\1/p' "$variables")
	compiler=$prefix$(sed -n 's/^CC = .*(CROSS_COMPILE)//p' "$variables")
	if ! command -v "$compiler" >/dev/null; then
		say "there is no $compiler here: $(gcc --version | sed -n 1p) takes its place"
		sed -i 's/^CC = .*/CC = gcc/' "$variables"
		if ! gcc -fmin-function-alignment=16 -x c -c -o /dev/null /dev/null 2>/dev/null; then
			printf 'override CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT =\n' >>"$variables"
		fi
	fi
	pahole=$(pahole --numeric_version 2>/dev/null || echo 0)
	if [ "$pahole" -lt "$(sed -n 's/^CONFIG_PAHOLE_VERSION=//p' "$build/.config")" ]; then
		printf 'override CONFIG_PAHOLE_VERSION = %s\n' "$pahole" >>"$variables"
	fi
}

kernel_unpack()
{
	local release=$1
	local dir new name packages tools libraries known

	dir=$(kernel_dir "$release")
	new=$dir.new
	packages=("linux-image-$release" "linux-headers-$release")
	tools=()
	# Since 7.x the image package holds nothing itself.
	for name in $(apt_depends "linux-image-$release"); do
		case $name in
		linux-binary-"$release" | linux-modules-"$release" | linux-base-"$release") packages+=("$name") ;;
		esac
	done
	for name in $(apt_depends "linux-headers-$release") ; do
		case $name in
		linux-headers-*-common* | linux-kbuild-*) packages+=("$name") ;;
		linux-compiler-*) mapfile -t -O "${#tools[@]}" tools < <(apt_depends "$name") ;;
		linux-*) ;;
		*) tools+=("$name") ;;
		esac
	done
	libraries=()
	for name in "${packages[@]}"; do
		case $name in
		linux-kbuild-*) mapfile -t libraries < <(apt_depends "$name") ;;
		esac
	done
	mapfile -t known < <(kernel_tools_known "${tools[@]}" "${libraries[@]}")
	kernel_install_tools "${known[@]}"
	say "unpacking Linux $release and its headers into $dir"
	rm -rf "$new" "$dir"
	apt_unpack "$new" "${packages[@]}"
	kernel_relocate "$new" "$release"
	mapfile -t libraries < <(printf '%s\n' "${libraries[@]}" | grep '^lib')
	kernel_lend_libraries "$new" "${libraries[@]}"
	kernel_fit_tools "$new"
	touch "$new/ready"
	mv "$new" "$dir"
}

# Ends with the kernel of that name unpacked. Never looks at the network when it is there already.
kernel_setup()
{
	local name=$1 RELEASE OWN_APT_DIR=$APT_DIR APT_DIR=$APT_DIR

	if RELEASE=$(kernel_release "$name") && [ -e "$(kernel_dir "$RELEASE")/ready" ]; then
		return
	fi
	# Not in a $( ): what these two remember would be lost there.
	apt_need_lists
	kernel_find "$name"
	if ! [ -e "$(kernel_dir "$RELEASE")/ready" ]; then
		kernel_unpack "$RELEASE"
	fi
	mkdir -p "$CACHE/kernels/names"
	printf '%s\n' "$RELEASE" >"$CACHE/kernels/names/$name"
}
