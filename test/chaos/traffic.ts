import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

const PER_LINE = 60_000;

/** A record that is like no other: resent, it counts once. */
const record = (number: number): string => {
  const time = new Date(Date.UTC(2026, 10, 22) + number * 10).toISOString();
  const workload = (name: string) => ({
    namespace: 'shop',
    workload: { kind: 'Deployment', name },
  });
  return JSON.stringify({
    time,
    id: `r${number}`,
    source: workload(`web-${number % 50}`),
    destination: workload('api'),
    port: 8000 + (number % 20),
    protocol: 'TCP',
    verdict: 'ALLOWED',
  });
};

/** Records 0 to `count`, as slowly as it takes to be met by what is done to the server. */
async function* stream(count: number, everyMs: number): AsyncGenerator<Uint8Array> {
  const step = 2_500;
  for (let at = 0; at < count; at += step) {
    const lines = Array.from({ length: Math.min(step, count - at) }, (_, n) => record(at + n));
    yield Buffer.from(`${lines.join('\n')}\n`);
    if (everyMs > 0) await pause(everyMs);
  }
}

/** Uploads once; the status, or null where the connection broke. */
export async function upload(
  url: string,
  cluster: string,
  count: number,
  { everyMs = 0, signal }: { readonly everyMs?: number; readonly signal?: AbortSignal } = {},
): Promise<number | null> {
  try {
    const response = await fetch(`${url}/ingest/flows?cluster=${cluster}&format=neutral`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: ReadableStream.from(stream(count, everyMs)),
      duplex: 'half',
      ...(signal && { signal }),
    });
    await response.text();
    return response.status;
  } catch {
    return null;
  }
}

/** Uploads the same again until it is taken, as a sender does. */
export async function uploadForSure(url: string, cluster: string, count: number): Promise<void> {
  const over = Date.now() + PER_LINE * 2;
  for (;;) {
    const status = await upload(url, cluster, count);
    if (status === 200) return;
    assert.ok(status === null || status === 429 || status === 503, `upload answered ${status}`);
    assert.ok(Date.now() < over, 'an upload is taken in the end');
    await pause(500);
  }
}

export type Answer = {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the answer has the shape of the question
  readonly data: any;
  readonly codes: readonly string[];
};

export async function ask(url: string, query: string, variables: object = {}): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data = null, errors = [] } = (await response.json()) as {
    data?: unknown;
    errors?: readonly { extensions: { code: string } }[];
  };
  return { status: response.status, data, codes: errors.map(({ extensions }) => extensions.code) };
}

const TOTALS = `query ($filter: FlowFilter!, $after: String) { flows(first: 500, after: $after, filter: $filter) {
  pageInfo { hasNextPage endCursor } nodes { events counts { events } } } }`;

/** Every record that was sent is counted once, in the flows and in their hours. */
export async function assertTotals(url: string, cluster: string, count: number): Promise<void> {
  let [edges, hours, after] = [0, 0, null as string | null];
  do {
    const { data, codes } = await ask(url, TOTALS, { filter: { cluster: { eq: cluster } }, after });
    assert.deepEqual(codes, []);
    for (const { events, counts } of data.flows.nodes) {
      edges += Number(events);
      hours += Number(counts.events);
    }
    const { hasNextPage, endCursor } = data.flows.pageInfo;
    after = hasNextPage ? endCursor : null;
  } while (after !== null);
  assert.deepEqual({ edges, hours }, { edges: count, hours: count });
}
