import { LocalClusterError } from '../../errors.ts';

export interface AddressPool {
  /** An address for a new Service. Its pod gets the same one. */
  forService(used: ReadonlySet<string>): string;
  /** An address for a pod without a Service, from a part of the network that Services never get. */
  forPod(used: ReadonlySet<string>): string;
}

/** The third byte of the addresses: Services below, pods without a Service from here on. */
const firstOfPods = 240;
const hostsPerBlock = 254;

/**
 * Hands out addresses of 127.<network>.0.0/16 round and round, so that an address given back rests as long as it can before
 * somebody else answers there.
 */
export function createAddressPool(network: number): AddressPool {
  const services = createRange(network, 0, firstOfPods);
  const pods = createRange(network, firstOfPods, 255);
  return { forService: services, forPod: pods };
}

function createRange(network: number, from: number, to: number): (used: ReadonlySet<string>) => string {
  const size = (to - from) * hostsPerBlock;
  const address = (index: number): string =>
    `127.${network}.${from + Math.floor(index / hostsPerBlock)}.${1 + (index % hostsPerBlock)}`;
  let next: number | undefined;
  return (used) => {
    next ??= afterHighest(used, size, address);
    for (let tried = 0; tried < size; tried++) {
      const candidate = address((next + tried) % size);
      if (used.has(candidate)) continue;
      next = (next + tried + 1) % size;
      return candidate;
    }
    throw new LocalClusterError('NO_ADDRESS_FREE', `all ${size} addresses of 127.${network}.${from}.0 to 127.${network}.${to - 1}.255 are in use`);
  };
}

function afterHighest(used: ReadonlySet<string>, size: number, address: (index: number) => string): number {
  for (let index = size - 1; index >= 0; index--) if (used.has(address(index))) return (index + 1) % size;
  return 0;
}
