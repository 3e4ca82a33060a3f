/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before each source that tests/builds.sh compiles with clang: the
 * headers of Debian's kernels are configured for gcc, and these are settings
 * that clang does not have.
 */

/* Variables of a processor by address space, of which clang takes no two */
#undef CONFIG_CC_HAS_NAMED_AS
#undef CONFIG_USE_X86_SEG_SUPPORT

/* Newer headers have it defined by now */
#ifdef __percpu_seg_override
#undef __percpu_seg_override
#define __percpu_seg_override
#endif
