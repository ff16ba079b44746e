import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { orBusy, tellingUnwanted } from '../../src/threads/unwanted.js';
import { startWorkThreads } from '../../src/threads/work-threads.js';

const DEAF_MS = 200;

/** One thread that does what its name says: `waits` hears, `computes` does not. */
const threads = () =>
  startWorkThreads({
    module: new URL('./support/deaf-work.ts', import.meta.url),
    data: null,
    threads: 1,
    callsPerThread: 8,
    lasting: true,
  });

test('work that waits hears that nobody wants it any more, and its thread lives on', async () => {
  const pool = threads();
  try {
    await pool.run({ name: 'answers', input: [], parent: null });
    const leaving = new AbortController();
    const { port, deaf, answered } = tellingUnwanted(leaving.signal, DEAF_MS);
    const call = { name: 'waits', input: [], parent: null, unwanted: port, deaf };
    const asked = pool.run(call).finally(answered);
    leaving.abort();
    assert.equal(await asked, 'heard: nobody waits for the answer');
    await pause(DEAF_MS * 2);
    assert.equal(await pool.run({ name: 'counts', input: [], parent: null }), 3);
  } finally {
    await pool.close();
  }
});

test('work that computes without a pause is ended with its thread, others are asked to come again, and a new thread answers', async () => {
  const pool = threads();
  try {
    await pool.run({ name: 'answers', input: [], parent: null });
    const leaving = new AbortController();
    const other = pool.run({ name: 'waits', input: [], parent: null }).catch(orBusy);
    const { port, deaf, answered } = tellingUnwanted(leaving.signal, DEAF_MS);
    const call = { name: 'computes', input: [], parent: null, unwanted: port, deaf };
    const asked = pool.run(call).finally(answered);
    leaving.abort();
    for (const one of [asked.catch(orBusy), other])
      assert.equal(((await one) as { code?: string }).code, 'UNAVAILABLE');
    assert.equal(await pool.run({ name: 'counts', input: [], parent: null }), 1);
  } finally {
    await pool.close();
  }
});
