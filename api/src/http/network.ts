import { BlockList, isIPv4, isIPv6, SocketAddress } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a host name or an address (an IPv6 one also in brackets, as URLs have it) is this machine and no other. */
export function isLoopback(host: string | undefined): boolean {
  const plain = (host ?? '').toLowerCase().replace(/^\[(.*)\]$/, '$1');
  // The list takes an IPv4 address that is written as an IPv6 one (`::ffff:127.0.0.1`) for what it is.
  if (isIPv4(plain)) return loopback.check(plain, 'ipv4');
  if (isIPv6(plain)) return loopback.check(plain, 'ipv6');
  return plain === 'localhost' || plain.endsWith('.localhost');
}

/**
 * The address from which a request came.
 * @param remote address of the connection
 * @param forwardedFor `X-Forwarded-For`: each proxy appends the address that it saw
 * @param trustedProxies how many proxies of ours stand before this server; with none the header is not believed
 */
export function clientAddress(
  remote: string | undefined,
  forwardedFor: string | string[] | undefined,
  trustedProxies: number,
): string | undefined {
  if (trustedProxies === 0) return remote;
  const seen = [forwardedFor ?? []].flat().join(',').split(',');
  const claimed = seen.at(-trustedProxies)?.trim() ?? '';
  return isIPv4(claimed) || isIPv6(claimed) ? claimed : remote;
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const split = (part: string | undefined): string[] => (part === undefined || part === '' ? [] : part.split(':'));
  const [before, after] = [split(head), split(tail)];
  const filled = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...(tail === undefined ? [] : filled), ...after];
}

/** Groups of 16 bits or octets that name a network. */
interface Size {
  readonly octets: number;
  readonly groups: number;
}

function networkOf(address: string | undefined, { octets, groups }: Size): string | undefined {
  const plain = (address ?? '').split('%', 1)[0] ?? '';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  const v4 = mapped ?? plain;
  if (isIPv4(v4)) {
    const parts = v4.split('.');
    return [...parts.slice(0, octets), ...parts.slice(octets).map(() => '0')].join('.') + `/${octets * 8}`;
  }
  if (!isIPv6(plain)) return undefined;
  const canonical = new SocketAddress({ address: plain, family: 'ipv6' }).address;
  return `${groupsOf(canonical).slice(0, groups).join(':')}::/${groups * 16}`;
}

/** What counts as one network when attempts are throttled: an IPv4 address, or an IPv6 /64, which one customer gets. */
export const throttledNetwork = (address: string | undefined): string | undefined =>
  networkOf(address, { octets: 4, groups: 4 });

/** What is kept of an address with a session: /24 and /48, which name a provider's area and no household. */
export const coarseNetwork = (address: string | undefined): string | undefined =>
  networkOf(address, { octets: 3, groups: 3 });
