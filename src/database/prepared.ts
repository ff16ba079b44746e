import type pg from 'pg';
import { codeOf } from './failure.js';

/** Names of statements that are asked again and again, and little else than planned. */
const hot = new Set<string>();

/** Has Postgres keep the plan of this statement, once it was asked several times on one connection. */
export function keepPlanOf(name: string): void {
  hot.add(name);
}

/** Fewer times, and Postgres would parse it once more for nothing. */
const ASKED_BEFORE = 3;

/** Plans of a connection, some 50 kB each. A text differs by its filter, order and size of page. */
const MOST_PLANS = 60;

/** Texts that are counted at once. */
const MOST_TEXTS = 500;

const NAME = /^\/\* (\S+) \*\//;

/** Postgres refuses a kept plan whose columns are others by now, or does not know it any more. */
const LOST = new Set(['0A000', '26000']);

type Query = (...given: readonly unknown[]) => unknown;

type Plans = {
  /** How often a text was asked. */
  readonly asked: Map<string, number>;
  /** Names of kept plans, by text; null: not to be kept. */
  readonly kept: Map<string, string | null>;
};

function planOf({ asked, kept }: Plans, text: string): string | null {
  const known = kept.get(text);
  if (known !== undefined) return known;
  if (kept.size === MOST_PLANS) return null;
  const count = (asked.get(text) ?? 0) + 1;
  if (count <= ASKED_BEFORE) {
    if (asked.size === MOST_TEXTS) asked.clear();
    asked.set(text, count);
    return null;
  }
  asked.delete(text);
  const name = `kept_${kept.size}`;
  kept.set(text, name);
  return name;
}

const isLost = (error: unknown): boolean => LOST.has(codeOf(error) ?? '');

/**
 * Makes a client keep the plans of hot statements. Postgres plans each with its values five times, and keeps a plan for
 * all values only if that one is no dearer (`plan_cache_mode`). A connection is never reset, so they stay as long as it.
 */
export function keepPlans(client: pg.Client): void {
  const query = client.query.bind(client) as Query;
  const plans: Plans = { asked: new Map(), kept: new Map() };
  const keeping: Query = (...given) => {
    const [text, values] = given;
    if (given.length !== 2 || typeof text !== 'string' || !Array.isArray(values))
      return query(...given);
    const [, statement = ''] = NAME.exec(text) ?? [];
    const name = hot.has(statement) ? planOf(plans, text) : null;
    if (name === null) return query(text, values);
    const answer = query({ name, text, values }) as Promise<unknown>;
    return answer.catch(error => {
      if (isLost(error)) plans.kept.set(text, null);
      throw error;
    });
  };
  Object.assign(client, { query: keeping });
}
