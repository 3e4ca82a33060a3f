# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Packages: those that the machine lacks are installed, those that only the rig reads are downloaded and unpacked.
# Everything is asked of a private view of apt (own sources, own lists) that has the backports beside what the
# machine is configured for already. The machine's own apt configuration is read and never changed.
# To be sourced after lib.sh.

APT_DIR=$CACHE/apt
APT_MAX_AGE=$((24 * 60 * 60))

os_codename()
{
	# shellcheck disable=SC1091 # a file of the machine
	(. /etc/os-release && printf '%s\n' "${VERSION_CODENAME:-}")
}

# Files in which the machine says where its packages come from, of one format: list or sources.
apt_source_files()
{
	local suffix=$1
	local dir file

	dir=$(apt-config shell d Dir::Etc::SourceParts/d | sed "s/^d='\(.*\)'$/\1/")
	if [ "$suffix" = list ]; then
		file=$(apt-config shell f Dir::Etc::SourceList/f | sed "s/^f='\(.*\)'$/\1/")
		if [ -s "$file" ]; then
			printf '%s\n' "$file"
		fi
	fi
	for file in "$dir"/*."$suffix"; do
		if [ -s "$file" ]; then
			printf '%s\n' "$file"
		fi
	done
}

# deb822 stanzas of the distribution itself (component main, a suite of this codename), copied whole with whatever
# keys and options they carry; the stanza of the codename's main suite once more with its backports.
apt_copy_stanzas()
{
	awk -v codename="$1" '
	BEGIN { RS = ""; FS = "\n" }
	function value(name,   i, v) {
		for (i = 1; i <= NF; i++)
			if (tolower($i) ~ "^" tolower(name) ":") {
				v = $i
				sub(/^[^:]*:[ \t]*/, "", v)
				return " " v " "
			}
		return " "
	}
	{
		suites = value("Suites")
		ours = suites ~ "[ ](" codename "|(old)*stable)(-(updates|security))?(/updates)?[ ]"
		if (!ours || value("Components") !~ /[ ]main[ ]/ || value("Types") !~ /[ ]deb[ ]/)
			next
		print $0 "\n"
		if (suites !~ "[ ]" codename "[ ]" && suites !~ "[ ](old)*stable[ ]")
			next
		for (i = 1; i <= NF; i++)
			print tolower($i) ~ /^suites:/ ? "Suites: " codename "-backports" : $i
		print ""
	}'
}

# The same for lines of the one-line format: deb [options] URI suite component...
apt_copy_lines()
{
	awk -v codename="$1" '
	$1 == "deb" {
		s = 3
		if ($2 ~ /^\[/)
			for (s = 2; s < NF && $s !~ /\]$/; s++)
				;
		if ($2 ~ /^\[/)
			s += 2
		ours = $s ~ "^(" codename "|(old)*stable)(-(updates|security))?(/updates)?$"
		main = 0
		for (i = s + 1; i <= NF; i++)
			if ($i == "main")
				main = 1
		if (!ours || !main)
			next
		print
		if ($s == codename || $s ~ "^(old)*stable$") {
			$s = codename "-backports"
			print
		}
	}'
}

apt_concatenate()
{
	local file

	while read -r file; do
		sed -e '/^[ \t]*#/d' "$file"
		echo
	done
}

apt_write_sources()
{
	local codename

	codename=$(os_codename)
	[ -n "$codename" ] || die "no VERSION_CODENAME in /etc/os-release: is this Debian 12 or 13?"
	apt_source_files sources | apt_concatenate | apt_copy_stanzas "$codename" >"$APT_DIR/sources/rig.sources"
	apt_source_files list | apt_concatenate | apt_copy_lines "$codename" >"$APT_DIR/sources/rig.list"
	if ! [ -s "$APT_DIR/sources/rig.sources" ] && ! [ -s "$APT_DIR/sources/rig.list" ]; then
		die "found no package source for $codename main in the apt configuration of this machine"
	fi
}

# #clear: hooks of the machine (desktop notifications and the like) have no business with private lists.
apt_write_config()
{
	local user=

	# The sandbox user cannot write below a home directory.
	if [ "$(id -u)" -eq 0 ]; then
		user='APT::Sandbox::User "root";'
	fi
	cat >"$APT_DIR/apt.conf" <<-END
	#clear APT::Update::Pre-Invoke;
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	Dir::Etc::SourceList "/dev/null";
	Dir::Etc::SourceParts "$APT_DIR/sources";
	Dir::State::Lists "$APT_DIR/lists";
	Dir::Cache::pkgcache "";
	Dir::Cache::srcpkgcache "";
	Acquire::Languages "none";
	Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
	Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
	Acquire::IndexTargets::deb-src::Sources::DefaultEnabled "false";
	$user
	END
}

apt_prepare()
{
	mkdir -p "$APT_DIR/sources" "$APT_DIR/lists/partial" "$APT_DIR/debs"
	apt_write_sources
	apt_write_config
}

# What apt says is of interest only when it fails.
quietly()
{
	local log=$APT_DIR/last.log

	if ! "$@" >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		return 1
	fi
}

apt_lists_age()
{
	if [ -e "$APT_DIR/updated" ]; then
		echo $(($(date +%s) - $(stat -c %Y "$APT_DIR/updated")))
	else
		echo $((APT_MAX_AGE + 1))
	fi
}

apt_update()
{
	apt_prepare
	say "reading package lists into $APT_DIR/lists"
	progress "apt-get update ..."
	# A source that has gone is no reason to give up: what matters is whether the packages are found.
	quietly apt-get -c "$APT_DIR/apt.conf" update || say "apt-get update complained; going on with what there is"
	progress_end
	touch "$APT_DIR/updated"
	APT_FRESH=1
}

# The other release of Debian on the same mirror, in a view of apt of its own: Debian 12 has no 7.x, Debian 13 no 6.1.
# What is found there is unpacked and never installed. Changes APT_DIR, which the caller has made local.
apt_look_further()
{
	local from=$APT_DIR/sources own other

	own=$(os_codename)
	case $own in
	bookworm) other=trixie ;;
	trixie) other=bookworm ;;
	*) return 0 ;;
	esac
	APT_DIR=$CACHE/apt-$other
	if [ "$(apt_lists_age)" -le "$APT_MAX_AGE" ]; then
		return
	fi
	mkdir -p "$APT_DIR"/{sources,lists/partial,debs}
	sed -E "/^Suites:/s,\\<($own|(old)*stable)\\>,$other,g" "$from/rig.sources" >"$APT_DIR/sources/rig.sources"
	sed -E "s,^(deb .*[^ ] +)($own|(old)*stable)([-/ ]),\1$other\4," "$from/rig.list" >"$APT_DIR/sources/rig.list"
	apt_write_config
	say "reading package lists of $other into $APT_DIR/lists"
	quietly apt-get -c "$APT_DIR/apt.conf" update || say "apt-get update complained; going on with what there is"
	touch "$APT_DIR/updated"
}

# newer A B: the one of the higher version; either may be empty
newer()
{
	printf '%s\n' "$@" | sort -rV | sed -n 1p
}

# Lists that are at most a day old; called only by those who are about to look something up.
APT_FRESH=
apt_need_lists()
{
	if [ "$(apt_lists_age)" -gt "$APT_MAX_AGE" ]; then
		apt_update
	elif ! [ -e "$APT_DIR/apt.conf" ]; then
		apt_prepare
	fi
}

apt_names()
{
	apt-cache -c "$APT_DIR/apt.conf" pkgnames "$1"
}

apt_installed()
{
	case $(dpkg-query -W -f '${db:Status-Status} ' "$1" 2>/dev/null || true) in
	installed*) return 0 ;;
	*) return 1 ;;
	esac
}

# Prints those of the given packages that are not installed.
apt_missing()
{
	local name

	for name in "$@"; do
		apt_installed "$name" || printf '%s\n' "$name"
	done
}

# apt_need REASON PACKAGE...: installs those that are missing. For who does not hold the lock of the cache.
apt_need()
{
	local missing

	missing=$(apt_missing "${@:2}")
	if [ -n "$missing" ]; then
		lock_cache
		apt_need_locked "$@"
		exec 9>&-
	fi
}

# The same for who holds it
apt_need_locked()
{
	local reason=$1 missing

	shift
	mapfile -t missing < <(apt_missing "$@")
	if [ "${#missing[@]}" -gt 0 ]; then
		apt_install "$reason" "${missing[@]}"
	fi
}

# apt_install REASON PACKAGE[/SUITE]...: into the system, this one needs root.
apt_install()
{
	local reason=$1

	shift
	can_be_root || die "these packages are missing, and installing them needs root or sudo ($reason): $*"
	apt_need_lists
	say "installing into the system ($reason): $*"
	progress "apt-get install ..."
	if ! apt_try_install "$@"; then
		[ -z "$APT_FRESH" ] || die "apt-get install $* failed"
		apt_update
		apt_try_install "$@" || die "apt-get install $* failed"
	fi
	progress_end
}

# A library that came from the backports once can ask for its siblings from there. For any other failure they are no
# help.
apt_try_install()
{
	local backports

	backports=$(os_codename)-backports
	if apt_get_install "$@" 2>/dev/null; then
		return
	fi
	if ! grep -qE "$APT_NOT_FOUND" "$APT_DIR/last.log"; then
		tail -n 20 "$APT_DIR/last.log" >&2
		return 1
	fi
	say "installing into the system from $backports: $*"
	apt_get_install -t "$backports" "$@"
}

# What apt says of packages that it does not have, or not together, in Debian 12 and 13
APT_NOT_FOUND='(unmet|Unsatisfied) dependencies|Unable to (satisfy dependencies|locate package)'
APT_NOT_FOUND="$APT_NOT_FOUND|no installation candidate"

# Another apt may be at work, one that the system started for instance.
apt_get_install()
{
	quietly as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -c "$APT_DIR/apt.conf" \
		-o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
}

# apt_unpack DIR PACKAGE...: download and unpack below DIR, nothing is installed; no root needed.
apt_unpack()
{
	local dir=$1 name deb

	shift
	mkdir -p "$dir"
	for name in "$@"; do
		progress "downloading $name ..."
		rm -f "$APT_DIR/debs/$name"_*.deb
		(cd "$APT_DIR/debs" && quietly apt-get -c "$APT_DIR/apt.conf" download "$name") ||
			die "cannot download $name"
		for deb in "$APT_DIR/debs/$name"_*.deb; do
			progress "unpacking $name ..."
			dpkg-deb -x "$deb" "$dir"
			rm -f "$deb"
		done
	done
	progress_end
}

# apt_keep NAME PACKAGE...: unpacked in the cache as NAME, once. For who holds the lock of the cache.
apt_keep()
{
	local dir=$CACHE/$1

	shift
	if [ -e "$dir/ready" ]; then
		return
	fi
	apt_need_lists
	say "unpacking $* into $dir"
	rm -rf "$dir"
	apt_unpack "$dir" "$@"
	touch "$dir/ready"
}

# Names in the Depends of a package: of alternatives the first, without version and architecture.
apt_depends()
{
	apt-cache -c "$APT_DIR/apt.conf" show --no-all-versions "$1" |
		sed -n 's/^Depends: //p' | tr ',' '\n' | sed -e 's/^ *//' -e 's/[ :|(].*//'
}
