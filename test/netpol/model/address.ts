/** An address as a number of its family's width. */
export type Address = { readonly family: 4 | 6; readonly value: bigint };
/** First and last address of a block. */
export type Block = { readonly family: 4 | 6; readonly first: bigint; readonly last: bigint };

const WIDTH = { 4: 32, 6: 128 } as const;

/** The last address of each family. */
export const LAST = { 4: 2n ** 32n - 1n, 6: 2n ** 128n - 1n } as const;

const parseFour = (text: string): bigint | null => {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    value = value * 256n + BigInt(part);
  }
  return value;
};

const parseSix = (text: string): bigint | null => {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const groups = (half: string | undefined) => (half ? half.split(':') : []);
  const head = groups(halves[0]);
  const tail = groups(halves[1]);
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  let value = 0n;
  for (const group of [...head, ...Array<string>(missing).fill('0'), ...tail]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null;
    value = value * 65536n + BigInt(`0x${group}`);
  }
  return value;
};

/** Null when `text` is no address. */
export const parseAddress = (text: string): Address | null => {
  const six = text.includes(':');
  const value = six ? parseSix(text) : parseFour(text);
  return value === null ? null : { family: six ? 6 : 4, value };
};

/** Null when `text` is no block. Host bits may be set: the block is the one around the address. */
export const parseBlock = (text: string): Block | null => {
  const [host = '', length = '', ...rest] = text.split('/');
  const address = parseAddress(host);
  if (address === null || rest.length > 0 || !/^\d{1,3}$/.test(length)) return null;
  const hostBits = WIDTH[address.family] - Number(length);
  if (hostBits < 0) return null;
  const size = 2n ** BigInt(hostBits);
  const first = (address.value / size) * size;
  return { family: address.family, first, last: first + size - 1n };
};

export const contains = (block: Block, address: Address): boolean =>
  block.family === address.family && block.first <= address.value && address.value <= block.last;

export const isStrictlyInside = (inner: Block, outer: Block): boolean =>
  inner.family === outer.family &&
  outer.first <= inner.first &&
  inner.last <= outer.last &&
  (outer.first !== inner.first || outer.last !== inner.last);
