import { type Address, formatAddress, isV4 } from '../addresses/address.js';
import type { Compiled } from '../compile/compiled.js';
import { Basis, Verdict } from '../verdict.js';
import type { Case } from './case.js';
import type { Party } from './party.js';
import type { Point } from './point.js';

const MOST_SHOWN = 5;

/** The block that begins and ends at two addresses, or null. */
function blockText(first: Address, last: Address): string | null {
  const size = BigInt(last) - BigInt(first) + 1n;
  const bits = size.toString(2).length - 1;
  if (size !== 1n << BigInt(bits) || BigInt(first) % size !== 0n) return null;
  return `${formatAddress(first)}/${(isV4(first) ? 32 : 128) - bits}`;
}

/** An address, or the stretch that it stands for: `10.0.0.0/8`, `0.0.0.0-9.255.255.255`. */
export const addressesText = ({
  address,
  until,
}: Pick<Extract<Party, { kind: 'address' }>, 'address' | 'until'>): string =>
  until === undefined || until === address
    ? formatAddress(address)
    : (blockText(address, until) ?? `${formatAddress(address)}-${formatAddress(until)}`);

/** One end as a sentence names it. */
export function partyText({ facts }: Compiled, party: Party): string {
  switch (party.kind) {
    case 'pod': {
      const pod = facts.pods[party.pod];
      return pod === undefined ? 'a pod' : `\`${pod.namespace}/${pod.name}\``;
    }
    case 'node':
      return party.node.name === '' ? 'a node' : `node \`${party.node.name}\``;
    case 'address':
      return `\`${addressesText(party)}\``;
    case 'controller':
      return 'the ingress controller';
    case 'stranger':
      return 'some pod';
  }
}

/** Each text once, with the verdicts of the cases that it stands for: one text may stand for both. */
function listed(texts: readonly (readonly [text: string, verdict: Verdict])[]): string {
  const groups = [...Map.groupBy(texts, ([text]) => text)].map(([text, same]) => {
    const verdicts = [...new Set(same.map(([, verdict]) => verdict))];
    return `${text} ${verdicts.length === 1 ? verdicts[0] : Verdict.UNDECIDABLE}`;
  });
  const more = groups.length - MOST_SHOWN;
  return `${groups.slice(0, MOST_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What holds in each case, where cases differ by who answers or by whose address arrives; empty for other doubts. */
export function casesApart(
  compiled: Compiled,
  cases: readonly Case[],
  points: readonly Point[],
  { basis, protocol }: { readonly basis: Basis; readonly protocol: string },
): string {
  if (basis !== Basis.MIXED_BACKENDS && basis !== Basis.UNDEFINED_SNAT) return '';
  const texts = cases.map(({ source, destination, port }, place) => {
    const verdict = points[place]?.verdict ?? Verdict.UNDECIDABLE;
    const text =
      basis === Basis.UNDEFINED_SNAT
        ? `from ${partyText(compiled, source)}`
        : `${partyText(compiled, destination)} ${protocol}${port === null ? '' : ` ${port}`}`;
    return [text, verdict] as const;
  });
  return `: ${listed(texts)}`;
}
