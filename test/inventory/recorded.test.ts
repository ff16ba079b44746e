import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { importInventory } from '../../src/inventory/import-inventory.js';
import { withInventory } from './support/import.js';

const SNAPSHOTS = fileURLToPath(new URL('../../../shared/data/snapshots/', import.meta.url));
const skip = existsSync(SNAPSHOTS) ? false : 'the recorded snapshots are not here';

const recorded: readonly (readonly [folder: string, counts: Record<string, number>])[] = [
  [
    'np-guard-onlineboutique',
    { namespaces: 5, deployments: 12, pods: 12, services: 0, policies: 11 },
  ],
  ['nca-bookinfo-podlist', { namespaces: 7, deployments: 6, pods: 6, services: 4, policies: 0 }],
  [
    'nca-online-boutique-live',
    { namespaces: 8, deployments: 18, pods: 2, services: 24, policies: 12 },
  ],
];

for (const [folder, expected] of recorded) {
  test(`the recorded snapshot ${folder} is read whole, and once`, { skip }, () =>
    withInventory(async ({ deps }) => {
      const files = globSync(`${SNAPSHOTS}${folder}/**/*.{yaml,json}`).filter(
        file => !file.includes('connlist'),
      );
      const input = {
        cluster: folder,
        sources: files.toSorted().map(file => ({ file, text: readFileSync(file, 'utf8') })),
        mode: 'MERGE',
        observedAt: '2026-01-01T00:00:00.000000Z',
        key: null,
      } as const;
      const { counts } = await importInventory(deps, input);
      const shown = Object.fromEntries(
        Object.keys(expected).map(name => [name, counts?.[name as keyof typeof counts]]),
      );
      assert.deepEqual(shown, expected);
      const again = await importInventory(deps, input);
      assert.deepEqual([again.counts?.changed, again.counts?.ended], [0, 0]);
    }),
  );
}
