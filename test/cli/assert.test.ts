import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { MANIFESTS, policyFor } from './api/weirgate.js';
import { folderOf } from './folder.js';
import { run } from './run.js';

test('assertions are held against manifests, without a server', async t => {
  const manifests = folderOf(t, { ...MANIFESTS, 'policy.yaml': policyFor(8080) });
  const assertions = (text: string) => join(folderOf(t, { 'a.yaml': text }), 'a.yaml');
  const check = (text: string, ...more: readonly string[]) =>
    run(['netpol', 'assert', manifests, '--assertions', assertions(text), ...more]);

  const holds = await check('assertions:\n  - api is reached only from web:8080\n');
  assert.equal(holds.exit, 0, holds.err);
  assert.match(holds.out, /api is reached only from web:8080 +│ holds/);

  const broken = await check('assertions:\n  - name: closed\n    assert: web does not reach api\n');
  assert.equal(broken.exit, 1);
  assert.match(broken.out, /closed +│ does not hold/);
  assert.match(
    broken.out,
    /is possible: shop\/web\[Deployment\] -> shop\/api\[Deployment\] \(TCP 8080\)/,
  );

  const json = await check('- no path from internet to web\n', '-o', 'json');
  assert.partialDeepStrictEqual(JSON.parse(json.out), {
    assertions: [{ text: 'no path from internet to web', holds: false, line: 1, column: 3 }],
  });
  const sarif = JSON.parse((await check('- web does not reach api\n', '-o', 'sarif')).out);
  assert.equal(sarif.runs[0].results[0].ruleId, 'assertion-violated');

  for (const [text, says] of [
    ['- web likes api\n', /a\.yaml:1:3: error: `web likes api` is no assertion/],
    ['- wbe reaches api\n', /nobody is named `wbe`/],
    ['kind: Pod\n', /there is no list of assertions/],
  ] as const) {
    const wrong = await check(text);
    assert.deepEqual([wrong.exit, wrong.out], [2, ''], text);
    assert.match(wrong.err, says);
  }
});
