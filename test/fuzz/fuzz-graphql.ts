import type { GraphQLSchema } from 'graphql';
import { chanceOf } from '../../src/cli/demo/chance.js';
import { type AnyOperation, anyOperation, rootOf } from './any-operation.js';
import type { Known } from './any-value.js';
import type { Budget, Fuzzed } from './budget.js';
import { once } from './odd.js';

type Place = { readonly server: string; readonly schema: GraphQLSchema; readonly known: Known };

const MOST_IDS = 200;

/** Ids and cursors of an answer, for later questions. */
function idsIn(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (typeof part === 'string' && /^(?:id|.*[cC]ursor)$/.test(key)) found.add(part);
    else idsIn(part, found);
  }
}

const isInternal = (answer: string): boolean => answer.includes('"code":"INTERNAL"');

async function faultOf(response: Response, ids: Set<string>): Promise<string | null> {
  const text = await response.text();
  if (response.status >= 500 || isInternal(text))
    return `status ${response.status}: ${text.slice(0, 500)}`;
  try {
    if (ids.size < MOST_IDS) idsIn(JSON.parse(text), ids);
    return null;
  } catch {
    return `no JSON: ${text.slice(0, 200)}`;
  }
}

const ask = (server: string, body: string): Promise<Response> =>
  fetch(`${server}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });

/** From the first token on nobody would be answered without one. */
const wouldLockOut = ({ query }: AnyOperation): boolean => query.includes('createToken(');

/** Asks random operations, one after another; answers the first that is not answered as it should be, or null. */
export async function fuzzGraphql(
  { server, schema, known }: Place,
  seed: string,
  { runs, until }: Budget,
): Promise<Fuzzed> {
  const ids = new Set(known.ids);
  let run = 0;
  for (; run < runs && Date.now() < until; run += 1) {
    const chance = chanceOf(`${seed} graphql ${run}`);
    const root = rootOf(schema, once(chance, 3) ? 'Mutation' : 'Query');
    const operation = anyOperation(chance, schema, root, { ...known, ids: [...ids] });
    if (wouldLockOut(operation)) continue;
    const sent = JSON.stringify(operation);
    const why = await faultOf(await ask(server, sent), ids);
    if (why !== null) return { asked: run, finding: { run, sent, why } };
  }
  return { asked: run, finding: null };
}
