import { startEmbedded } from './embedded.js';
import type { Log } from './log.js';

/** Where the database is: at `databaseUrl`, or else the embedded one in `dataDir`. */
export type DatabasePlace = {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** False for what goes away with one command: nothing is forced to disk. Default true. */
  readonly durable?: boolean;
};

export type OpenPlace = { readonly url: string; stop(): Promise<void> };

/** The database of a configuration: nothing to start or stop where it names one. */
export async function openPlace(
  { databaseUrl, dataDir, durable = true }: DatabasePlace,
  log: Log,
  signal?: AbortSignal,
): Promise<OpenPlace> {
  if (databaseUrl !== null) return { url: databaseUrl, stop: async () => {} };
  return startEmbedded({ dataDir, log, durable, ...(signal && { signal }) });
}
