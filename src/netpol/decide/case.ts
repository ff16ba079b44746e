import { contains, parseCidr } from '../addresses/block.js';
import type { Compiled } from '../compile/compiled.js';
import { Direction } from '../policy.js';
import { Basis, Verdict } from '../verdict.js';
import type { Party } from './party.js';
import { agreed, both, type Point, type PointProtocol, pointOf, startsOf } from './point.js';
import type { Side, SideQuestion } from './side.js';

/** One pair of ends that a question can mean, with the port that the policies see. */
export type Case = {
  readonly source: Party;
  readonly destination: Party;
  /** Null: not known, or the protocol has none. */
  readonly port: number | null;
  readonly viaService: boolean;
};

export type CaseAnswer = {
  readonly whole: Point;
  readonly egress: Point;
  readonly ingress: Point;
  /** Some policy selects the subject of that direction. */
  readonly egressGoverned: boolean;
  readonly ingressGoverned: boolean;
  /** No fact is missing but the port, at which the answers differ. */
  readonly lacksPort: Readonly<Record<'whole' | 'egress' | 'ingress', boolean>>;
};

/** What answers one direction: pair by pair, or from the rows of many pairs. */
export type SideFinder = (question: SideQuestion) => Side;

/** What stands above all rules. */
export const EXCEPTION: Point = { verdict: Verdict.ALLOWED, basis: Basis.SPEC_EXCEPTION };

const nodeOf = ({ facts }: Compiled, party: Party): string | null => {
  if (party.kind === 'node') return party.node.name;
  return party.kind === 'pod' ? (facts.pods[party.pod]?.node ?? null) : null;
};

export const samePod = (source: Party, destination: Party): boolean =>
  source.kind === 'pod' &&
  destination.kind === 'pod' &&
  source.pod === destination.pod &&
  source.pod >= 0;

const onOneNode = (compiled: Compiled, source: Party, destination: Party): boolean => {
  const node = nodeOf(compiled, source);
  return node !== null && node === nodeOf(compiled, destination);
};

const isNode = ({ kind }: Party): boolean => kind === 'node';

const LOOPBACK = parseCidr('127.0.0.0/8');

/** Whoever asks its loopback asks itself, and no packet of that leaves it. */
export const isLoopback = (party: Party): boolean =>
  party.kind === 'address' &&
  (party.address === 1n || (LOOPBACK !== null && contains(LOOPBACK, party.address)));

/** A hostNetwork pod is its node for the pods of that node (row 37). */
export const isHost = (party: Party): boolean => party.kind === 'pod' && party.podClass.hostNetwork;

/** "Traffic to and from the node where a Pod is running is always allowed, regardless of the IP address of the Pod or the node." */
export const withOwnNode = (
  compiled: Compiled,
  { source, destination }: Pick<Case, 'source' | 'destination'>,
): boolean =>
  (isNode(source) !== isNode(destination) || isHost(source) !== isHost(destination)) &&
  onOneNode(compiled, source, destination);

function withExceptions(compiled: Compiled, asked: Case, answer: CaseAnswer): CaseAnswer {
  const { source, destination, viaService } = asked;
  const self = samePod(source, destination);
  const loop = isLoopback(source) || isLoopback(destination);
  if (loop || (self && !viaService) || withOwnNode(compiled, asked)) {
    return { ...answer, whole: EXCEPTION, egress: EXCEPTION, ingress: EXCEPTION };
  }
  const allowed = answer.whole.verdict === Verdict.ALLOWED;
  return self && allowed ? { ...answer, whole: EXCEPTION } : answer;
}

/** A known port, or each stretch of ports in turn: "allowed" without a port means on every port. */
const portsToAsk = (
  { engine }: Compiled,
  { port }: Case,
  protocol: PointProtocol,
  sides: readonly Side[],
): readonly number[] =>
  port === null || protocol === null ? startsOf(engine.table, sides, protocol) : [port];

export function answerCase(
  compiled: Compiled,
  asked: Case,
  protocol: PointProtocol,
  sideOf: SideFinder,
): CaseAnswer {
  const { source, destination } = asked;
  const loop = samePod(source, destination) && asked.viaService;
  const egress = sideOf({ subject: source, peer: destination, direction: Direction.EGRESS, loop });
  const ingress = sideOf({
    subject: destination,
    peer: source,
    direction: Direction.INGRESS,
    loop,
  });
  const { table } = compiled.engine;
  const ports = portsToAsk(compiled, asked, protocol, [egress, ingress]);
  const points = (side: Side) => ports.map(port => pointOf(table, side, protocol, port));
  const [out, into] = [points(egress), points(ingress)];
  const wholes = out.map((point, place) => both(point, into[place] ?? point));
  return withExceptions(compiled, asked, {
    whole: agreed(wholes, Basis.MISSING_INVENTORY),
    egress: agreed(out, Basis.MISSING_INVENTORY),
    ingress: agreed(into, Basis.MISSING_INVENTORY),
    egressGoverned: egress.governed,
    ingressGoverned: ingress.governed,
    lacksPort: {
      whole: differOnlyByPort(wholes),
      egress: differOnlyByPort(out),
      ingress: differOnlyByPort(into),
    },
  });
}

const differOnlyByPort = (points: readonly Point[]): boolean =>
  points.some(({ verdict }) => verdict !== points[0]?.verdict) &&
  points.every(({ verdict }) => verdict !== Verdict.UNDECIDABLE);
