import 'reflect-metadata';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { textOf } from '../../src/http/body.js';
import { sendJson } from '../../src/http/routes.js';
import { importInventory } from '../../src/inventory/import-inventory.js';
import { inventoryRoute } from '../../src/inventory/inventory-route.js';
import { ApiError } from '../../src/query/api-error.js';
import { pod } from '../support/manifests.js';
import { withInventory } from './support/import.js';

/** The route on a port of its own; what it throws is answered with its message. */
const withRoute = (
  use: (post: (query: string, init?: RequestInit) => Promise<Response>) => Promise<void>,
): Promise<void> =>
  withInventory(async ({ deps }) => {
    const importFor = async () => (input: Parameters<typeof importInventory>[1]) =>
      importInventory(deps, input);
    const { handle } = inventoryRoute({ importFor, textOf, sendJson });
    const server = createServer((request, response) => {
      handle(request, response, new URL(request.url ?? '/', 'http://localhost')).catch(error => {
        assert.ok(error instanceof ApiError);
        sendJson(response, 400, { message: error.message });
      });
    });
    await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await use((query, init) =>
        fetch(`http://127.0.0.1:${port}/ingest/inventory?${query}`, { method: 'POST', ...init }),
      );
    } finally {
      await new Promise(resolve => server.close(resolve));
    }
  });

test('a snapshot is taken in over HTTP, packed or not, and its key is minded', () =>
  withRoute(async post => {
    const body = gzipSync(JSON.stringify(pod('shell')));
    const headers = { 'content-encoding': 'gzip', 'idempotency-key': 'one' };
    const query = 'cluster=lab&observedAt=2026-01-01T00:00:00Z&mode=replace';
    const response = await post(query, { body, headers });
    const { cluster, counts, problems } = (await response.json()) as Record<string, never>;
    assert.equal(response.status, 200);
    assert.deepEqual([cluster, counts?.['pods'], problems], ['lab', 1, []]);
    const other = await post(query, {
      body: JSON.stringify(pod('other')),
      headers: { 'idempotency-key': 'one' },
    });
    assert.equal(other.status, 409);
  }));

test('what cannot be taken in is answered with its reason', () =>
  withRoute(async post => {
    const nothing = await post('cluster=lab', { body: '{"a": 1}' });
    assert.equal(nothing.status, 400);
    const { problems } = (await nothing.json()) as { problems: { code: string; line: number }[] };
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['NOT_A_KUBERNETES_OBJECT', 'NOTHING_TO_IMPORT'],
    );
    for (const [query, message] of [
      ['', /parameter `cluster` is missing/],
      ['cluster=lab&mode=all', /`mode=all` is neither `MERGE` nor `REPLACE`/],
      ['cluster=lab&observedAt=soon', /`soon` is not a date and time/],
    ] as const) {
      const response = await post(query, { body: '{}' });
      assert.match(((await response.json()) as { message: string }).message, message);
    }
  }));
