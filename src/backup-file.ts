import { constants, createReadStream, createWriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { causeOf } from './cli/file-faults.js';
import { assertNoRows, backup, type Counts, migrationsIn, restore } from './database/backup.js';
import { hasCluster } from './database/data-folder.js';
import { openDataSource } from './database/data-source.js';
import { failure } from './database/failure.js';
import type { Log } from './database/log.js';
import { migrate } from './database/migrate.js';
import { migrations } from './database/migrations.js';
import { type DatabasePlace, openPlace } from './database/place.js';
import { reachPlace } from './database/reach.js';

const open = (url: string, log: Log, made: readonly string[] = NAMES) =>
  openDataSource(url, {
    tables: [],
    migrations: migrations.filter(({ name }) => made.includes(name)),
    poolSize: 2,
    statementTimeoutMs: 0,
    log,
  });

const NAMES = migrations.map(({ name }) => name);

/** Writes all that a database holds to a gzip file, also beside a server that runs on it. What is there already is replaced at the end. */
export async function backupTo(place: DatabasePlace, file: string, log: Log): Promise<Counts> {
  if (place.databaseUrl === null && !(await hasCluster(place.dataDir)))
    throw failure(
      `no database is in \`${place.dataDir}\``,
      'name the data folder of a server by `--data-dir`, or its Postgres by `--database-url`',
    );
  const reached = await reachPlace(place, log);
  const partial = `${file}.partial`;
  try {
    const source = await open(reached.url, log);
    try {
      const lines = new PassThrough();
      const written = pipeline(lines, createGzip(), createWriteStream(partial, { mode: 0o600 }));
      written.catch(() => {});
      const counts = await backup(source, async text => {
        if (!lines.write(text)) await Promise.race([drained(lines), written]);
      });
      lines.end();
      await written;
      await rename(partial, file);
      return counts;
    } finally {
      await source.destroy();
    }
  } finally {
    await rm(partial, { force: true });
    await reached.stop();
  }
}

const drained = (stream: PassThrough): Promise<void> =>
  new Promise(resolve => stream.once('drain', () => resolve()));

async function* withFirst(first: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** The rows go into the tables that they were in, and are then brought up to date as those of a database are. */
async function restoreAt(url: string, lines: AsyncIterator<string>, log: Log): Promise<Counts> {
  const first: string = (await lines.next()).value ?? '';
  const source = await open(url, log, migrationsIn(first, NAMES));
  let counts: Counts;
  try {
    await assertNoRows(source);
    await migrate(source);
    counts = await restore(source, withFirst(first, lines));
  } finally {
    await source.destroy();
  }
  const restored = await open(url, log);
  await migrate(restored).finally(() => restored.destroy());
  return counts;
}

/**
 * Puts a file of `backupTo`, of this version or an older one, into an empty database that no server runs on. What holds rows already is
 * not touched.
 */
export async function restoreFrom(place: DatabasePlace, file: string, log: Log): Promise<Counts> {
  await access(file, constants.R_OK).catch(error => {
    throw failure(
      `\`${file}\` cannot be read: ${causeOf(error)}`,
      'name what `weirgate backup` wrote',
      error,
    );
  });
  const opened = await openPlace(place, log);
  const packed = createReadStream(file);
  const plain = packed.pipe(createGunzip());
  packed.once('error', error => plain.destroy(error));
  const ended = finished(plain).catch(() => {});
  try {
    const lines = createInterface({ input: plain, crlfDelay: Infinity });
    return await restoreAt(opened.url, lines[Symbol.asyncIterator](), log);
  } finally {
    plain.destroy();
    await ended;
    await opened.stop();
  }
}
