import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gravest } from '../../src/simulation/findings.js';
import type { StoredFinding } from '../../src/simulation/simulation.js';

const finding = (severity: string, message: string, introduced = true): StoredFinding => ({
  severity: severity as StoredFinding['severity'],
  ...{ rule: 'x', policy: null, line: null, column: null, hint: null },
  ...{ message, introduced },
});

test('of more than a thousand findings the gravest are kept, and the last says how many are not', () => {
  const many = Array.from({ length: 1_500 }, (_, n) => finding('INFO', `${n}`, n % 2 === 0));
  const all = [...many, finding('WARNING', 'late'), finding('ERROR', 'last', false)];
  const kept = gravest(all);
  assert.equal(kept.length, 1_000);
  assert.deepEqual(
    kept.slice(-3).map(({ message }) => message),
    ['late', 'last', '503 more findings are not kept, none graver than those that are'],
  );
  assert.ok(kept.slice(0, 750).filter(one => !one.introduced).length < 250);
  assert.equal(gravest(many.slice(0, 1_000)).length, 1_000);
});
