# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Stock kernels with what it takes to build modules for them, unpacked side by side in the cache.
# To be sourced after lib.sh and apt.sh.

# Releases that the package lists have for a name such as 6.12, 7 or a whole version, newest first.
# Image and headers must both be there; debug, unsigned, real-time and cloud kernels are not what people run.
kernel_candidates()
{
	local name=$1 pattern release headers

	headers=$(apt_names linux-headers-)
	pattern=$(printf '%s' "$name" | sed 's/[.+]/\\&/g')
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

kernel_resolve()
{
	local name=$1 releases

	releases=$(kernel_candidates "$name")
	if [ -z "$releases" ] && [ -z "$APT_FRESH" ]; then
		apt_update
		releases=$(kernel_candidates "$name")
	fi
	[ -n "$releases" ] || die "no package linux-image-$name... with headers in $(os_codename) or its backports"
	printf '%s\n' "${releases%%$'\n'*}"
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
	local missing

	mapfile -t missing < <(apt_missing "$@")
	if [ "${#missing[@]}" -gt 0 ]; then
		apt_install "to build modules" "${missing[@]}"
	fi
}

kernel_unpack()
{
	local release=$1
	local dir new name packages tools

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
	for name in "${packages[@]}"; do
		case $name in
		linux-kbuild-*) mapfile -t -O "${#tools[@]}" tools < <(apt_depends "$name") ;;
		esac
	done
	kernel_install_tools "${tools[@]}"
	say "unpacking Linux $release and its headers into $dir"
	rm -rf "$new" "$dir"
	apt_unpack "$new" "${packages[@]}"
	kernel_relocate "$new" "$release"
	touch "$new/ready"
	mv "$new" "$dir"
}

# Ends with the kernel of that name unpacked. Never looks at the network when it is there already.
kernel_setup()
{
	local name=$1 release

	if release=$(kernel_release "$name") && [ -e "$(kernel_dir "$release")/ready" ]; then
		return
	fi
	# Not in the $( ) below: what it remembers would be lost there.
	apt_need_lists
	release=$(kernel_resolve "$name")
	if ! [ -e "$(kernel_dir "$release")/ready" ]; then
		kernel_unpack "$release"
	fi
	mkdir -p "$CACHE/kernels/names"
	printf '%s\n' "$release" >"$CACHE/kernels/names/$name"
}
