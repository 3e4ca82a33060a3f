// SPDX-License-Identifier: GPL-2.0
/* What comes from standard input or from a file */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "errors.h"
#include "in.h"

/* Reads to the end, or until @room is full; returns an exit status */
int in_read(int fd, const char *name, __u8 *data, size_t room, size_t *len)
{
	ssize_t n;

	*len = 0;
	do {
		n = read(fd, data + *len, room - *len);
		if (n > 0)
			*len += n;
	} while ((n > 0 && *len < room) || (n < 0 && errno == EINTR));
	if (n >= 0)
		return STATUS_DONE;
	complain(NULL, "cannot read %s: %s (%s)", name, strerror(errno),
		 errno_name(errno));
	return STATUS_FAILED;
}
