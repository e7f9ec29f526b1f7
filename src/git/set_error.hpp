/// libgit2's own functions to leave an error: from version 1.8 on they have a header of their own.
#pragma once

#include <git2.h>

#if __has_include(<git2/sys/errors.h>)
#include <git2/sys/errors.h>
#endif
