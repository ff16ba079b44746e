import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type DiffRow,
  diffRow,
  formatDiff,
  type ListFormat,
  type WorkloadChanges,
} from '../../../src/netpol/index.js';

const WEB = 'shop/web[Deployment]';
const API = 'shop/api[Deployment]';
const DB = 'data/db[StatefulSet]';

const workloads = (
  added: readonly string[] = [],
  removed: readonly string[] = [],
): WorkloadChanges => ({ added: new Set(added), removed: new Set(removed) });

type Connections = {
  readonly before?: string;
  readonly after?: string;
  readonly newlyAllowed?: string;
  readonly newlyBlocked?: string;
};

const changed = (
  source: string,
  destination: string,
  connections: Connections,
  moved = workloads(),
): DiffRow =>
  diffRow(
    {
      source,
      destination,
      before: '',
      after: '',
      newlyAllowed: '',
      newlyBlocked: '',
      ...connections,
    },
    moved,
  );

const added = (source: string, destination: string, moved?: WorkloadChanges): DiffRow =>
  changed(source, destination, { after: 'TCP 1', newlyAllowed: 'TCP 1' }, moved);

const format = (rows: readonly DiffRow[], how: ListFormat): string =>
  formatDiff(rows, { unchanged: [], workloads: workloads() }, how);

test('a row of a difference says `No Connections` where there are none', () => {
  assert.deepEqual(changed(WEB, API, { before: 'TCP 1', newlyBlocked: 'TCP 1' }), {
    diffType: 'removed',
    source: WEB,
    destination: API,
    dir1: 'TCP 1',
    dir2: 'No Connections',
    workloadsDiffInfo: '',
    newlyAllowed: 'No Connections',
    newlyBlocked: 'TCP 1',
  });
  assert.deepEqual(added(WEB, API), {
    diffType: 'added',
    source: WEB,
    destination: API,
    dir1: 'No Connections',
    dir2: 'TCP 1',
    workloadsDiffInfo: '',
    newlyAllowed: 'TCP 1',
    newlyBlocked: 'No Connections',
  });
});

test('a row of a difference says which of its ends came and which went', () => {
  const infoOf = (moved: WorkloadChanges): string => added(WEB, API, moved).workloadsDiffInfo;
  assert.equal(infoOf(workloads([DB], [DB])), '');
  assert.equal(infoOf(workloads([API], [DB])), `workload ${API} added`);
  assert.equal(infoOf(workloads([], [WEB])), `workload ${WEB} removed`);
  assert.equal(infoOf(workloads([API, WEB])), `workloads ${WEB} and ${API} added`);
  assert.equal(infoOf(workloads([API], [WEB])), `workload ${API} added, workload ${WEB} removed`);
});

const ROWS: readonly DiffRow[] = [
  changed(WEB, API, { before: 'TCP 1', newlyBlocked: 'TCP 1' }),
  added(WEB, DB),
  added(API, DB),
  changed(API, WEB, { before: 'TCP 1', after: 'TCP 1-2', newlyAllowed: 'TCP 2' }),
];

test('a difference is written with changed pairs first, then added ones, then removed ones', () => {
  assert.equal(
    format(ROWS, 'txt'),
    `Connectivity diff:
diff-type: changed, source: ${API}, destination: ${WEB}, dir1: TCP 1, dir2: TCP 1-2, newly-allowed: TCP 2
diff-type: added, source: ${API}, destination: ${DB}, dir1: No Connections, dir2: TCP 1
diff-type: added, source: ${WEB}, destination: ${DB}, dir1: No Connections, dir2: TCP 1
diff-type: removed, source: ${WEB}, destination: ${API}, dir1: TCP 1, dir2: No Connections
`,
  );
  assert.equal(format(ROWS.toReversed(), 'txt'), format(ROWS, 'txt'));
});

test('a table of a difference has our columns last, and ends where it has no rows', () => {
  const heading =
    '| diff-type | source | destination | dir1 | dir2 | workloads-diff-info | newly-allowed | newly-blocked |\n' +
    '|-----------|--------|-------------|------|------|---------------------|---------------|---------------|\n';
  assert.equal(format([], 'md'), heading);
  assert.equal(
    format([added(WEB, API)], 'md'),
    `${heading}| added | ${WEB} | ${API} | No Connections | TCP 1 |  | TCP 1 | No Connections |\n`,
  );
});

test('a drawing of a difference has a colour for what changed, came and went, and grey for the rest', () => {
  const unchanged = [{ src: DB, dst: '{ingress-controller}', conn: 'UDP 53' }];
  const drawn = formatDiff(ROWS, { unchanged, workloads: workloads([WEB], [API]) }, 'dot');
  const edge = (src: string, dst: string, label: string, color: string) =>
    `\t"${src}" -> "${dst}" [label="${label}" color="${color}" fontcolor="${color}"]`;
  assert.equal(
    drawn,
    `${[
      'digraph {',
      '\tsubgraph "cluster_data" {',
      `\t\t"${DB}" [label="db[StatefulSet]" color="blue" fontcolor="blue"]`,
      '\t\tlabel="data"',
      '\t}',
      '\tsubgraph "cluster_shop" {',
      `\t\t"${API}" [label="api[Deployment]" color="red" fontcolor="red"]`,
      `\t\t"${WEB}" [label="web[Deployment]" color="#008000" fontcolor="#008000"]`,
      '\t\tlabel="shop"',
      '\t}',
      '\t"{ingress-controller}" [label="{ingress-controller}" color="blue" fontcolor="blue"]',
      edge(DB, '{ingress-controller}', 'UDP 53', 'grey'),
      edge(API, DB, 'TCP 1', '#008000'),
      edge(API, WEB, 'TCP 1-2 (dir1: TCP 1)', 'magenta'),
      edge(WEB, DB, 'TCP 1', '#008000'),
      edge(WEB, API, 'TCP 1', 'red2'),
      '}',
    ].join('\n')}\n`,
  );
});
