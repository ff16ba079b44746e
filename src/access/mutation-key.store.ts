import type { EntityManager } from 'typeorm';
import { jsonb, nullable, statement, text } from '../database/row.js';
import type { KeptCall, KeyedCall } from './mutation-key.js';

/** Days for which a key is known. */
export const KEY_DAYS = 30;

export type MutationKeyStore = {
  /** What was asked under the key before; null: nothing, or too long ago. */
  find(id: string): Promise<KeptCall | null>;
  /**
   * Takes the key, in the transaction that does what is asked for. Where another one has it, waits for its end. False: it
   * was taken before, and `find` has the answer.
   */
  claim(call: KeyedCall): Promise<boolean>;
  /** Keeps what a claimed call is answered with. */
  answer(id: string, answer: unknown): Promise<void>;
  /** Keys that are older than `KEY_DAYS` go. */
  forgetOld(): Promise<void>;
};

const STATEMENTS = {
  find: statement<KeptCall>('mutationKeys.find', {
    action: text,
    inputHash: text,
    answer: nullable(jsonb()),
  }),
  claim: statement('mutationKeys.claim', { id: text }),
} as const;

const FRESH = `created_at > now() - interval '${KEY_DAYS} days'`;

const FIND = `select action, input_hash as "inputHash", answer from mutation_key where id = $1 and ${FRESH}`;

/** A key that is too old is taken anew. */
const CLAIM = `insert into mutation_key as k (id, action, input_hash, created_at) values ($1, $2, $3, now())
  on conflict (id) do update set action = excluded.action, input_hash = excluded.input_hash, answer = null,
    created_at = excluded.created_at where not (k.${FRESH}) returning id`;

export const mutationKeyStore = (manager: EntityManager): MutationKeyStore => ({
  find: async id => (await STATEMENTS.find.rows(manager, FIND, [id]))[0] ?? null,
  claim: async ({ id, action, inputHash }) =>
    (await STATEMENTS.claim.rows(manager, CLAIM, [id, action, inputHash])).length > 0,
  answer: async (id, answer) => {
    await manager.query(
      '/* mutationKeys.answer */ update mutation_key set answer = $2::jsonb where id = $1',
      [id, JSON.stringify(answer)],
    );
  },
  forgetOld: async () => {
    await manager.query(
      `/* mutationKeys.forgetOld */ delete from mutation_key where not (${FRESH})`,
    );
  },
});
