import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { typescriptArguments } from '../support/typescript.js';
import { folderOf } from './folder.js';

const POD = (index: number): string => `
apiVersion: v1
kind: Pod
metadata: { name: a-pod-with-a-name-that-fills-the-pipe-${index}, namespace: shop }
`;

test('a reader that leaves early, as head does, is no failure', async t => {
  const pods = Array.from({ length: 60 }, (_, index) => POD(index)).join('---');
  const folder = folderOf(t, { 'pods.yaml': pods });
  const main = new URL('../../src/main.ts', import.meta.url).pathname;
  const child = spawn(
    process.execPath,
    [...typescriptArguments(), main, 'netpol', 'connectivity', 'map', folder],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  child.stdout.once('data', () => child.stdout.destroy());
  const closed = new Promise<number | null>(resolve => void child.once('close', resolve));
  const err = await text(child.stderr);
  assert.deepEqual([await closed, err], [0, '']);
});
