import { realpath } from 'node:fs/promises';
import { clusterIn } from './cluster.js';
import { urlOfEmbedded } from './embedded.js';
import { liveHolder } from './folder-lock.js';
import type { Log } from './log.js';
import { type DatabasePlace, type OpenPlace, openPlace } from './place.js';
import { runningPostmaster } from './postmaster.js';

/** The address of the embedded Postgres that another process runs in the folder; null where none does. */
async function runningUrl(dataDir: string): Promise<string | null> {
  const folder = await realpath(dataDir).catch(() => null);
  if (folder === null || (await liveHolder(folder)) === null) return null;
  const { cluster, password } = await clusterIn(folder, true);
  const postmaster = await runningPostmaster(cluster.folder);
  return postmaster === null ? null : urlOfEmbedded(password, postmaster.port);
}

/**
 * The database of a configuration, also while a server runs on it: what is done there is done beside that server.
 * @throws Failure where it cannot be reached
 */
export async function reachPlace(place: DatabasePlace, log: Log): Promise<OpenPlace> {
  const url = place.databaseUrl === null ? await runningUrl(place.dataDir) : null;
  return url === null ? openPlace(place, log) : { url, stop: async () => {} };
}
