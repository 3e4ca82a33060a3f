# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# cfgblk apply on a real PF: before its VFs exist, twice, and after a VF wrote.

. /send/cases/lib.sh

FILE=$TMP/site.json

site()
{
	cat >"$FILE" <<-END
		{
		  "$PF": {
		    "vfs": {
		      "all": {
		        "limit": { "rate": 5000, "burst": 100 },
		        "blocks": [ { "id": 3, "access": "ro", "text": "vlan=$1" } ]
		      },
		      "1": {
		        "limit": "none",
		        "blocks": [ { "id": 3, "access": "ro", "hex": "01 02 03" }, { "id": 5, "size": 16 } ]
		      }
		    }
		  }
		}
	END
}

applies_nothing()
{
	cfgblk apply "$FILE" | grep -q 'nothing to do'
}

check "the PF's driver" modprobe cfgblk_pf
site 100
check "a file is tried" cfgblk apply "$FILE" --dry-run
refused "and nothing has changed" 1 ENOENT cfgblk read "$PF" 3 --vf 0
check "it is applied before any VF exists" cfgblk apply "$FILE"
check "a second time there is nothing to do" applies_nothing
check "VFs come" start 2
equal "each has what the file says for all" vlan=100 "$(cfgblk read "$(vf 0)" 3)"
equal "or for it alone" 010203 "$(cfgblk read "$(vf 1)" 3 --hex | tr -d ' \n')"
check "a VF writes its block" eval 'printf status | cfgblk write "$(vf 1)" 5'
check "which is nothing that the file says" applies_nothing
watch_to "$TMP/watch" "$(vf 0)"
site 200
check "the file changes" cfgblk apply "$FILE"
check "and the VF is told" within 5 grep -q '^invalidated 3$' "$TMP/watch"
kill "$WATCHER"
equal "of what is new" vlan=200 "$(cfgblk read "$(vf 0)" 3)"
equal "and what a VF wrote is still there" status "$(cfgblk read "$PF" 5 --vf 1)"
check "all of it goes" stop
end
