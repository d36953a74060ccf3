#!/bin/sh
# The first process of a container inherits those whose parents were killed, as a type check that takes too long is with its compiler. Node.js
# never takes leave of them, and each would hold a place in the table of processes for ever; a shell that waits does.
/usr/bin/node /app/main.mjs &
program=$!
trap 'kill -TERM $program' TERM INT
code=0
# A signal ends the waiting, not the program.
while kill -0 $program 2>/dev/null; do
  wait $program
  code=$?
done
exit $code
