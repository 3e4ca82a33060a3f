# SPDX-License-Identifier: GPL-2.0
# What a person types; `make help` lists it.  Kbuild is what kbuild reads.

KDIR	?= /lib/modules/$(shell uname -r)/build
KERNEL	?= 6.12
PREFIX	?= /usr/local
DESTDIR	?=
RUN	?=
SEND	?=
GUESTS	?= 1
TREE	?=

export KERNEL RUN SEND GUESTS

all: modules tools

modules:
	@test -d "$(KDIR)" || { \
		echo "No kernel headers at $(KDIR): apt install linux-headers-$$(uname -r), or name them: make KDIR=..." >&2; \
		exit 1; }
	$(MAKE) -C "$(KDIR)" M="$(CURDIR)" modules

tools:
	$(MAKE) -C tools

# What the headers of a kernel say that modules are for
RELEASE	= $(shell sed -n 's/.*"\(.*\)"/\1/p' "$(KDIR)/include/generated/utsrelease.h")
MODULES	= cfgblk cfgblk_pf cfgblk_vf cfgblk_hvif
PLACES	= PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)"

# Headers of a distribution's kernel have no key to sign with, and kbuild would complain of each module.
SIGN	= $(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)

# depmod belongs to the machine that runs, not to a tree that is packed.
install: all
	$(MAKE) -C "$(KDIR)" M="$(CURDIR)" INSTALL_MOD_PATH="$(DESTDIR)" INSTALL_MOD_DIR=updates DEPMOD=true $(SIGN) modules_install
	$(if $(DESTDIR),,depmod "$(RELEASE)")
	$(MAKE) -C tools install $(PLACES)
	$(MAKE) -C packaging install-boot install-headers $(PLACES) RELEASE="$(RELEASE)"

# Of every kernel: who installed for one may run another by now.
uninstall:
	$(MAKE) -C tools uninstall $(PLACES)
	$(MAKE) -C packaging uninstall-boot uninstall-headers $(PLACES)
	@for dir in "$(DESTDIR)"/lib/modules/*; do \
		ls "$$dir"/updates/cfgblk.ko* >/dev/null 2>&1 || continue; \
		echo "taking the modules out of $$dir"; \
		for module in $(MODULES); do rm -f "$$dir/updates/$$module".ko*; done; \
		rmdir --ignore-fail-on-non-empty "$$dir/updates"; \
		[ -n "$(DESTDIR)" ] || depmod "$${dir##*/}"; \
	done

deb:
	@packaging/deb.sh

# Builds for the test machine's kernel first, and installs what that needs
WITH_MODULES = CFGBLK_MODULES="$$(tests/build.sh "$(KERNEL)")" && export CFGBLK_MODULES &&

demo:
	@$(WITH_MODULES) tests/demo.sh

vm:
	@$(WITH_MODULES) tests/rig/vm.sh

guest:
	@$(WITH_MODULES) tests/rig/guest.sh

check:
	@tests/check.sh

quick:
	@tests/check.sh quick

kunit:
	@tests/kunit.sh "$(KERNEL)"

check-guest:
	@tests/check.sh guests

check-packages:
	@tests/packages.sh

check-debug:
	@tests/check-debug.sh

check-examples:
	@tests/examples.sh

# KERNEL as it is set above is for the others
soak:
	@$(if $(filter file,$(origin KERNEL)),KERNEL=kasan) tests/soak.sh

coverage:
	@tests/coverage.sh "$(KERNEL)"

mutants:
	@tests/mutants.sh

fuzz:
	@tests/fuzz.sh

model:
	@tests/model.sh

lint:
	@tests/lint.sh

docs:
	@tests/docs.sh

matrix:
	@tests/matrix.sh $(if $(filter file,$(origin KERNEL)),,"$(KERNEL)")

check-tree:
	@tests/in-tree.sh
	@tests/series.sh --build

series:
	@TREE="$(TREE)" tests/series.sh

bench:
	@$(WITH_MODULES) bench/bench.sh

clean:
	rm -rf build
	$(MAKE) -C tools clean
	rm -f *.o *.ko *.mod *.mod.c .*.cmd Module.symvers modules.order .module-common.o
	rm -f $(foreach d,common pf vf kunit,$d/*.o $d/.*.cmd $d/.*.d $d/*.mod)

help:
	@echo 'make            build the modules and the cfgblk command for the running kernel'
	@echo '                  KDIR=DIR     for the kernel whose headers are there'
	@echo 'make install    install both, with manual, headers, udev rule and systemd unit; make uninstall takes it all away'
	@echo '                  PREFIX=$(PREFIX)  where all but the modules goes; DESTDIR=DIR  below DIR, to be packed'
	@echo 'make deb        build Debian packages of both, the modules for DKMS, into build/deb'
	@echo 'make demo       see it at work, on an emulated Intel 82576'
	@echo 'make vm         a shell in the test machine'
	@echo '                  RUN=SCRIPT   run that script there instead, as root; make fails if it does'
	@echo '                               (its very exit status: RUN=SCRIPT tests/rig/vm.sh)'
	@echo '                  SEND="FILE..." copy more files to /send there'
	@echo 'make guest      the same with cfgblk_pf loaded and a guest in it that has a VF (GUESTS=N for more)'
	@echo '                  RUN=SCRIPT   run that script in the host (ROLE=host) and in each guest (ROLE=guest, $$VF)'
	@echo 'make check      all tests; the last line says how many passed and failed'
	@echo 'make quick      what of that takes two minutes, once its kernel is built: no fuzzing, no model, one suite in the test machine'
	@echo 'make check-guest guests that are killed, rebooted, unplugged or of another protocol version (CASES="g20 g30" for some)'
	@echo 'make check-packages build, install, load, upgrade and remove the packages of make deb on Debian 12 and 13 (DEBIAN=13)'
	@echo 'make check-debug the suites in kernels with KASAN, lockdep and kmemleak, and with KCSAN, which it builds (KERNELS=kasan)'
	@echo 'make check-examples what is in examples/ for Ansible, Kubernetes, node_exporter and libvirt; part of make check'
	@echo 'make soak       exchanges while all that can be reset, unbound or limited is, at random (MINUTES=5 SEED=N KERNEL=6.12)'
	@echo 'make kunit      the drivers on a simulated device in a user-mode kernel, with every sanitizer on'
	@echo 'make coverage   which lines of the drivers make kunit runs, and why not the others'
	@echo 'make mutants    plant one defect after another; each has to be caught by the test named for it'
	@echo 'make fuzz       look for inputs that the protocol, the parsers and both ends of the link cannot take (SECONDS=60)'
	@echo 'make model      search every run of the protocol within small bounds, and those of planted defects'
	@echo 'make lint       checkpatch, sparse, coccicheck, clang-tidy, kernel-doc, shellcheck, codespell, and padding in the uapi'
	@echo 'make matrix     6.1, 6.12 and the newest kernel: gcc, clang, KUnit, the machines; then make check-tree (KERNEL=6.1 for one)'
	@echo 'make check-tree the project in a kernel tree: modules, built in, and after each patch of make series'
	@echo 'make series     the project as patches for a kernel tree (TREE=DIR), in build/series; git am -s adds your Signed-off-by'
	@echo 'make docs       the documents as HTML in build/docs/html, with the kernel-doc comments; any warning is a failure'
	@echo 'make bench      count register accesses and time exchanges beside the stock pair of drivers; writes bench/report.md (BOOTS=3 QUICK=1)'
	@echo 'make clean      remove what was built here'
	@echo
	@echo 'All but make itself, install, uninstall and clean need no hardware.'
	@echo 'They need root only to install packages, which they name. But check and check-packages also run tests/packages.sh'
	@echo 'by sudo: it mounts file systems of Debian and changes root to them.'
	@echo '                  KERNEL=6.1   with another of Debian'"'"'s kernels than $(KERNEL); KERNEL=newest for the newest of all'

.PHONY: all modules tools install uninstall clean help
.PHONY: demo vm guest docs series deb bench
.PHONY: check quick check-guest check-debug check-examples check-packages check-tree matrix
.PHONY: soak kunit coverage mutants fuzz model lint
