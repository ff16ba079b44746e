import { constants, createReadStream, createWriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { backup, type Counts, restore } from './database/backup.js';
import { hasCluster } from './database/data-folder.js';
import { openDataSource } from './database/data-source.js';
import { failure } from './database/failure.js';
import type { Log } from './database/log.js';
import { migrate } from './database/migrate.js';
import { migrations } from './database/migrations.js';
import { type DatabasePlace, openPlace } from './database/place.js';
import { reachPlace } from './database/reach.js';

const open = async (url: string, log: Log) => {
  const settings = { tables: [], migrations, poolSize: 2, statementTimeoutMs: 0, log };
  const source = await openDataSource(url, settings);
  await migrate(source);
  return source;
};

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

/** Puts a file of `backupTo` into an empty database that no server runs on. */
export async function restoreFrom(place: DatabasePlace, file: string, log: Log): Promise<Counts> {
  await access(file, constants.R_OK).catch(error => {
    throw failure(
      `\`${file}\` cannot be read: ${error.message}`,
      'name what `weirgate backup` wrote',
      error,
    );
  });
  const opened = await openPlace(place, log);
  try {
    const source = await open(opened.url, log);
    try {
      const packed = createReadStream(file);
      const plain = packed.pipe(createGunzip());
      packed.once('error', error => plain.destroy(error));
      const ended = finished(plain).catch(() => {});
      const counts = await restore(source, createInterface({ input: plain, crlfDelay: Infinity }));
      plain.destroy();
      await ended;
      return counts;
    } finally {
      await source.destroy();
    }
  } finally {
    await opened.stop();
  }
}
