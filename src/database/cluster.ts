import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Account, accountFor, assertReachable } from './account.js';
import { codeOf, failure } from './failure.js';
import { type PostgresCluster, runAs } from './postmaster.js';
import { findProgram, type Program } from './program.js';
import { runProgram } from './run-program.js';

export const USER = 'weirgate';

const secretFile = (folder: string): string => join(folder, 'postgres-password');

async function read(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** The superuser's password; made at the first start, and readable only for who runs the server. */
async function passwordOf(folder: string, initialised: boolean): Promise<string> {
  const path = secretFile(folder);
  const known = await read(path);
  if (known) return known;
  if (initialised)
    throw failure(
      `the password file \`${path}\` of the embedded Postgres is missing`,
      'put it back from a backup, or move the data folder away to begin with an empty one',
    );
  const password = randomBytes(24).toString('base64url');
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  return password;
}

type Making = {
  readonly program: Program;
  readonly account: Account | null;
  readonly folder: string;
  readonly password: string;
  readonly durable: boolean;
  readonly signal: AbortSignal | undefined;
};

/**
 * Byte order and Unicode case rules from Postgres' own C.UTF-8, so that the order of text depends
 * neither on the machine's locales nor on a release of its libraries.
 */
const flagsOf = (folder: string, passwordFile: string): readonly string[] => [
  `--pgdata=${folder}`,
  `--username=${USER}`,
  `--pwfile=${passwordFile}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
];

/** What a start that was killed left: halves of clusters, and files with the password for initdb. */
const LEFT = /^postgres\.(?:new(?:\.[0-9a-f-]{36})?|[0-9a-f-]{36})$/;

/** Removes what killed starts left in our folder. Only for who holds the folder. */
export async function sweepLeftovers(dataDir: string): Promise<void> {
  const names = (await readdir(dataDir)).filter(name => LEFT.test(name));
  for (const name of names)
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 3 });
}

/** Makes the cluster under another name first: what an interrupted start leaves is never taken for one. */
async function makeCluster(making: Making): Promise<void> {
  const { program, account, folder, password, durable, signal } = making;
  const fresh = `${folder}.new.${randomUUID()}`;
  const passwordFile = `${folder}.${randomUUID()}`;
  const own = async (path: string): Promise<void> => {
    if (account !== null) await chown(path, account.uid, account.gid);
  };
  await mkdir(fresh, { mode: 0o700 });
  await own(fresh);
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await own(passwordFile);
    const flags = [...flagsOf(fresh, passwordFile), ...(durable ? [] : ['--no-sync'])];
    await runProgram(program.initdb, flags, runAs({ account, folder }), signal);
    await rename(fresh, folder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true, maxRetries: 3 });
    signal?.throwIfAborted();
    throw failure(
      `the embedded Postgres could not be set up in \`${folder}\`: ${error instanceof Error ? error.message : error}`,
      'the folder must be writable and the disk not full; or name another Postgres by `--database-url`',
      error,
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function versionOf(folder: string): Promise<string | null> {
  try {
    return await read(join(folder, 'PG_VERSION'));
  } catch (error) {
    throw failure(
      `the embedded Postgres' folder \`${folder}\` cannot be read`,
      'start the server as the user that made it',
      error,
    );
  }
}

function assertSameMajor(folder: string, found: string, program: Program): void {
  const [major] = program.version.split('.');
  if (found === major) return;
  throw failure(
    `\`${folder}\` was made by PostgreSQL ${found}, and this program brings PostgreSQL ${major}`,
    'dump it with the older program and restore it, or choose another folder by `--data-dir`',
  );
}

/** Postgres' account must pass through our folder; the cluster inside keeps its 0700. */
async function openWay(folder: string, account: Account, program: Program): Promise<void> {
  const { mode } = await stat(folder);
  if ((mode & 0o011) !== 0o011) await chmod(folder, mode | 0o011);
  await assertReachable(folder, account);
  await assertReachable(dirname(program.postgres), account);
}

/** The cluster in our data folder, made at the first start, with the password of its superuser. */
export async function clusterIn(
  dataDir: string,
  durable: boolean,
  signal?: AbortSignal,
): Promise<{ readonly cluster: PostgresCluster; readonly password: string }> {
  const program = await findProgram();
  const folder = join(dataDir, 'postgres');
  const account = await accountFor(folder);
  if (account !== null) await openWay(dataDir, account, program);
  const version = await versionOf(folder);
  if (version !== null) assertSameMajor(folder, version, program);
  const password = await passwordOf(dataDir, version !== null);
  if (version === null) await makeCluster({ program, account, folder, password, durable, signal });
  return {
    cluster: { program, account, folder, logFile: join(dataDir, 'postgres.log') },
    password,
  };
}
