// Imported into the process of each file of tests. One that hangs would keep all others from being run and told of; the
// runner's own limit is one for tests, not for a file whose tests have ended while something it started lives on.

/** Many times what the slowest file takes. */
const limitMs = 15 * 60_000;

if (process.env.NODE_TEST_CONTEXT !== undefined) {
  setTimeout(() => {
    process.stderr.write(`${process.argv[1]} has not ended within ${limitMs / 1000} s and is ended; alive in it: ${process.getActiveResourcesInfo().join(', ')}\n`);
    process.exit(1);
  }, limitMs).unref();
}
