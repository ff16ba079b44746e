import { formatAddress } from '../addresses/address.js';
import { contains } from '../addresses/block.js';
import type { Compiled } from '../compile/compiled.js';
import { parseAddresses } from '../compile/nodes.js';
import type { PodClass } from '../compile/pod-classes.js';
import { Direction } from '../policy.js';
import { Basis, type Half, type Reason, Verdict } from '../verdict.js';
import { emptyPeersOf } from '../written.js';
import { isLoopback, samePod } from './case.js';
import type { Cases } from './cases.js';
import { nearestPolicy } from './near-policy.js';
import type { Point } from './point.js';
import { programFor, readingOf } from './side.js';

/** Verdicts that are given in one reading of what the API leaves open, and would be others in the other (rows 11 and 17). */
const OTHERWISE: Partial<Readonly<Record<Basis, readonly string[]>>> = {
  [Basis.CNI_DEPENDENT]: [
    'network plugins differ: where ipBlocks are held against the addresses of pods the answer is another',
  ],
  [Basis.UNDEFINED_HOST_NETWORK]: [
    'network plugins differ: where policies select pods on the host network the answer is another',
  ],
};

/** Which exception of the specification stands above all rules. */
function exceptionNotes({ cases }: Cases, { basis }: Point): readonly string[] {
  if (basis !== Basis.SPEC_EXCEPTION) return [];
  const isSelf = cases.every(
    ({ source, destination }) =>
      samePod(source, destination) || isLoopback(source) || isLoopback(destination),
  );
  return [
    isSelf
      ? 'a pod always reaches itself, whatever policies say'
      : 'traffic between a pod and the node that it runs on is always allowed, whatever policies say',
  ];
}

/** Where pods of a workload run on nodes that the facts do not tell of each, some of them may be on the one that is asked about. */
function ownNodeNotes({ facts }: Compiled, { cases }: Cases, { verdict }: Point): string[] {
  if (verdict === Verdict.ALLOWED) return [];
  const met = cases.flatMap(({ source, destination }) => {
    const node = [source, destination].find(({ kind }) => kind === 'node');
    const pod = [source, destination].find(({ kind }) => kind === 'pod');
    if (node?.kind !== 'node' || pod?.kind !== 'pod' || pod.podClass.hostNetwork) return [];
    const fact = facts.pods[pod.pod];
    return fact === undefined || fact.node !== null
      ? []
      : [`those of \`${fact.namespace}/${fact.workload.name}\` on \`${node.node.name}\``];
  });
  return [...new Set(met)].map(
    pods =>
      `traffic between a pod and the node that it runs on is always allowed, whatever policies say: ${pods}, where there are some, are not held to this answer`,
  );
}

/** The one class of pods that all cases ask about in a direction; null where there are several, or an end is no pod. */
function onlySubject({ cases }: Cases, direction: Direction): PodClass | null {
  const subjects = new Set(
    cases.map(({ source, destination }) => {
      const party = direction === Direction.EGRESS ? source : destination;
      return party.kind === 'pod' ? party.podClass : null;
    }),
  );
  const [subject] = subjects;
  return subjects.size === 1 ? (subject ?? null) : null;
}

/** A policy that was probably meant to select an end that none selects. */
function nearNotes(
  compiled: Compiled,
  found: Cases,
  { verdict, basis }: Point,
  halves: readonly Half[],
): readonly string[] {
  if (verdict === Verdict.DENIED || basis === Basis.SPEC_EXCEPTION) return [];
  return halves.flatMap(({ governed, direction }) => {
    const subject = governed ? null : onlySubject(found, direction);
    return subject === null ? [] : (nearestPolicy(compiled, subject, direction) ?? []);
  });
}

/** Blocks of the sources' rules that hold the address of the Service that was asked: policies see the pods behind it. */
function serviceNotes(compiled: Compiled, found: Cases, { verdict }: Point): readonly string[] {
  const { service } = found;
  const subject = verdict === Verdict.ALLOWED ? null : onlySubject(found, Direction.EGRESS);
  if (service === null || subject === null) return [];
  const { rules } = programFor(compiled, Direction.EGRESS, subject, readingOf(compiled));
  const held = parseAddresses([...service.clusterIps, ...service.externalIps]).find(address =>
    rules.some(({ ipBlocks }) => ipBlocks.some(({ block }) => contains(block, address))),
  );
  if (held === undefined) return [];
  return [
    `\`${formatAddress(held)}\` is the address of Service \`${service.namespace}/${service.name}\`, which policies never see: they see the pods and endpoints behind it, at their own ports`,
  ];
}

/** That a rule which let the connection through admits everybody by a list of peers that is written empty. */
function emptyPeersNote({ policies }: Compiled, { policy, rule, direction }: Reason): string[] {
  if (rule === null) return [];
  const found = policies.find(
    ({ kind, namespace, name }) =>
      name === policy.name && namespace === policy.namespace && kind === policy.kind,
  );
  const list = found === undefined ? null : emptyPeersOf(found, direction, rule.index);
  if (list === null) return [];
  const where = `spec.${direction.toLowerCase()}[${rule.index}]`;
  return [
    `\`${list}: []\` of ${where} in ${policy.kind} ${policy.namespace}/${policy.name} admits everybody, as if it was left out`,
  ];
}

/** What else is to be known of a decision, and does not change its verdict. */
export const notesOf = (
  compiled: Compiled,
  found: Cases,
  whole: Point,
  halves: readonly Half[],
): readonly string[] => {
  const { unanswered } = found;
  const isTold = unanswered === null || whole.verdict === Verdict.UNDECIDABLE;
  return [
    ...(isTold ? [] : [`nobody answers there: ${unanswered}`]),
    ...(OTHERWISE[whole.basis] ?? []),
    ...serviceNotes(compiled, found, whole),
    ...exceptionNotes(found, whole),
    ...ownNodeNotes(compiled, found, whole),
    ...new Set(halves.flatMap(half => half.reasons.flatMap(one => emptyPeersNote(compiled, one)))),
    ...nearNotes(compiled, found, whole, halves),
  ];
};
