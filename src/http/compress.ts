import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Shorter answers fit into one packet as they are. */
const SHORTEST_BYTES = 1_400;

type Encoding = 'br' | 'gzip';

/** Low levels: an answer is packed once, in another thread, and sent once. */
const ENCODERS: Readonly<Record<Encoding, (body: string) => Promise<Uint8Array>>> = {
  br: body => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }),
  gzip: body => promisify(gzip)(body, { level: 3 }),
};

/** Weight of a coding: of `q` where it is named, else of `*`, else 0. */
function weightOf(accepted: string, name: string): number {
  const weights = new Map(
    accepted.split(',').map(part => {
      const [coding = '', ...parameters] = part.split(';').map(text => text.trim().toLowerCase());
      const q = parameters.find(text => text.startsWith('q='));
      return [coding, q === undefined ? 1 : Number(q.slice(2)) || 0] as const;
    }),
  );
  return weights.get(name) ?? weights.get('*') ?? 0;
}

/** What the client takes best (RFC 9110, 12.5.3), of equals the smaller; null: neither. */
export function encodingFor(headers: IncomingHttpHeaders): Encoding | null {
  const accepted = String(headers['accept-encoding'] ?? '');
  const [br, gz] = [weightOf(accepted, 'br'), weightOf(accepted, 'gzip')];
  if (br === 0 && gz === 0) return null;
  return br >= gz ? 'br' : 'gzip';
}

export type Compressed = {
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Uint8Array;
};

/** The body as the client takes it, with the headers that say so. */
export async function compressed(asked: IncomingHttpHeaders, body: string): Promise<Compressed> {
  const vary = { vary: 'accept-encoding' };
  const encoding = body.length < SHORTEST_BYTES ? null : encodingFor(asked);
  if (encoding === null) return { headers: vary, body };
  const packed = await ENCODERS[encoding](body);
  return { headers: { ...vary, 'content-encoding': encoding }, body: packed };
}
