import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemOf } from '../graphql/problem.graphql.js';
import { badInput } from '../query/api-error.js';
import { readDateTime } from '../query/date-time.js';
import type { Imported, InventoryImport } from './inventory-import.js';
import { ImportMode } from './inventory-import.js';

export type InventoryRouteDeps = {
  /** For the caller of the request; throws ApiError to refuse it. */
  readonly importFor: (
    request: IncomingMessage,
    response: ServerResponse,
  ) => Promise<(input: InventoryImport) => Promise<Imported>>;
  /** The whole body, unpacked; throws past the limit. */
  readonly textOf: (request: IncomingMessage, limit: number) => Promise<string>;
  readonly sendJson: (response: ServerResponse, status: number, value: unknown) => void;
};

/** 256 MiB unpacked hold the pods of a cluster of 20,000. */
const LARGEST_BODY = 256 * 2 ** 20;

const ROUTE = 'POST /ingest/inventory?cluster=NAME';

function modeOf(written: string | null): ImportMode {
  const mode = (written ?? ImportMode.MERGE).toUpperCase();
  if (mode === ImportMode.MERGE || mode === ImportMode.REPLACE) return mode;
  throw badInput(`\`mode=${written}\` is neither \`MERGE\` nor \`REPLACE\``);
}

function inputOf(url: URL, { headers }: IncomingMessage): Omit<InventoryImport, 'sources'> {
  const cluster = url.searchParams.get('cluster');
  if (!cluster) throw badInput(`the parameter \`cluster\` is missing: ${ROUTE}`);
  const observedAt = url.searchParams.get('observedAt');
  const key = headers['idempotency-key'];
  return {
    cluster,
    mode: modeOf(url.searchParams.get('mode')),
    observedAt: observedAt === null ? null : readDateTime(observedAt),
    key: typeof key === 'string' ? key : null,
  };
}

/** 409: the key belongs to another import. */
const statusOf = ({ cluster, problems }: Imported): number => {
  if (cluster !== null) return 200;
  return problems.some(({ code }) => code === 'KEY_REUSED') ? 409 : 400;
};

/**
 * `POST /ingest/inventory?cluster=NAME[&mode=REPLACE][&observedAt=…]`: what `kubectl get -o json` prints as the body;
 * answers counts and problems as `importInventory` does.
 */
export function inventoryRoute({ importFor, textOf, sendJson }: InventoryRouteDeps) {
  const handle = async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): Promise<void> => {
    const input = inputOf(url, request);
    const importInventory = await importFor(request, response);
    const text = await textOf(request, LARGEST_BODY);
    const outcome = await importInventory({ ...input, sources: [{ file: null, text }] });
    sendJson(response, statusOf(outcome), {
      cluster: outcome.cluster?.name ?? null,
      counts: outcome.counts,
      problems: outcome.problems.map(problemOf),
    });
  };
  return { method: 'POST', path: '/ingest/inventory', handle } as const;
}
