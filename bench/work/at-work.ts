import { readFile } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { type Database, databasesOn } from '../../src/databases.js';
import { timeOfChildren } from '../measure/processor-time.js';

/** What one piece of work took, in milliseconds: by the clock, and of processors, this process and Postgres together. */
export type Cost = { readonly wall: number; readonly here: number; readonly postgres: number };

/** A database with somebody at work on it in this very process, so that no thread and no HTTP is measured. */
export type AtWork = {
  readonly source: DataSource;
  readonly database: Database;
  readonly costOf: <T>(work: () => Promise<T>) => Promise<readonly [Cost, T]>;
};

export async function postmasterOf(source: DataSource): Promise<number> {
  const [{ folder }] = await source.query(`select current_setting('data_directory') as folder`);
  return Number.parseInt(await readFile(`${folder}/postmaster.pid`, 'utf8'), 10);
}

export async function atWorkOn(source: DataSource): Promise<AtWork> {
  const postmaster = await postmasterOf(source);
  const database = databasesOn(source, { onEnd: () => () => {} }).seenBy(LOCAL_CALLER);
  const costOf = async <T>(work: () => Promise<T>): Promise<readonly [Cost, T]> => {
    globalThis.gc?.();
    const [before, used, started] = [
      timeOfChildren(postmaster),
      process.cpuUsage(),
      performance.now(),
    ];
    const made = await work();
    const wall = performance.now() - started;
    const { user, system } = process.cpuUsage(used);
    const here = (user + system) / 1_000;
    return [{ wall, here, postgres: timeOfChildren(postmaster) - before }, made];
  };
  return { source, database, costOf };
}

export const processorsOf = ({ here, postgres }: Cost): number => here + postgres;
