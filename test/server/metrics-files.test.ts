import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parse } from 'yaml';
import { sharedServer } from '../support/shared-server.js';

const server = sharedServer();

const NAME = /\b(?:weirgate|nodejs|process)_[a-z0-9_]+/g;

type Rules = {
  readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[];
};

test('the dashboard and the alert rules ask for metrics that the server has', async () => {
  const { groups } = parse(await readFile('docker/alerts.yaml', 'utf8')) as Rules;
  const dashboard = await readFile('docker/dashboard.json', 'utf8');
  assert.ok(JSON.parse(dashboard).panels.length > 5);
  const { server: url, ask } = server();
  await ask('{ clusters { totalCount } }');
  const told = await (await fetch(`${url}/metrics`)).text();
  const rules = groups.flatMap(group => group.rules.map(({ expr }) => expr)).join(' ');
  const names = new Set(`${rules} ${dashboard}`.match(NAME));
  assert.ok(names.size > 8);
  for (const name of names)
    assert.match(told, new RegExp(`^# TYPE ${name.replace(/_(?:bucket|count|sum)$/, '')} `, 'm'));
  assert.match(told, /^weirgate_database_connections\{state="total"\} \d/m);
});
