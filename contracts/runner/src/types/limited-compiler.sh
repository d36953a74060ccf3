#!/bin/sh
# The compiler with a limit to its memory (KiB) and its processor time (s): types can be written that take all there is of both.
ulimit -v 2000000
ulimit -t 30
exec "$GUILDHALL_COMPILER" "$@"
