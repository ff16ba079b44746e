import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tracingAsked } from '../../src/tracing/open-tracing.js';
import { type SpanFacts, spanned, type Tracer, traceBy } from '../../src/tracing/tracing.js';
import { withServer } from '../server/running.js';

const ENDPOINT = 'http://collector:4318';

for (const [environment, protocol] of [
  [{}, undefined],
  [{ OTEL_SERVICE_NAME: 'weirgate' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT }, null],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ENDPOINT }, null],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    'http/json',
  ],
] as const)
  test(`traces are ${protocol === undefined ? 'not ' : ''}asked for by ${JSON.stringify(environment)}`, () =>
    assert.equal(tracingAsked(environment)?.protocol, protocol));

test('without a tracer work is done as it is', () => {
  assert.equal(
    spanned({ name: 'nothing' }, span => {
      span.add({});
      return 7;
    }),
    7,
  );
});

test('the trace of a client that no trusted proxy stands for is not taken up', async () => {
  const begun: SpanFacts[] = [];
  const tracer: Tracer = {
    within: (facts, work) => {
      begun.push(facts);
      return work({ add: () => {}, rename: () => {}, failed: () => {} });
    },
    parent: () => null,
    close: async () => {},
  };
  traceBy(tracer);
  try {
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    await withServer(async ({ url }) => {
      await fetch(`${url}/nothing`, { headers: { traceparent } });
    });
  } finally {
    traceBy(null);
  }
  assert.deepEqual(
    begun.map(({ name, parent }) => ({ name, parent })),
    [{ name: 'GET', parent: null }],
  );
});
