import { BlastRadiusDocument, type BlastRadiusQuery } from '../../generated/cli.js';
import { counted } from '../../netpol/index.js';
import type { ApiClient } from '../client.js';
import type { Rows } from '../print/table.js';
import { Failure } from '../shell.js';

/** How far one gets, as a simulation is asked for it. */
export type BlastOptions = {
  readonly blastRadius?: boolean;
  readonly compromised?: string;
  /** `key=value`, with commas. */
  readonly sensitive?: string;
};

type OfSimulation = Extract<BlastRadiusQuery['node'], { readonly __typename: 'Simulation' }>;
export type BlastChange = NonNullable<OfSimulation['blastRadius']>;

const labelOf = (text: string): readonly [string, string] => {
  const [key = '', value, ...more] = text.split('=').map(part => part.trim());
  if (key !== '' && value !== undefined && more.length === 0) return [key, value];
  throw new Failure(`\`${text}\` is not a label`, 'write --sensitive key=value, more with commas');
};

/** What it changes, or null where it was not asked for. */
export async function blastChange(
  { ask }: ApiClient,
  id: string,
  { blastRadius, compromised, sensitive }: BlastOptions,
): Promise<BlastChange | null> {
  if (blastRadius !== true && compromised === undefined && sensitive === undefined) return null;
  const { node } = await ask(BlastRadiusDocument, {
    id,
    compromised: compromised ?? null,
    sensitive:
      sensitive === undefined
        ? null
        : { matchLabels: Object.fromEntries(sensitive.split(',').map(labelOf)) },
  });
  if (node?.__typename !== 'Simulation') throw new Failure(`the simulation \`${id}\` is gone`);
  return node.blastRadius;
}

type Reach = BlastChange['before'];
type Sensitive = Reach['sensitive'][number];

const hops = (count: number | null | undefined): string => {
  if (count === null || count === undefined) return 'no way';
  return counted(count, 'step');
};

const changed = (
  what: string,
  { before, after }: BlastChange,
  textOf: (reach: Reach) => string,
): readonly string[] => [what, textOf(before), textOf(after)];

const ofSensitive =
  (workload: string, pick: (one: Sensitive) => number | null) =>
  ({ sensitive }: Reach): string => {
    const found = sensitive.find(each => each.workload === workload);
    return hops(found === undefined ? null : pick(found));
  };

/** What was asked for by name. */
export type BlastNames = {
  /** The deployment that is held; null: none was named. */
  readonly compromised: string | null;
  /** Labels of what is to be kept; null: none were named. */
  readonly sensitive: string | null;
};

/** Before and after, one measure a row. */
export function blastTable(change: BlastChange, { compromised, sensitive }: BlastNames): Rows {
  const rows = [
    changed('pairs with some connection', change, ({ pairs }) => `${pairs}`),
    changed('open to the outside', change, ({ exposedCount }) => `${exposedCount}`),
    changed('reached from those', change, each => `${each.reachableFromExposed}`),
  ];
  if (compromised !== null)
    rows.push(
      changed(`reached from ${compromised}`, change, each => `${each.reachableFromCompromised}`),
    );
  if (sensitive !== null && change.before.sensitive.length === 0)
    rows.push([`to pods with ${sensitive}`, 'no such pod', 'no such pod']);
  for (const { workload } of change.before.sensitive) {
    const fromOutside = ofSensitive(workload, each => each.hopsFromExposed);
    rows.push(changed(`from outside to ${workload}`, change, fromOutside));
    if (compromised === null) continue;
    const fromHeld = ofSensitive(workload, each => each.hopsFromCompromised);
    rows.push(changed(`from ${compromised} to ${workload}`, change, fromHeld));
  }
  return { heading: ['how far one gets', 'in force', 'proposed'], rows };
}
