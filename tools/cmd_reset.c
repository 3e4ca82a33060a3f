// SPDX-License-Identifier: GPL-2.0
/* cfgblk reset: function-level reset of one VF, through sysfs */
#include <errno.h>
#include <string.h>

#include "args.h"
#include "call.h"
#include "cmd.h"
#include "errors.h"
#include "sysfs.h"

static error_t parse_reset(int key, char *arg, struct argp_state *state)
{
	return args_parse(key, arg, state, state->input);
}

/* The kernel does not change the number of VFs from one to another */
static void explain_disabled(const struct dev *dev, __u32 vf)
{
	if (dev->info.num_vfs)
		complain(dev, "VF %u: not enabled (ENODEV); when nobody needs "
			 "the VFs that are, write 0 and then %u or more to the "
			 "PF's sriov_numvfs", vf, vf + 1);
	else
		complain(dev, "VF %u: not enabled (ENODEV); write %u or more "
			 "to the PF's sriov_numvfs", vf, vf + 1);
}

static void explain_reset(const struct dev *dev, __u32 vf, int error)
{
	const char *name = errno_name(error);

	switch (error) {
	case ENODEV:
		explain_disabled(dev, vf);
		break;
	case ENOENT:
		complain(dev, "VF %u: the kernel has no method to reset it "
			 "(ENOENT); disable and enable the VFs", vf);
		break;
	case ENOTTY:
		complain(dev, "VF %u: no reset method of it works (ENOTTY); "
			 "write default to its reset_method", vf);
		break;
	case EACCES:
	case EPERM:
		complain(dev, "VF %u: no permission to reset it (%s); this "
			 "needs root", vf, name);
		break;
	default:
		complain(dev, "VF %u: cannot reset it: %s (%s)", vf,
			 strerror(error), name);
	}
}

/* It is sysfs that resets, so what a driver would refuse is refused here */
static int reset_refused(const struct dev *dev, __u32 vf)
{
	const struct call call = {
		.dev = dev, .request = CFGBLK_IOC_LINK,
		.about_vf = true, .vf = vf,
	};

	if (!dev_is_pf(dev))
		return call_failed(&call, EPERM);
	if (vf >= dev->info.total_vfs)
		return call_failed(&call, ENXIO);
	if (dev->address[0])
		return STATUS_DONE;
	complain(dev, "the node's name is no PCI address; give the address");
	return STATUS_USAGE;
}

static int reset(const struct dev *dev, void *data)
{
	char address[ADDRESS_LEN];
	__u32 vf;
	int error, status = args_vf(data, dev, WHICH_PF_ONE, &vf);

	if (!status)
		status = reset_refused(dev, vf);
	if (status)
		return status;
	if (!sysfs_virtfn(dev->address, vf, address, sizeof(address))) {
		explain_disabled(dev, vf);
		return STATUS_FAILED;
	}
	error = sysfs_reset_vf(dev->address, vf);
	if (!error)
		return STATUS_DONE;
	explain_reset(dev, vf, error);
	return STATUS_FAILED;
}

int cmd_reset(int argc, char **argv)
{
	static const struct argp_option options[] = { OPTION_VF, OPTION_END };
	static const struct argp argp = {
		.options = options, .parser = parse_reset, .args_doc = "PF",
		.doc = "Reset one VF (function-level reset).  Whoever uses it "
		       "loses its state; what the VF wrote is forgotten.",
	};
	struct args args = { .words = 1 };

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	return dev_run(args.dev, reset, &args);
}
