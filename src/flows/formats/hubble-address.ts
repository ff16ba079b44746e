import { canonicalAddress } from '../../netpol/index.js';
import { reject } from './format.js';
import type { HubbleFlow } from './hubble-flow.js';
import type { Stream } from './hubble-stream.js';
import { shown } from './neutral-field.js';

/** Most addresses come again and again; a stream without end starts anew with what it knows. */
const MOST_ADDRESSES = 100_000;

/** In its shortest form; null: not told; undefined: it is none. */
const addressIn = ({ addresses }: Stream, told: unknown): string | null | undefined => {
  if (told === undefined || told === null || told === '') return null;
  const known = addresses.get(told);
  if (known !== undefined) return known;
  const address = typeof told === 'string' ? canonicalAddress(told) : null;
  if (address === null) return undefined;
  if (addresses.size > MOST_ADDRESSES) addresses.clear();
  addresses.set(told, address);
  return address;
};

/** Addresses of a flow's ends; null: not told. */
export type Addresses = { readonly source: string | null; readonly destination: string | null };

const refuse = (
  stream: Stream,
  { IP }: HubbleFlow,
  end: 'source' | 'destination',
  line: number,
): null => {
  reject(
    stream.tally,
    line,
    {
      code: 'BAD_ADDRESS',
      message: `\`${shown(IP?.[end])}\` is not an IP address`,
      hint: 'write the address alone, without zone, port or prefix',
    },
    `flow.IP.${end}`,
  );
  return null;
};

/** Null when one of them is none (the flow is rejected then). */
export const addressesOf = (stream: Stream, flow: HubbleFlow, line: number): Addresses | null => {
  const source = addressIn(stream, flow.IP?.source);
  if (source === undefined) return refuse(stream, flow, 'source', line);
  const destination = addressIn(stream, flow.IP?.destination);
  if (destination === undefined) return refuse(stream, flow, 'destination', line);
  return { source, destination };
};
