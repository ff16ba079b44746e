import { type MessagePort, workerData } from 'node:worker_threads';
import type { Caller } from './access/caller.js';
import { sameCallers } from './access/same-callers.js';
import { openDataSource } from './database/data-source.js';
import { tracedLog } from './database/log.js';
import { sameDatabase } from './database/same-database.js';
import { type Databases, databasesOn } from './databases.js';
import { tables, type UseCases } from './rooms.js';
import { stderrLog } from './stderr-log.js';
import { type Answer, answerOf } from './threads/answer.js';
import { unpack } from './threads/parcel.js';
import { whileWanted } from './threads/unwanted.js';
import { openTracing, type Tracing } from './tracing/open-tracing.js';
import { spanned } from './tracing/tracing.js';

export type WorkThreadData = {
  readonly url: string;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
  readonly logLevel: string;
  /** The database that the server was started on; null: any. */
  readonly database: string | null;
  /** Null: nothing is traced. */
  readonly tracing: Tracing | null;
};

const { url, poolSize, statementTimeoutMs, logLevel, database, tracing } =
  workerData as WorkThreadData;

/** A thread that computes does not see in time that a connection has been made: its clock says little. */
const CONNECT_TIMEOUT_MS = 60_000;

const log = tracedLog(stderrLog(logLevel));

const open = async (): Promise<Databases> => {
  if (tracing !== null) await openTracing(tracing, log);
  const source = await openDataSource(url, {
    tables,
    migrations: [],
    poolSize,
    statementTimeoutMs,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    applicationName: 'weirgate-thread',
    log,
    ...(database !== null && { same: sameDatabase(database) }),
  });
  return databasesOn(source, NOT_HEARD);
};

let opened: Promise<Databases> | null = null;

/** Opened by the first call; where the database is not there at that moment, by one that comes later. */
function databases(): Promise<Databases> {
  opened ??= open().catch(error => {
    opened = null;
    throw error;
  });
  return opened;
}

type Work = (...input: readonly unknown[]) => unknown;

/** A thread waits for no jobs. */
const NOT_HEARD = { onEnd: () => () => {} };

const known = sameCallers();

/** One use case of the server in a thread of its own: `name`, for the eyes of the first of `input`. */
// biome-ignore lint/style/noDefaultExport: piscina calls a module by its default export
export default function work({
  name,
  input,
  parent,
  unwanted,
}: {
  readonly name: keyof UseCases;
  readonly input: readonly [Caller, ...unknown[]];
  readonly parent: string | null;
  readonly unwanted: MessagePort | null;
}): Promise<Answer> {
  const [caller, ...rest] = input;
  return answerOf(async () => {
    const { useCases } = (await databases()).seenBy(known(caller));
    const done = async () => (useCases[name] as Work)(...unpack(rest));
    return spanned({ name, parent }, () => whileWanted(unwanted, done));
  });
}

// The first call need not wait for it.
databases().catch(() => {});
