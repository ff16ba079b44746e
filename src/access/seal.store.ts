import type { EntityManager } from 'typeorm';
import { statement, text } from '../database/row.js';

const KEY = statement<{ readonly key: string }>('seal.key', { key: text });

/** What ids and cursors of callers with a scope are sealed by: made once, by the migration. */
export const sealKey = async (manager: EntityManager): Promise<string> =>
  (await KEY.row(manager, 'select key from seal_key where id = 1', [])).key;
