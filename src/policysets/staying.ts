import { named } from '../baselines/named.js';
import {
  asSeen,
  type Compiled,
  counted,
  decide,
  type Facts,
  type ObservedFlow,
  type Policy,
  type PolicyIdentity,
  type Problem,
  policyKey,
  type Reason,
  workloadsGoverned,
} from '../netpol/index.js';
import { warningAt } from '../query/problem.js';
import type { ExtraPair } from './extra-pairs.js';
import type { Deletion } from './left-alone.js';

const textOf = ({ kind, namespace, name }: PolicyIdentity): string =>
  kind === 'NetworkPolicy' ? `${namespace}/${name}` : `${kind} ${name}`;

/** Policies in force that are still there once the set is applied: not those of its names, nor those that it stands instead of. */
export function stayingOf(
  live: readonly Policy[],
  set: readonly Policy[],
  deletions: readonly Deletion[],
): readonly Policy[] {
  const gone = new Set([...deletions, ...set].map(policyKey));
  return live.filter(policy => !gone.has(policyKey(policy)));
}

/** Enough to name the policies that are to blame. */
const MOST_ASKED = 200;

/** Policies that take part in denying one of the flows and are not of the set; empty: none. */
function blamedFor(
  compiled: Compiled,
  flows: readonly ObservedFlow[],
  staying: readonly Policy[],
): readonly string[] {
  const known = new Set(staying.map(policyKey));
  const blamed = new Set<string>();
  for (const flow of flows.slice(0, MOST_ASKED)) {
    const { egress, ingress } = decide(compiled, asSeen(compiled, flow));
    const denying = [egress, ingress].filter(({ verdict }) => verdict !== 'ALLOWED');
    for (const { policy } of denying.flatMap(({ reasons }): readonly Reason[] => reasons))
      if (known.has(policyKey(policy))) blamed.add(textOf(policy));
  }
  return [...blamed].toSorted();
}

/** Flows that the set allows and policies which stay beside it do not. */
export function closedByStaying(
  compiled: Compiled,
  flows: readonly ObservedFlow[],
  staying: readonly Policy[],
  all: number,
): readonly Problem[] {
  if (flows.length === 0) return [];
  const names = blamedFor(compiled, flows, staying);
  return [
    warningAt(
      'CLOSED_BY_LIVE',
      null,
      `${flows.length} of ${all} observed flows would be blocked by policies that stay in force beside the set${names.length > 0 ? `: ${named(names)}` : ''}`,
      'change those policies, or generate with `deleteExisting` or `replaceHandWritten`; simulate the set to see each flow',
    ),
  ];
}

const pairText = ({ source, destination, ports }: ExtraPair): string =>
  `${source} ${destination} ${ports}`;

/** Pairs that are open because of policies which stay beside the set: rules of several policies add up. */
export function openedByStaying(
  facts: Facts,
  { alone, inForce }: Readonly<Record<'alone' | 'inForce', readonly ExtraPair[]>>,
  set: readonly Policy[],
  staying: readonly Policy[],
): readonly Problem[] {
  const known = new Set(alone.map(pairText));
  const more = inForce.filter(pair => !known.has(pairText(pair))).length;
  if (more === 0) return [];
  const own = new Set(set.flatMap(policy => workloadsGoverned(facts, policy)));
  const beside = staying.filter(policy =>
    workloadsGoverned(facts, policy).some(key => own.has(key)),
  );
  const names = beside.map(textOf).toSorted();
  return [
    warningAt(
      'OPENED_BY_LIVE',
      null,
      `${counted(more, 'pair of deployments is', 'pairs of deployments are')} open beyond what was seen by policies that stay in force beside the set${names.length > 0 ? `: ${named(names)}` : ''}`,
      'see `extraPairs`; delete those policies where the set is to stand instead of them (`deleteExisting`)',
    ),
  ];
}
