import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, type Lab, labs } from '../support/lab.js';

const lab = labs();

const LEARN =
  'mutation ($input: GenerateBaselinesInput!) { generateBaselines(input: $input) { problems { code } } }';
const LOCK = 'mutation ($input: LockBaselinesInput!) { lockBaselines(input: $input) { changed } }';
const FORBID = `mutation ($input: ForbidBaselineEntriesInput!) { forbidBaselineEntries(input: $input) { changed } }`;
const IMPORT = `mutation ($input: ImportBaselinesInput!) { importBaselines(input: $input) {
  added changed removed locked unlocked problems { code severity path } } }`;
const EXPORT = `query ($cluster: String!, $deployments: [String!]) {
  baselineExport(cluster: $cluster, deployments: $deployments) { text baselines entries problems { code } } }`;
const DIFF = `query ($cluster: String!, $before: BaselineMoment!, $after: BaselineMoment) {
  baselineDiff(cluster: $cluster, namespace: "shop", name: "web", before: $before, after: $after) {
    before { version } after { version state source who why count }
    changes { nodes { direction port protocol before after peer { ... on Deployment { name } ... on ExternalEntity { name } } } } } }`;
const HISTORY = `query ($cluster: String!) { deployment(cluster: $cluster, namespace: "shop", name: "web") {
  baseline { revisions { version until state source who why count } } } }`;

const exported = async ({ ask, cluster }: Lab, deployments: readonly string[] | null = null) =>
  (await ask(EXPORT, { cluster, deployments })).baselineExport;

const learned = async (name: string): Promise<Lab> => {
  const shop = lab(name);
  await shop.see(
    flow('shop/web', 'shop/db', 5432),
    flow('shop/web', 'shop/api', 8080),
    flow('shop/web', '203.0.113.9', 443),
  );
  await shop.call(LEARN);
  return shop;
};

const NONE = { added: 0, changed: 0, removed: 0, locked: 0, unlocked: 0, problems: [] };

test('an export is sorted JSON without evidence, the same byte by byte, and its import changes nothing', async () => {
  const shop = await learned('export');
  const first = await exported(shop);
  assert.equal(
    (await exported(shop, ['shop/web'])).text,
    `{
  "baselines": [
    {
      "deployment": "shop/web",
      "entries": [
        {
          "direction": "EGRESS",
          "peer": "EXTERNAL:203.0.113.9",
          "port": 443,
          "protocol": "TCP",
          "status": "OBSERVED"
        },
        {
          "direction": "EGRESS",
          "peer": "shop/api",
          "port": 8080,
          "protocol": "TCP",
          "status": "OBSERVED"
        },
        {
          "direction": "EGRESS",
          "peer": "shop/db",
          "port": 5432,
          "protocol": "TCP",
          "status": "OBSERVED"
        }
      ],
      "kind": "Deployment",
      "locked": false
    }
  ],
  "kind": "WeirgateBaselines",
  "version": 1
}
`,
  );
  await shop.see(flow('shop/web', 'shop/api', 8080, { time: '2026-11-22T12:00:00Z' }));
  await shop.call(LEARN);
  const again = await exported(shop);
  assert.deepEqual(again, first);
  assert.deepEqual([again.baselines, again.entries, again.problems], [3, 5, []]);
  assert.deepEqual(await shop.call(IMPORT, { text: again.text }), NONE);
});

test('an edited export is imported: what it has not is removed, what was not observed is confirmed, locks are set', async () => {
  const shop = await learned('edit');
  const document = JSON.parse((await exported(shop, ['shop/web'])).text);
  const [web] = document.baselines;
  web.locked = true;
  web.entries = [
    { ...web.entries[1], status: 'FORBIDDEN', reason: 'moved' },
    web.entries[2],
    { ...web.entries[2], port: 5433 },
  ];
  const text = JSON.stringify(document);
  const done = { ...NONE, added: 1, changed: 1, removed: 1, locked: 1 };
  assert.deepEqual(await shop.call(IMPORT, { text, dryRun: true }), done);
  assert.deepEqual(JSON.parse((await exported(shop)).text).baselines[2].locked, false, 'dry run');
  assert.deepEqual(await shop.call(IMPORT, { text, reason: 'reviewed' }), done);
  assert.deepEqual(await shop.call(IMPORT, { text }), NONE);
  const [after] = JSON.parse((await exported(shop, ['shop/web'])).text).baselines;
  assert.deepEqual(
    [
      after.locked,
      after.entries.map((one: { port: number; status: string }) => [one.port, one.status]),
    ],
    [
      true,
      [
        [8080, 'FORBIDDEN'],
        [5432, 'OBSERVED'],
        [5433, 'CONFIRMED'],
      ],
    ],
  );
});

test('what of an import cannot be used is told with its place, and the rest is done', async () => {
  const shop = await learned('faults');
  const entry = { direction: 'EGRESS', peer: 'shop/api', port: 9090, protocol: 'TCP' };
  const document = {
    kind: 'WeirgateBaselines',
    version: 1,
    baselines: [
      {
        deployment: 'shop/web',
        entries: [
          { ...entry, direction: 'OUT', port: 70_000 },
          { ...entry, peer: 'shop/nobody' },
          entry,
          entry,
          { ...entry, colour: 'red' },
          { ...entry, reason: 'a\0b' },
          7,
        ],
      },
      { deployment: 'shop/nobody', entries: [] },
      { deployment: 'shop/db' },
    ],
  };
  const outcome = await shop.call(IMPORT, { text: JSON.stringify(document) });
  const { problems, ...counts } = outcome;
  assert.deepEqual(counts, { added: 1, changed: 0, removed: 0, locked: 0, unlocked: 0 });
  assert.deepEqual(
    problems.map(({ code, path }: { code: string; path: string }) => `${code} ${path}`),
    [
      'BAD_VALUE baselines[0].entries[0].direction',
      'BAD_VALUE baselines[0].entries[0].port',
      'UNKNOWN_FIELD baselines[0].entries[4].colour',
      'BAD_VALUE baselines[0].entries[5].reason',
      'NOT_AN_OBJECT baselines[0].entries[6]',
      'BAD_VALUE baselines[2].entries',
      'NOT_FOUND baselines[1].deployment',
      'NOT_FOUND baselines[0].entries[1].peer',
      'DUPLICATE baselines[0].entries[3]',
      'NOT_REMOVED baselines[0]',
    ],
  );
  for (const [text, code] of [
    ['{', 'BAD_JSON'],
    ['[]', 'NOT_AN_EXPORT'],
    ['{"kind":"WeirgateBaselines","version":2,"baselines":[]}', 'OTHER_VERSION'],
  ] as const)
    assert.deepEqual(await shop.call(IMPORT, { text }), {
      ...NONE,
      problems: [{ code, severity: 'ERROR', path: 'text' }],
    });
});

test('the history tells who changed what and why, and two versions or times are compared', async () => {
  const shop = await learned('history');
  await shop.call(LOCK, { deployments: ['shop/web'], reason: 'reviewed' });
  await shop.call(FORBID, {
    deployments: ['shop/web'],
    entries: [{ peer: 'shop/db' }],
    reason: 'through the API only',
  });
  const { cluster, ask } = shop;
  const { deployment } = await ask(HISTORY, { cluster });
  const { revisions } = deployment.baseline;
  assert.deepEqual(
    revisions.map(({ until, ...one }: { until: string | null }) => ({
      ...one,
      now: until === null,
    })),
    [
      ['LOCKED', 'forbidBaselineEntries', 'through the API only', true],
      ['LOCKED', 'lockBaselines', 'reviewed', false],
      ['LEARNING', 'generateBaselines', null, false],
    ].map(([state, source, why, now], place) => ({
      version: 3 - place,
      ...{ state, source, why, now, who: 'local', count: 3 },
    })),
  );
  const { baselineDiff } = await ask(DIFF, { cluster, before: { version: 2 } });
  assert.deepEqual(baselineDiff, {
    before: { version: 2 },
    after: {
      version: 3,
      ...{ state: 'LOCKED', source: 'forbidBaselineEntries', who: 'local' },
      ...{ why: 'through the API only', count: 3 },
    },
    changes: {
      nodes: [
        {
          direction: 'EGRESS',
          port: 5432,
          protocol: 'TCP',
          before: 'OBSERVED',
          after: 'FORBIDDEN',
          peer: { name: 'db' },
        },
      ],
    },
  });
  const missing = await ask(DIFF, { cluster, before: { at: '2020-01-01T00:00:00Z' } });
  assert.equal(missing.baselineDiff, null);
  const same = await ask(DIFF, { cluster, before: { at: '0s' } });
  assert.deepEqual(same.baselineDiff.changes.nodes, []);
});
