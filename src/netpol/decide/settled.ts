import { type Compiled, ofState } from '../compile/compiled.js';
import { isController } from '../controller-like.js';
import type { PodFact } from '../facts.js';
import { Direction } from '../policy.js';
import { NOTHING } from '../ports/traffic.js';
import { Basis, type Connection, Verdict } from '../verdict.js';
import type { Cases } from './cases.js';
import { both, type Point, pointOf, protocolOf } from './point.js';
import { outcomeOf, readingOf } from './side.js';

/** The verdict of the one case where all that may match is taken to match, or not to. */
function verdictIf(
  compiled: Compiled,
  { cases }: Cases,
  { protocol, port }: Connection,
  taken: 'matched' | 'unmatched',
): Verdict | null {
  const [only, ...others] = cases;
  const known = protocolOf(protocol);
  const asked = only?.port ?? port;
  if (only === undefined || others.length > 0 || (known !== null && asked === null)) return null;
  const { table } = compiled.engine;
  const { source, destination } = only;
  const pointIn = (direction: Direction): Point => {
    const out = direction === Direction.EGRESS;
    const ends = out
      ? { subject: source, peer: destination }
      : { subject: destination, peer: source };
    const question = { ...ends, direction, loop: false };
    const outcome = outcomeOf(compiled, question, readingOf(compiled), taken);
    return pointOf(table, { ...outcome, byCni: NOTHING, byHost: NOTHING }, known, asked ?? 1);
  };
  return both(pointIn(Direction.EGRESS), pointIn(Direction.INGRESS)).verdict;
}

/** Which answer holds when: "ALLOWED if it is what the rule asks for, DENIED if not". */
function answersOf(compiled: Compiled, found: Cases, connection: Connection): string {
  const met = verdictIf(compiled, found, connection, 'matched');
  const unmet = verdictIf(compiled, found, connection, 'unmatched');
  const isTelling = met !== null && unmet !== null && met !== unmet;
  return isTelling && met !== Verdict.UNDECIDABLE && unmet !== Verdict.UNDECIDABLE
    ? `: ${met} if it is what the rule above asks for, ${unmet} if not`
    : '';
}

/** What leaves one answer of an UNDECIDABLE one; null where nothing that can be named does. */
export function settledBy(
  compiled: Compiled,
  found: Cases,
  connection: Connection,
  { verdict, basis }: Point,
): string | null {
  if (verdict !== Verdict.UNDECIDABLE) return null;
  switch (basis) {
    case Basis.MISSING_INVENTORY:
      return isOfController(found)
        ? `saying where the ingress controller runs${likely(compiled)}`
        : `the missing fact in the inventory${answersOf(compiled, found, connection)}`;
    case Basis.UNDEFINED_SNAT:
      return '`externalTrafficPolicy: Local` on the Service, which keeps the address of the client';
    case Basis.MIXED_BACKENDS:
      return 'asking for one of the pods behind the Service';
    case Basis.MIXED_LABEL_SETS:
      return 'asking for one of the pods by its name';
    case Basis.UNDEFINED_PROTOCOL:
      return 'a test in the cluster: the API says nothing of other protocols';
    case Basis.UNRESOLVED_PEER:
      return found.unanswered === null
        ? askingInstead(found)
        : 'asking for a port that the Service has, and pods that it selects';
    default:
      return null;
  }
}

const OF_NAME = 'the address of ';

/** A name is asked again by its address; what could be anything, by what it is. */
const askingInstead = ({ doubts }: Cases): string =>
  doubts[0]?.missing.startsWith(OF_NAME) === true
    ? `asking for ${doubts[0].missing} instead, as a resolver in the cluster answers it`
    : 'asking for one address, pod or Service instead';

const nameOf = ({ namespace, workload }: PodFact): string =>
  `${namespace}/${workload.name}[${workload.kind}]`;

/** The workloads of the facts that look like one. */
const likely = ofState(({ facts }: Compiled): string => {
  const names = [...new Set(facts.pods.filter(isController).map(nameOf))].slice(0, MOST_LIKELY);
  return names.length === 0
    ? ''
    : `: ${names.map(name => `\`${name}\``).join(', ')} looks like one`;
});

const MOST_LIKELY = 3;

const isOfController = ({ cases }: Cases): boolean =>
  cases.some(
    ({ source, destination }) =>
      (source.kind === 'controller' && source.configured === null) ||
      (destination.kind === 'controller' && destination.configured === null),
  );
