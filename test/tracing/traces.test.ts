import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { end, startServer } from '../chaos/processes.js';
import { lines, record } from '../flows/support/intake.js';
import { withDatabase } from '../support/database.js';
import { until } from '../support/lab.js';

type Span = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly links?: readonly { readonly traceId: string }[];
};

type Export = {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { readonly key: string; value: object }[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
};

type Collector = {
  readonly url: string;
  readonly bodies: readonly string[];
  readonly spans: () => readonly Span[];
};

/** What a collector of OpenTelemetry is to a server: it takes spans. */
async function withCollector(use: (collector: Collector) => Promise<void>): Promise<void> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await text(request));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const spans = (): readonly Span[] =>
    bodies.flatMap(body =>
      (JSON.parse(body) as Export).resourceSpans.flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap(scope => scope.spans),
      ),
    );
  await use({ url: `http://127.0.0.1:${port}`, bodies, spans }).finally(() => {
    server.closeAllConnections();
    server.close();
  });
}

const traceId = (digit: string): string => digit.repeat(32);
const PARENT = 'b7ad6b7169203331';
/** A statement of a thread. */
const INGESTED =
  /^chunks\.claim < ingest chunks < takeUpload < engine takeUpload < POST \/ingest\/flows$/;
const SECRET = 'nobody-may-read-this';

/** Names from a span up to what began its trace. */
function pathOf(spans: readonly Span[], span: Span): readonly string[] {
  const parent = spans.find(one => one.spanId === span.parentSpanId);
  return parent === undefined ? [span.name] : [span.name, ...pathOf(spans, parent)];
}

const pathsIn = (spans: readonly Span[], trace: string): readonly string[] =>
  spans.filter(span => span.traceId === trace).map(span => pathOf(spans, span).join(' < '));

const GENERATE = `mutation Generating($input: GeneratePoliciesInput!) { generatePolicies(input: $input) { job { status } } }`;
const READ = `query Reading($filter: FlowFilter) { flows(filter: $filter) { totalCount } }`;

async function askAll(server: string): Promise<Record<string, unknown>> {
  const post = (path: string, body: string, trace: string, type = 'application/json') =>
    fetch(`${server}${path}`, {
      method: 'POST',
      headers: { 'content-type': type, traceparent: `00-${traceId(trace)}-${PARENT}-01` },
      body,
    });
  const graphql = (query: string, variables: object, trace: string) =>
    post('/graphql', JSON.stringify({ query, variables }), trace);
  const sent = await post(
    '/ingest/flows?cluster=traced&format=neutral',
    lines(record({ port: 80 })),
    '1',
    'application/x-ndjson',
  );
  assert.equal(sent.status, 200);
  await graphql(READ, { filter: { cluster: { eq: SECRET } } }, '2');
  await graphql(GENERATE, { input: { cluster: 'traced', name: 'traced' } }, '3');
  const refused = await graphql(READ, { filter: { cluster: { like: 1 } } }, '4');
  await fetch(`${server}/livez`);
  const { errors } = (await refused.json()) as { errors: readonly { extensions: object }[] };
  return { ...errors[0]?.extensions };
}

test('a trace leads from the request through threads to statements, and holds nothing that was sent', () =>
  withDatabase(({ url: database }) =>
    withCollector(async ({ url, bodies, spans }) => {
      const server = startServer(
        ['--port', '0', '--database-url', database, '--trusted-proxies', '127.0.0.1'],
        {
          OTEL_EXPORTER_OTLP_ENDPOINT: url,
          OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
          OTEL_BSP_SCHEDULE_DELAY: '100',
          OTEL_SERVICE_NAME: 'weirgate-under-test',
        },
      );
      const looked = async (): Promise<void> => {
        const extensions = await askAll(await server.url);
        assert.equal(extensions['code'], 'BAD_USER_INPUT');
        assert.equal(extensions['traceId'], traceId('4'));
        await until(
          async () => pathsIn(spans(), traceId('1')).some(path => INGESTED.test(path)),
          'threads send what they did',
        );
      };
      await looked().finally(async () => {
        assert.equal(await end(server, 'SIGTERM'), 0, server.errors());
      });
      const all = spans();
      const read = pathsIn(all, traceId('2'));
      assert.ok(
        read.some(path => /^flows\.\S+ < query Reading < POST \/graphql$/.test(path)),
        read.join('\n'),
      );
      const root = all.find(one => one.traceId === traceId('2') && one.name === 'POST /graphql');
      assert.equal(root?.parentSpanId, PARENT);
      const job = all.find(({ name }) => name === 'job job:generate');
      assert.ok(job !== undefined, all.map(({ name }) => name).join());
      assert.deepEqual(
        [job.parentSpanId, job.links?.map(link => link.traceId)],
        [undefined, [traceId('3')]],
        'a trace of its own, which tells by which request it was asked for',
      );
      assert.ok(!all.some(({ name }) => name.includes('livez')));
      const told = bodies.join('\n');
      assert.ok(told.includes('weirgate-under-test') && !told.includes(SECRET));
    }),
  ));
