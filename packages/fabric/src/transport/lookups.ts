type Lookup = (host: string) => Promise<{ address: string }>;

/**
 * The system's lookup of a name cannot be called off, and holds one of the few threads that files, keys and all other names need too until the system gives up. So only
 * `atOnce` names are looked up at a time, each of them once; who is not waited for any more when its turn comes is left out.
 */
export function createLookups(lookup: Lookup, atOnce: number): (host: string, signal: AbortSignal) => Promise<string> {
  const running = new Map<string, Promise<string>>();
  return async (host, signal) => {
    while (!running.has(host) && running.size >= atOnce) {
      // Only for a place to come free; what goes wrong is told to those who asked for that name.
      await Promise.race([...running.values()].map((each) => each.catch(() => undefined)));
      signal.throwIfAborted();
    }
    const address = running.get(host) ?? lookup(host).then((found) => found.address).finally(() => running.delete(host));
    running.set(host, address);
    return address;
  };
}
