import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APPS, CALL_GRAPH, qualityOf } from '../../bench/work/quality.js';
import { recorded } from '../support/recorded.js';
import { withServer } from '../support/server.js';

const files = APPS.flatMap(app => app.files);

test(
  'policies of three apps allow what their call graphs say and nothing else, whatever else was seen',
  { skip: recorded.missing(CALL_GRAPH, ...files) },
  () =>
    withServer(async ({ ask }) => {
      for (const app of APPS) {
        const { calls, allowed, ...quality } = await qualityOf(ask, app, recorded);
        assert.ok(calls > 5, app.name);
        assert.deepEqual(quality, {
          app: app.name,
          precision: 1,
          recall: 1,
          missing: [],
          stray: [],
        });
        assert.equal(allowed, calls);
      }
    }),
);
