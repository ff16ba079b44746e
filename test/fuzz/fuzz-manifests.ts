import { type Chance, chanceOf, oneOf, wholeBelow } from '../../src/cli/demo/chance.js';
import { snapshotOf } from '../../src/inventory/snapshot.js';
import { parsePolicies, readObjects } from '../../src/netpol/index.js';
import { type Budget, type Fuzzed, stackOf } from './budget.js';
import { OBJECTS, YAML_SEED } from './manifest-seeds.js';
import { mutatedBytes, mutatedJson } from './mutate.js';
import { once } from './odd.js';
import { isStorable } from './storable.js';

/** Text of documents, some of which are wrong. */
export function nextManifests(chance: Chance): string {
  if (once(chance, 3))
    return Buffer.from(mutatedBytes(chance, Buffer.from(YAML_SEED))).toString('utf8');
  const objects = Array.from({ length: 1 + wholeBelow(chance, 5) }, () => {
    const object = oneOf(chance, OBJECTS);
    return once(chance, 3) ? object : mutatedJson(chance, object);
  });
  const text = objects.map(object => JSON.stringify(object)).join('\n---\n');
  if (once(chance, 4)) return Buffer.from(mutatedBytes(chance, Buffer.from(text))).toString('utf8');
  return once(chance, 4)
    ? JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })
    : text;
}

/** Reads documents as an import and as a candidate. @throws where something does not hold */
export function readManifestText(text: string): void {
  const source = { file: null, text };
  const { objects } = readObjects([source]);
  const { snapshot } = snapshotOf(objects);
  if (!isStorable(snapshot)) throw new Error('a snapshot that Postgres cannot hold');
  parsePolicies([source]);
}

/** Reads so many mutated texts; answers the first that does not end well, or null. */
export function fuzzManifests(seed: string, { runs, until }: Budget): Fuzzed {
  let run = 0;
  for (; run < runs && Date.now() < until; run += 1) {
    const sent = nextManifests(chanceOf(`${seed} manifests ${run}`));
    try {
      readManifestText(sent);
    } catch (error) {
      return { asked: run, finding: { run, sent, why: stackOf(error) } };
    }
  }
  return { asked: run, finding: null };
}
