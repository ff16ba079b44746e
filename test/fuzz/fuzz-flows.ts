import { type Chance, chanceOf, oneOf } from '../../src/cli/demo/chance.js';
import { type Budget, type Fuzzed, stackOf } from './budget.js';
import { FLOW_SEEDS, type FlowSeed } from './flow-seeds.js';
import { mutatedBytes, mutatedJson } from './mutate.js';
import { once } from './odd.js';
import { readFlows } from './read-flows.js';

type JsonRecord = Readonly<Record<string, unknown>>;

/** One upload: in which format it is said to be, and what it holds. */
export type Upload = { readonly format: string; readonly sent: Uint8Array | readonly JsonRecord[] };

const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Some records as they are, for what others of their stream have told, and some mutated. */
function someOf(chance: Chance, { records }: FlowSeed): readonly JsonRecord[] {
  return Array.from({ length: 6 }, () => {
    const record = oneOf(chance, records);
    return once(chance, 3) ? record : mutatedJson(chance, record);
  }).filter(isRecord);
}

const textOf = (records: readonly JsonRecord[]): Uint8Array =>
  Buffer.from(records.map(record => JSON.stringify(record)).join('\n'));

/** The next upload of a sequence. */
export function nextUpload(chance: Chance): Upload {
  const seed = oneOf(chance, FLOW_SEEDS);
  const format = once(chance, 5) ? 'auto' : seed.format;
  if (seed.records.length === 0 || once(chance, 3))
    return { format, sent: mutatedBytes(chance, Buffer.from(seed.text)) };
  const records = someOf(chance, seed);
  return { format, sent: once(chance, 2) ? textOf(records) : records };
}

const shown = ({ sent }: Upload): string =>
  sent instanceof Uint8Array ? Buffer.from(sent).toString('latin1') : JSON.stringify(sent);

const describe = (upload: Upload): string => `${upload.format}: ${shown(upload)}`;

/** Reads so many mutated uploads; answers the first that does not end well, or null. */
export async function fuzzFlows(seed: string, { runs, until }: Budget): Promise<Fuzzed> {
  let run = 0;
  for (; run < runs && Date.now() < until; run += 1) {
    const upload = nextUpload(chanceOf(`${seed} flows ${run}`));
    try {
      await readFlows(upload.format, upload.sent);
    } catch (error) {
      const why = stackOf(error);
      return { asked: run, finding: { run, sent: describe(upload), why } };
    }
  }
  return { asked: run, finding: null };
}
