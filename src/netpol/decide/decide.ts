import { formatAddress } from '../addresses/address.js';
import type { Compiled } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { Direction } from '../policy.js';
import {
  Basis,
  type Connection,
  type Decision,
  type Half,
  type Reason,
  Verdict,
} from '../verdict.js';
import { casesApart } from './apart.js';
import { answerCase, type Case, type CaseAnswer, type SideFinder } from './case.js';
import { reasonsOfCases } from './case-reasons.js';
import { type Cases, casesOf } from './cases.js';
import { setsApart } from './label-sets.js';
import { notesOf } from './notes.js';
import type { Party } from './party.js';
import { agreed, type Point, type PointProtocol, protocolOf, validPort } from './point.js';
import { reasonsOf } from './reasons.js';
import { settledBy } from './settled.js';
import { programFor, readingOf, sideOf, undecidedPolicies } from './side.js';

/** The one answer of all cases. An end that could be anything lacks no inventory: it lacks a name. */
export function agreedOn(
  { doubts, open }: Pick<Cases, 'doubts' | 'open'>,
  points: readonly Point[],
): Point {
  const point = agreed(points, doubts[0]?.basis ?? Basis.MISSING_INVENTORY);
  return open && point.basis === Basis.MISSING_INVENTORY
    ? { ...point, basis: Basis.UNRESOLVED_PEER }
    : point;
}

const nameOf = (compiled: Compiled, party: Party): string => {
  if (party.kind !== 'pod') return '';
  const pod = compiled.facts.pods[party.pod];
  return pod === undefined ? party.podClass.namespace : `${pod.namespace}/${pod.name}`;
};

/** What is not known of an end that could matter to a rule. */
function unknownOf(compiled: Compiled, party: Party): string | null {
  if (party.kind === 'pod' && party.podClass.addresses.length === 0) {
    return `the address of the pod \`${nameOf(compiled, party)}\``;
  }
  if (party.kind === 'node' && (party.node.labels === null || party.node.addresses.length === 0)) {
    return `the labels and addresses of the node \`${party.node.name}\``;
  }
  if (party.kind !== 'controller') return null;
  return party.configured === null
    ? 'the namespace and labels of the ingress controller'
    : 'the address of the ingress controller';
}

/** The namespace whose labels some policy asks for and nobody knows: that of the subject, or that of its peer. */
function labelsAsked(
  compiled: Compiled,
  cases: readonly Case[],
  direction: Direction,
): string | null {
  if (compiled.engine.index.namespaces.unlabelled.size === 0) return null;
  for (const { source, destination } of cases) {
    const [subject, peer] =
      direction === Direction.EGRESS ? [source, destination] : [destination, source];
    const asked = subject.kind === 'pod' ? podAsked(compiled, direction, subject, peer) : null;
    if (asked !== null) return `the labels of the namespace \`${asked.namespace}\``;
  }
  return null;
}

type Pod = Extract<Party, { kind: 'pod' }>;

/** The pod of which policies of the subject ask such labels. */
function podAsked(
  compiled: Compiled,
  direction: Direction,
  { podClass }: Pod,
  peer: Party,
): PodClass | null {
  if (undecidedPolicies(compiled, direction, podClass).length > 0) return podClass;
  return peer.kind === 'pod' && asksFor(compiled, direction, podClass, peer) ? peer.podClass : null;
}

const asksFor = (compiled: Compiled, direction: Direction, subject: PodClass, peer: Pod): boolean =>
  programFor(compiled, direction, subject, readingOf(compiled)).rules.some(({ pods }) =>
    pods.some(({ undecided }) => undecided?.includes(peer.podClass.id) === true),
  );

/** Of an address outside nothing but its names is unknown: rules that name domains may mean it. */
function factOf(peers: readonly Party[]): string {
  const address = peers.find(({ kind }) => kind === 'address');
  if (address?.kind === 'address')
    return `the domain names of \`${formatAddress(address.address)}\``;
  return 'what a rule asks of the other end';
}

type Doubted = {
  readonly point: Point;
  readonly direction: Direction;
  /** What holds in each case. */
  readonly points: readonly Point[];
  /** In some case only the port is missing. */
  readonly lacksPort: boolean;
};

/** The fact that would decide; null for a verdict that is certain. */
function missingFact(
  compiled: Compiled,
  found: Cases,
  connection: Connection,
  { point, direction, points, lacksPort }: Doubted,
): string | null {
  if (point.verdict !== Verdict.UNDECIDABLE) return null;
  if (point.basis === Basis.UNDEFINED_PROTOCOL) {
    return `how the network plugin treats \`${connection.protocol}\` of isolated pods`;
  }
  if (point.basis === Basis.MIXED_LABEL_SETS) return setsApart(compiled, found.cases, points);
  const doubt = found.doubts.find(({ basis }) => basis === point.basis);
  if (doubt !== undefined) {
    const { basis } = point;
    const { protocol } = connection;
    return `${doubt.missing}${casesApart(compiled, found.cases, points, { basis, protocol })}`;
  }
  if (lacksPort) return DESTINATION_PORT;
  // A rule asks for the peer.
  const peers = found.cases.map(({ source, destination }) =>
    direction === Direction.EGRESS ? destination : source,
  );
  const labels = labelsAsked(compiled, found.cases, direction);
  const unknown =
    labels ?? peers.map(party => unknownOf(compiled, party)).find(fact => fact !== null);
  const noPort = connection.port === null && protocolOf(connection.protocol) !== null;
  return unknown ?? (noPort ? DESTINATION_PORT : factOf(peers));
}

const DESTINATION_PORT = 'the destination port';

type Asked = {
  readonly compiled: Compiled;
  readonly connection: Connection;
  readonly protocol: PointProtocol;
  readonly found: Cases;
  readonly answers: readonly CaseAnswer[];
};

/** The rules behind one case, unless an exception of the specification stands above all rules. */
function reasonsFor(asked: Asked, direction: Direction, at: Case, point: Point): readonly Reason[] {
  if (point.basis === Basis.SPEC_EXCEPTION) return [];
  const { compiled, protocol } = asked;
  const { source, destination, port, viaService } = at;
  const same =
    source.kind === 'pod' && destination.kind === 'pod' && source.pod === destination.pod;
  const [subject, peer] =
    direction === Direction.EGRESS ? [source, destination] : [destination, source];
  return reasonsOf(
    compiled,
    { subject, peer, direction, loop: same && viaService },
    protocol,
    port,
  );
}

function halfOf(asked: Asked, direction: Direction): Half {
  const out = direction === Direction.EGRESS;
  const { compiled, connection, found, answers } = asked;
  const points = answers.map(({ egress, ingress }) => (out ? egress : ingress));
  const point = agreedOn(found, points);
  return {
    direction,
    ...point,
    governed: answers.some(answer => (out ? answer.egressGoverned : answer.ingressGoverned)),
    reasons: reasonsOfCases(
      compiled,
      found.cases,
      found.cases.map((at, place) => reasonsFor(asked, direction, at, points[place] ?? point)),
      connection.protocol,
    ),
    missing: missingFact(compiled, found, connection, {
      point,
      direction,
      points,
      lacksPort: answers.some(({ lacksPort }) => (out ? lacksPort.egress : lacksPort.ingress)),
    }),
  };
}

/** All cases answered, and the one answer of them. */
export function answerAll(
  compiled: Compiled,
  connection: Connection,
  sideFinder: SideFinder,
): { readonly found: Cases; readonly answers: readonly CaseAnswer[]; readonly whole: Point } {
  const found = casesOf(compiled, connection);
  const protocol = protocolOf(connection.protocol);
  const answers = found.cases.map(at => answerCase(compiled, at, protocol, sideFinder));
  return {
    found,
    answers,
    whole: agreedOn(
      found,
      answers.map(({ whole }) => whole),
    ),
  };
}

/**
 * Whether `connection` is allowed, with the reasons of each direction. Ends are resolved on the
 * facts: an address that a pod, node or Service holds is that one, and a Service is its pods at
 * their target ports. UNDECIDABLE names the missing fact.
 */
export function decide(compiled: Compiled, written: Connection): Decision {
  const connection = { ...written, port: validPort(written.port) };
  const { found, answers, whole } = answerAll(compiled, connection, question =>
    sideOf(compiled, question),
  );
  const protocol = protocolOf(connection.protocol);
  const asked: Asked = { compiled, connection, protocol, found, answers };
  const egress = halfOf(asked, Direction.EGRESS);
  const ingress = halfOf(asked, Direction.INGRESS);
  const lacksPort = answers.some(answer => answer.lacksPort.whole);
  const settling =
    lacksPort && whole.verdict === Verdict.UNDECIDABLE
      ? 'asking for a port'
      : settledBy(compiled, found, connection, whole);
  const notes = notesOf(compiled, found, whole, [egress, ingress]);
  return {
    ...whole,
    governed: egress.governed || ingress.governed,
    egress,
    ingress,
    ...(settling !== null && { settledBy: settling }),
    ...(notes.length > 0 && { notes }),
    missing: missingFact(compiled, found, connection, {
      point: whole,
      points: answers.map(answer => answer.whole),
      lacksPort,
      direction: egress.verdict === Verdict.UNDECIDABLE ? Direction.EGRESS : Direction.INGRESS,
    }),
  };
}
