import type { Compiled } from '../compile/compiled.js';
import type { Reason } from '../verdict.js';
import { partyText } from './apart.js';
import type { Case } from './case.js';
import { nameOfEnd } from './label-sets.js';
import type { Party } from './party.js';
import { mergedReason } from './peers-met.js';

const keyOfReason = ({ policy, rule, tier }: Reason): string =>
  JSON.stringify([tier, policy, rule?.index ?? null]);

const MOST_NAMES = 3;

/** A case by those of its ends, and its port, that are not those of all cases. */
function nameOfCase(compiled: Compiled, cases: readonly Case[], protocol: string) {
  const endText = (party: Party): string => {
    const set = nameOfEnd(compiled, party);
    return set === null ? partyText(compiled, party) : `\`${set}\``;
  };
  const textOf = (at: Case) => ({
    from: endText(at.source),
    to: endText(at.destination),
    port: at.port,
  });
  const texts = cases.map(textOf);
  const varies = (key: 'from' | 'to' | 'port'): boolean =>
    texts.some(text => text[key] !== texts[0]?.[key]);
  const [byFrom, byTo, byPort] = [varies('from'), varies('to'), varies('port')];
  return (at: Case): string => {
    const { from, to, port } = textOf(at);
    const parts = [
      ...(byFrom ? [`from ${from}`] : []),
      ...(byTo || byPort ? [`to ${to}`] : []),
      ...(byPort && port !== null ? [`${protocol} ${port}`] : []),
    ];
    return parts.join(' ');
  };
}

/**
 * The reasons of all cases, each once, in the order in which they came. One that is of some cases only says of which: "ALLOW" and
 * "no rule matches" side by side would contradict each other.
 */
export function reasonsOfCases(
  compiled: Compiled,
  cases: readonly Case[],
  reasons: readonly (readonly Reason[])[],
  protocol: string,
): readonly Reason[] {
  const found = reasons.flatMap((list, place) => list.map(reason => ({ reason, place })));
  const nameOf = nameOfCase(compiled, cases, protocol);
  return [...Map.groupBy(found, ({ reason }) => keyOfReason(reason)).values()].flatMap(same => {
    const [first, ...others] = same.map(({ reason }) => reason);
    if (first === undefined) return [];
    const reason = mergedReason([first, ...others]);
    const places = new Set(same.map(({ place }) => place));
    if (places.size === cases.length) return reason;
    const names = [...new Set(cases.filter((_, at) => places.has(at)).map(nameOf))].filter(Boolean);
    if (names.length === 0) return reason;
    const more = names.length - MOST_NAMES;
    const appliesTo = `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    return { ...reason, appliesTo };
  });
}
