import { IngestionsDocument } from '../../generated/cli.js';
import { counted } from '../../netpol/index.js';
import type { ApiClient } from '../client.js';
import { type CliIo, write } from '../shell.js';

/** The most that the API answers. */
const MOST = 500;

/** When something was last stored in a cluster, by the server's clock; null: nothing was. */
async function lastStored({ ask }: ApiClient, cluster: string): Promise<string | null> {
  const answer = await ask(IngestionsDocument, { cluster, first: 1 });
  return answer.cluster?.ingestions[0]?.recordedAt ?? null;
}

/** What was stored in a cluster after a time, whoever sent it. */
async function storedSince(
  { ask }: ApiClient,
  cluster: string,
  since: string | null,
): Promise<string> {
  const answer = await ask(IngestionsDocument, { cluster, first: MOST });
  const ingestions = answer.cluster?.ingestions ?? [];
  const later = ingestions.filter(({ recordedAt }) => since === null || recordedAt > since);
  const records = later.reduce((sum, { accepted }) => sum + accepted, 0);
  const isMore = later.length === MOST;
  return `${isMore ? 'more than ' : ''}${counted(records, 'record')}`;
}

export type Interruptible = {
  readonly signal: AbortSignal;
  readonly isInterrupted: () => boolean;
  /** What was stored until then, and how to go on. */
  readonly tell: () => Promise<void>;
  /** SIGINT ends the process again. */
  readonly close: () => void;
};

/** From now on SIGINT ends an upload, and no more: a second one ends the process. */
export async function interruptible(
  client: ApiClient,
  cluster: string,
  { onInterrupt, stderr }: Pick<CliIo, 'onInterrupt' | 'stderr'>,
): Promise<Interruptible> {
  const since = onInterrupt === undefined ? null : await lastStored(client, cluster);
  const stopping = new AbortController();
  const close = onInterrupt?.(() => stopping.abort()) ?? (() => {});
  return {
    signal: stopping.signal,
    isInterrupted: () => stopping.signal.aborted,
    tell: async () => {
      const stored = await storedSince(client, cluster, since);
      await write(
        stderr,
        `interrupted: ${stored} of cluster \`${cluster}\` were stored since the upload began\n` +
          'hint: to go on, send the same records again: those that are stored count once\n',
      );
    },
    close,
  };
}
