import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { giveBytes, takeBytes } from '../../src/threads/byte-stream.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of bytes) text += decoder.decode(chunk, { stream: true });
  return text;
}

/** Gives so many chunks, and tells how many were read. */
function counting(chunks: number) {
  const read = { count: 0 };
  async function* source() {
    for (let index = 0; index < chunks; index += 1) {
      read.count += 1;
      yield bytesOf(`${index} `);
    }
  }
  return { read, source: source() };
}

test('bytes arrive in their order, and all of them', async () => {
  const { source } = counting(100);
  const text = await textOf(takeBytes(giveBytes(source).port));
  assert.equal(text, Array.from({ length: 100 }, (_, index) => `${index} `).join(''));
});

test('a chunk that is all of its buffer is moved, a part of a buffer is copied', async () => {
  const whole = bytesOf('whole ');
  const buffer = bytesOf('a part of a buffer');
  async function* source() {
    yield whole;
    yield buffer.subarray(2, 6);
  }
  assert.equal(await textOf(takeBytes(giveBytes(source()).port)), 'whole part');
  assert.equal(whole.byteLength, 0);
  assert.equal(new TextDecoder().decode(buffer), 'a part of a buffer');
});

test('a stream is read no faster than it is used', async () => {
  const { source, read } = counting(1_000);
  const taken = takeBytes(giveBytes(source).port);
  await taken.next();
  for (let turns = 0; turns < 50; turns += 1) await turn();
  assert.ok(read.count <= 20, `${read.count} chunks were read ahead`);
  await taken.return(undefined);
});

test('what a source throws breaks the stream, and stays with its giver', async () => {
  async function* source() {
    yield bytesOf('some');
    throw new Error('the client went away');
  }
  const given = giveBytes(source());
  await assert.rejects(textOf(takeBytes(given.port)), /broke/);
  assert.equal((given.fault() as Error).message, 'the client went away');
});

test('a source is left when the taker ends early', async () => {
  const left = Promise.withResolvers<void>();
  async function* source() {
    try {
      for (;;) yield bytesOf('more');
    } finally {
      left.resolve();
    }
  }
  const taken = takeBytes(giveBytes(source()).port);
  await taken.next();
  await taken.return(undefined);
  await left.promise;
});
