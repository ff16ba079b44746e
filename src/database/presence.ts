import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';

/** A session by which others see that this process lives: it ends with the process, however that ends. */
export type Presence = {
  /** Unlike that of any other. */
  readonly name: string;
  readonly leave: () => Promise<void>;
};

export type Enter = () => Promise<Presence>;

/** Opens a connection of its own each time. @throws Error where none can be had */
export const presenceOn =
  ({ options }: Pick<DataSource, 'options'>): Enter =>
  async () => {
    const name = `weirgate-here ${randomUUID()}`;
    const client = new pg.Client({
      connectionString: 'url' in options ? String(options.url) : '',
      application_name: name,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    // A session that breaks is one that has ended: that is what it is for.
    client.on('error', () => {});
    await client.connect();
    return { name, leave: () => client.end().catch(() => {}) };
  };

/** SQL: whether the session of a name is there. */
export const isHere = (name: string): string =>
  `exists (select from pg_stat_activity where datname = current_database() and application_name = ${name})`;
