import {
  ImportInventoryDocument,
  type ImportInventoryInput,
  type ImportInventoryMutation,
} from '../../generated/cli.js';
import type { Source } from '../../netpol/index.js';
import type { ApiClient } from '../client.js';

type Imported = ImportInventoryMutation['importInventory'];
export type ImportedCounts = NonNullable<Imported['counts']>;

type Wish = {
  readonly cluster: string;
  readonly mode: 'MERGE' | 'REPLACE';
  /** RFC 3339 text, or null for now. */
  readonly observedAt: string | null;
  readonly key: string | null;
};

/** What fits a GraphQL request of the server's usual limit of 64 MiB, escapes counted. */
const LARGEST_MUTATION = 32 * 2 ** 20;

/** Sends manifests to a cluster's inventory; one large file goes by the route for such. */
export const sendInventory = async (
  client: ApiClient,
  sources: readonly Source[],
  wish: Wish,
): Promise<Imported> => {
  const [only, ...more] = sources;
  const isLarge = more.length === 0 && (only?.text.length ?? 0) > LARGEST_MUTATION;
  if (isLarge && only !== undefined) return postInventory(client, only.text, wish);
  const files = sources.map(({ file, text }) => ({ file: file ?? '-', text }));
  const input: ImportInventoryInput = { ...wish, files };
  return (await client.ask(ImportInventoryDocument, { input })).importInventory;
};

const postInventory = async (
  client: ApiClient,
  body: string,
  { cluster, mode, observedAt, key }: Wish,
): Promise<Imported> => {
  const query = new URLSearchParams({
    cluster,
    mode,
    ...(observedAt === null ? {} : { observedAt }),
  });
  const answer = await client.post({
    path: `/ingest/inventory?${query}`,
    body,
    headers: {
      'content-type': 'application/json',
      ...(key === null ? {} : { 'idempotency-key': key }),
    },
  });
  return answer as Imported;
};
