import { type Address, formatAddress } from '../addresses/address.js';
import { contains, parseCidr } from '../addresses/block.js';
import type { Peer } from '../policy.js';

/** A block of a rule as it is written. */
type Written = { readonly cidr: string; readonly except: readonly string[] };

const blocksOf = (peers: readonly Peer[] | null): readonly Written[] =>
  (peers ?? []).flatMap((peer): readonly Written[] => {
    if (peer.kind === 'networks') return peer.cidrs.map(cidr => ({ cidr, except: [] }));
    return peer.kind === 'ip-block' ? [peer] : [];
  });

const textOf = ({ cidr, except }: Written): string =>
  `\`${cidr}${except.length === 0 ? '' : ` except ${except.join(', ')}`}\``;

const isIn = (cidr: string, address: Address): boolean => {
  const block = parseCidr(cidr);
  return block !== null && contains(block, address);
};

/** How many addresses lie between; null for another family. */
function gap(cidr: string, address: Address): bigint | null {
  const block = parseCidr(cidr);
  const ranges = typeof address === 'bigint' ? (block?.v6 ?? []) : (block?.v4 ?? []);
  const [range] = ranges;
  if (range === undefined) return null;
  const [from, to, at] = [BigInt(range.from), BigInt(range.to), BigInt(address)];
  return at < from ? from - at : at > to ? at - to : 0n;
}

/** Of several blocks the one that most nearly holds the address. */
function nearestOf(blocks: readonly Written[], address: Address): Written | undefined {
  const [nearest] = blocks
    .flatMap(block => {
      const away = gap(block.cidr, address);
      return away === null ? [] : [{ block, away }];
    })
    .sort((one, other) => (one.away < other.away ? -1 : one.away > other.away ? 1 : 0));
  return nearest?.block;
}

const MOST_SHOWN = 3;

/** What keeps an address out of a rule's blocks; null where the rule has none. */
export function blockMiss(
  peers: readonly Peer[] | null,
  address: Address,
  text = formatAddress(address),
): string | null {
  const blocks = blocksOf(peers);
  const [first] = blocks;
  if (first === undefined) return null;
  const hole = blocks.find(({ cidr }) => isIn(cidr, address));
  if (hole !== undefined) {
    const except = hole.except.find(cidr => isIn(cidr, address));
    return `admits ${textOf(hole)}; \`${text}\` is in the exception \`${except ?? ''}\``;
  }
  const nearest = nearestOf(blocks, address);
  if (nearest === undefined)
    return `admits ${textOf(first)}; \`${text}\` is of the other address family`;
  const others = blocks.filter(block => block !== nearest).slice(0, MOST_SHOWN - 1);
  const shown = [nearest, ...others].map(textOf).join(', ');
  const more = blocks.length > MOST_SHOWN ? ` and ${blocks.length - MOST_SHOWN} more` : '';
  const which = blocks.length === 1 ? 'not in it' : 'in none of them, the first is the nearest';
  return `admits ${shown}${more}; \`${text}\` is ${which}`;
}

/** The blocks of a rule, for peers that no block can mean. */
export function blocksText(peers: readonly Peer[] | null): string | null {
  const blocks = blocksOf(peers);
  if (blocks.length === 0) return null;
  const more = blocks.length > MOST_SHOWN ? ` and ${blocks.length - MOST_SHOWN} more` : '';
  return `${blocks.slice(0, MOST_SHOWN).map(textOf).join(', ')}${more}`;
}
