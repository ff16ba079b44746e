import { Verdict } from '../netpol/index.js';
import { classOf, type FlowClass, type SimulationSummary } from './simulation.js';

/** Flows of one class that are stored as one row, in the order of their ids. */
export type SimulatedChunk = {
  readonly class: FlowClass;
  readonly flowIds: readonly string[];
  /** Of each, the verdicts before and after as one number. */
  readonly outcomes: readonly number[];
};

/** So many stay within a page of Postgres, so that nothing is stored elsewhere (TOAST): 18 bytes a flow. */
const CHUNK = 100;

/** Verdicts in the order of their numbers in outcomes. */
export const OUTCOME_VERDICTS: readonly Verdict[] = [
  Verdict.ALLOWED,
  Verdict.DENIED,
  Verdict.UNDECIDABLE,
];

/** The verdicts before and after as one number. */
export const outcomeOf = (before: Verdict, after: Verdict): number =>
  OUTCOME_VERDICTS.indexOf(before) * OUTCOME_VERDICTS.length + OUTCOME_VERDICTS.indexOf(after);

/** The class of what `outcomeOf` made. */
export const classOfOutcome = (outcome: number): FlowClass => {
  const before = OUTCOME_VERDICTS[Math.floor(outcome / OUTCOME_VERDICTS.length)];
  const after = OUTCOME_VERDICTS[outcome % OUTCOME_VERDICTS.length];
  if (before === undefined || after === undefined) throw new RangeError(`${outcome} is no outcome`);
  return classOf(before, after);
};

const NOTHING: SimulationSummary = {
  stillAllowed: 0,
  newlyBlocked: 0,
  newlyAllowed: 0,
  stillBlocked: 0,
  undecidable: 0,
};

const COUNTED: Readonly<Record<FlowClass, keyof SimulationSummary>> = {
  STILL_ALLOWED: 'stillAllowed',
  NEWLY_BLOCKED: 'newlyBlocked',
  NEWLY_ALLOWED: 'newlyAllowed',
  STILL_BLOCKED: 'stillBlocked',
  UNDECIDABLE: 'undecidable',
};

/** The summary with further flows, given by their classes. */
export function counted(
  classes: readonly FlowClass[],
  before: SimulationSummary = NOTHING,
): SimulationSummary {
  const summary = { ...before };
  for (const name of classes) summary[COUNTED[name]] += 1;
  return summary;
}

/** What becomes of flows, which come in the order of their ids. */
export type Outcomes = {
  readonly flowIds: readonly string[];
  readonly classes: readonly FlowClass[];
  readonly outcomes: readonly number[];
};

type Open = { readonly flowIds: string[]; readonly outcomes: number[] };

/** Cuts flows, which come in the order of their ids, into chunks. */
export function chunkCutter() {
  const open = new Map<FlowClass, Open>();
  const openOf = (name: FlowClass): Open => {
    const known = open.get(name) ?? { flowIds: [], outcomes: [] };
    open.set(name, known);
    return known;
  };
  return {
    /** Takes further flows; answers the chunks that are full now. */
    cut({ flowIds, classes, outcomes }: Outcomes): readonly SimulatedChunk[] {
      const full: SimulatedChunk[] = [];
      for (const [place, name] of classes.entries()) {
        const [id, outcome] = [flowIds[place], outcomes[place]];
        if (id === undefined || outcome === undefined)
          throw new RangeError('columns of unequal length');
        const chunk = openOf(name);
        chunk.flowIds.push(id);
        chunk.outcomes.push(outcome);
        if (chunk.flowIds.length < CHUNK) continue;
        full.push({ class: name, ...chunk });
        open.delete(name);
      }
      return full;
    },
    /** What is left, one chunk of each class at most. */
    rest: (): readonly SimulatedChunk[] =>
      [...open].map(([name, chunk]) => ({ class: name, ...chunk })),
  };
}
