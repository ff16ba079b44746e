import { DemoCountsDocument } from '../../generated/cli.js';
import { apiClient } from '../client.js';
import { write } from '../shell.js';
import { CLUSTER, seedDemo } from './seed.js';
import { tourText } from './tour.js';

export type DemoIo = {
  /** Base URL of the server to seed. */
  readonly server: string;
  /** The token to show it, where it wants one. */
  readonly token?: string | null;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** The flows end at this hour, where the cluster is not there yet. */
  readonly now: Date;
};

/**
 * Seeds the demonstration cluster through the API and prints what to open and to try. Again on the same server it
 * changes nothing.
 */
export const runDemo = async ({ stdout, stderr, ...demo }: DemoIo): Promise<void> => {
  const { server, token = null, now } = demo;
  const client = apiClient(server, token);
  await write(stderr, 'making the demonstration cluster …\n');
  const { accepted, skipped, duplicates } = await seedDemo(client, now);
  const { cluster, flows, anomalous } = await client.ask(DemoCountsDocument, { cluster: CLUSTER });
  await write(
    stdout,
    tourText({
      server,
      deployments: cluster?.counts.deployments ?? 0,
      pods: cluster?.counts.pods ?? 0,
      flows: flows.totalCount ?? 0,
      anomalous: anomalous.totalCount ?? 0,
      records: accepted + skipped + duplicates,
      isNew: duplicates === 0,
    }),
  );
};
