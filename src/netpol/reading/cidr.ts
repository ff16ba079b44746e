/** A CIDR block: its address as a number of `width` bits, and its prefix length. */
type Block = { readonly width: 32 | 128; readonly bits: bigint; readonly length: number };

const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;

/** What is wrong with a CIDR block as a policy may name it, or null. Host bits may be set. */
export function faultOfCidr(text: string): string | null {
  if (parseBlock(text) !== null) return null;
  if (!text.includes('/')) return 'has no prefix length';
  if (/\./.test(text) && /:/.test(text)) return 'mixes IPv4 and IPv6';
  return 'is not an IPv4 or IPv6 block';
}

/** "except values will be rejected if they are outside the cidr range"; the whole range is refused too. */
export function faultOfExcept(except: string, cidr: string): string | null {
  const outer = parseBlock(cidr);
  const inner = parseBlock(except);
  if (outer === null || inner === null) return null;
  if (outer.width !== inner.width) return 'is of another address family than';
  const shift = BigInt(outer.width - outer.length);
  if (inner.length < outer.length || inner.bits >> shift !== outer.bits >> shift)
    return 'lies outside';
  return inner.length === outer.length ? 'is the whole of' : null;
}

function parseBlock(text: string): Block | null {
  const [address = '', length = '', more] = text.split('/');
  if (more !== undefined || !OCTET.test(length)) return null;
  const width = address.includes(':') ? 128 : 32;
  const bits = width === 128 ? parseIpv6(address) : parseIpv4(address);
  return bits === null || Number(length) > width ? null : { width, bits, length: Number(length) };
}

function parseIpv4(text: string): bigint | null {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every(octet => OCTET.test(octet) && Number(octet) < 256)) {
    return null;
  }
  return octets.reduce((bits, octet) => (bits << 8n) | BigInt(octet), 0n);
}

function parseIpv6(text: string): bigint | null {
  const halves = text.split('::');
  const [head = [], tail = []] = halves.map(half => (half === '' ? [] : half.split(':')));
  const lacking = 8 - head.length - tail.length;
  if (halves.length > 2 || (halves.length === 2 ? lacking < 1 : lacking !== 0)) return null;
  const groups = [...head, ...new Array<string>(lacking).fill('0'), ...tail];
  if (!groups.every(group => GROUP.test(group))) return null;
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}
