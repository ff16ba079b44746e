import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataSource } from '../../src/database/data-source.js';
import { type Embedded, startEmbedded } from '../../src/database/embedded.js';
import { liveHolder, lockFile } from '../../src/database/folder-lock.js';
import { migrateJobs } from '../../src/database/jobs.js';
import { silentLog } from '../../src/database/log.js';
import { migrate } from '../../src/database/migrate.js';
import { migrations } from '../../src/database/migrations.js';
import { administer, urlOf } from './administer.js';
import { exists, QUICK_FOLDERS, quickFolder } from './folder.js';

const PREFIX = 'weirgate-test-run-';

let server: Embedded | null = null;
let folder: string | null = null;

/** Runs that were killed leave a server and its folder: end the one, remove the other. */
async function sweep(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter(name => name.startsWith(PREFIX));
  for (const name of names) {
    const left = join(parent, name);
    if (!(await exists(lockFile(left))) || (await liveHolder(left)) !== null) continue;
    const orphan = await startEmbedded({ dataDir: left, log: silentLog, durable: false });
    await orphan.stop();
    await rm(left, { recursive: true, force: true });
  }
}

/** Tests connect thousands of times, and neither end has to work for a password that lives as long as they do. */
async function keepPasswordCheap(url: string): Promise<void> {
  const { username, password } = new URL(url);
  await administer('set scram_iterations = 1', `alter role ${username} password '${password}'`);
}

/** One server for all test processes, with the migrated database that every test clones. */
export async function startTestServer(): Promise<void> {
  if (process.env['TEST_DATABASE_URL'] === undefined) {
    for (const parent of QUICK_FOLDERS) await sweep(parent).catch(() => {});
    folder = await mkdtemp(join(await quickFolder(), PREFIX));
    server = await startEmbedded({ dataDir: folder, log: silentLog, durable: false });
    process.env['TEST_DATABASE_URL'] = server.url;
    await keepPasswordCheap(server.url);
  }
  const template = `weirgate_template_${randomUUID().replaceAll('-', '')}`;
  process.env['WEIRGATE_TEST_TEMPLATE'] = template;
  await administer(`create database ${template}`);
  const source = await openDataSource(urlOf(template), { tables: [], migrations });
  await migrate(source).finally(() => source.destroy());
  await migrateJobs(urlOf(template));
}

export async function stopTestServer(): Promise<void> {
  const template = process.env['WEIRGATE_TEST_TEMPLATE'];
  if (server === null && template !== undefined) await administer(`drop database ${template}`);
  await server?.stop();
  if (folder !== null) await rm(folder, { recursive: true, force: true });
}
