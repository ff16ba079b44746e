import { type Compiled, type Engine, ofFamily } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { type ListId, NO_POLICIES } from '../compile/policy-lists.js';
import { NO_PROFILE } from '../compile/port-profile.js';
import type { Program } from '../compile/program.js';
import type { Reading } from '../decide/match.js';
import { listOf, type Unknowns } from '../decide/side.js';
import { Direction } from '../policy.js';
import type { RowQuestion } from './evaluator.js';
import { type OutcomeTable, outcomeTable } from './outcome-table.js';
import { type Row, rowOf } from './row.js';
import { type Segments, segmentsOf } from './segments.js';

/** Keys hold the profile's id below the list's; both together stay exact in a number. */
const MOST_PROFILES = 2 ** 24;

const outcomesOfFamily = ofFamily(outcomeTable);

export const outcomesOf = ({ engine }: Compiled): OutcomeTable => outcomesOfFamily(engine);

type ByKey<Value> = Readonly<Record<Direction, Map<number, Value>>>;

const knownRows = ofFamily((): ByKey<Row> => ({ INGRESS: new Map(), EGRESS: new Map() }));
const knownSegments = ofFamily((): ByKey<Segments> => ({ INGRESS: new Map(), EGRESS: new Map() }));

/** Some ipBlock has, or may have, a pod's address in it: the mode for ipBlocks can matter. */
export const blocksReachPods = ({ index }: Engine, { usesIpBlocks, rules }: Program): boolean =>
  usesIpBlocks &&
  (index.withoutAddress.length > 0 ||
    rules.some(({ ipBlocks }) => ipBlocks.some(({ classes }) => classes.length > 0)));

/** Readings that give one row have one number. */
function readingNumber(engine: Engine, program: Program, reading: Reading, unknowns: Unknowns) {
  const blocks = reading.byAddress && blocksReachPods(engine, program);
  const addresses = program.usesNetworks || blocks;
  return (
    (blocks ? 1 : 0) +
    (engine.index.hosts.length > 0 && reading.hostsAsPods ? 2 : 0) +
    ((addresses || engine.index.hosts.length > 0) && unknowns === 'unmatched' ? 4 : 0)
  );
}

function questionFor(
  compiled: Compiled,
  direction: Direction,
  podClass: PodClass,
  [reading, unknowns]: readonly [Reading, Unknowns],
): { list: ListId; question: RowQuestion } {
  const list = listOf(compiled, direction, podClass, reading);
  const program = compiled.engine.lists[direction].program(list);
  const named = direction === Direction.INGRESS && program.usesNames;
  const profile = named && list !== NO_POLICIES ? podClass.profile : NO_PROFILE;
  return { list, question: { program, direction, profile, reading, unknowns } };
}

/** Subjects with one policy list, and one profile where names matter to it, share a row. */
export function rowFor(
  compiled: Compiled,
  direction: Direction,
  podClass: PodClass,
  how: readonly [Reading, Unknowns],
): Row {
  const { engine } = compiled;
  const { list, question } = questionFor(compiled, direction, podClass, how);
  const rows = knownRows(engine)[direction];
  const number = readingNumber(engine, question.program, ...how);
  const key = (list * MOST_PROFILES + question.profile.id) * 8 + number;
  const before = rows.get(key);
  if (before !== undefined) return before;
  const row = rowOf(engine, outcomesOf(compiled), question);
  rows.set(key, row);
  return row;
}

/** What a subject's policies say of addresses outside the cluster. */
export function segmentsFor(
  compiled: Compiled,
  direction: Direction,
  podClass: PodClass,
  how: readonly [Reading, Unknowns],
): Segments {
  const { engine } = compiled;
  const { list, question } = questionFor(compiled, direction, podClass, how);
  const all = knownSegments(engine)[direction];
  const unmatched = how[1] === 'unmatched' ? 1 : 0;
  const key = (list * MOST_PROFILES + question.profile.id) * 2 + unmatched;
  const before = all.get(key);
  if (before !== undefined) return before;
  const segments = segmentsOf(engine, outcomesOf(compiled), question);
  all.set(key, segments);
  return segments;
}
