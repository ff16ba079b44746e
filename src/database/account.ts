import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, failure } from './failure.js';

/** The system account that Postgres runs under. */
export type Account = { readonly name: string; readonly uid: number; readonly gid: number };

/** Accounts that own nothing else of worth, best first. None is made: that is the administrator's business. */
const CANDIDATES = ['postgres', '_postgres', 'nobody'];

async function knownAccounts(): Promise<readonly Account[]> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n');
  return lines
    .map(line => line.split(':'))
    .filter(fields => fields.length > 3)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

async function ownerOf(folder: string): Promise<number | null> {
  try {
    return (await stat(folder)).uid;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * "root" execution of the PostgreSQL server is not permitted: the account to run it under instead, or null
 * where this process is not root. An existing cluster stays with its owner.
 */
export async function accountFor(cluster: string): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const accounts = await knownAccounts();
  const owner = await ownerOf(cluster);
  const candidates = CANDIDATES.map(name => accounts.find(account => account.name === name));
  const chosen =
    (owner !== null && owner !== 0 && accounts.find(({ uid }) => uid === owner)) ||
    candidates.find(account => account !== undefined);
  if (chosen !== undefined) return chosen;
  throw failure(
    `postgres does not run as root, and no account named ${CANDIDATES.map(name => `\`${name}\``).join(', ')} exists`,
    'start the server as another user, make one of these accounts, or name another Postgres by `--database-url`',
  );
}

/** Search permission is what it takes to pass through a folder (path_resolution(7)). */
function mayEnter(entry: { mode: number; uid: number; gid: number }, account: Account): boolean {
  if (entry.uid === account.uid) return (entry.mode & 0o100) !== 0;
  return (entry.mode & (entry.gid === account.gid ? 0o010 : 0o001)) !== 0;
}

/** Throws a Failure that names the first folder on the way to `folder` which the account may not enter. */
export async function assertReachable(folder: string, account: Account): Promise<void> {
  const parent = dirname(folder);
  if (parent !== folder) await assertReachable(parent, account);
  if (mayEnter(await stat(folder), account)) return;
  throw failure(
    `the folder \`${folder}\` cannot be entered by the account \`${account.name}\`, which Postgres runs under because this process is root`,
    `choose a data folder elsewhere by \`--data-dir\` (and a program folder that everybody may enter), or run \`chmod o+x ${folder}\``,
  );
}
