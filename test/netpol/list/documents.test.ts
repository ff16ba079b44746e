import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Exposure, formatList, isPeerNamed, type Reason } from '../../../src/netpol/index.js';
import { namespaceOfPeer } from '../../../src/netpol/list/row.js';

const WEB = 'shop/web[Deployment]';
const API = 'shop/api[Deployment]';
const ALL = 'All Connections';

const ROWS = [
  { src: WEB, dst: API, conn: 'TCP 1,UDP 2' },
  { src: API, dst: WEB, conn: ALL },
];

const EXPOSURE: Exposure = {
  egress: [
    { src: WEB, dst: 'entire-cluster', conn: ALL },
    { src: API, dst: 'entire-cluster', conn: 'TCP 1' },
  ],
  ingress: [
    { src: 'entire-cluster', dst: API, conn: 'TCP 1' },
    { src: 'data/[all pods]', dst: WEB, conn: ALL },
  ],
};

test('a list is written as lines, with what workloads are exposed to after it', () => {
  const list = `${API} => ${WEB} : ${ALL}\n${WEB} => ${API} : TCP 1,UDP 2\n`;
  assert.equal(formatList(ROWS, null, 'txt'), list);
  assert.equal(
    formatList(ROWS, EXPOSURE, 'txt'),
    `${list}
Exposure Analysis Result:
Egress Exposure:
${API} => entire-cluster : TCP 1
${WEB} => entire-cluster : ${ALL}

Ingress Exposure:
${API} <= entire-cluster : TCP 1
${WEB} <= data/[all pods] : ${ALL}
`,
  );
});

test('a list is written as CSV, with a field that has a comma in quotes', () => {
  const list = `src,dst,conn\n${API},${WEB},${ALL}\n${WEB},${API},"TCP 1,UDP 2"\n`;
  assert.equal(formatList(ROWS, null, 'csv'), list);
  assert.equal(
    formatList([], EXPOSURE, 'csv'),
    `src,dst,conn
Exposure Analysis Result:,,
Egress Exposure:,,
src,dst,conn
${API},entire-cluster,TCP 1
${WEB},entire-cluster,${ALL}
Ingress Exposure:,,
dst,src,conn
${API},entire-cluster,TCP 1
${WEB},data/[all pods],${ALL}
`,
  );
});

test('a quote inside a field of CSV is doubled', () => {
  const row = { src: 'a"b', dst: 'c', conn: 'TCP 1,2' };
  assert.equal(formatList([row], null, 'csv'), 'src,dst,conn\n"a""b",c,"TCP 1,2"\n');
});

test('a list is written as tables, with a bar inside a cell marked as such', () => {
  assert.equal(
    formatList([{ src: 'a|b', dst: WEB, conn: ALL }], null, 'md'),
    `| src | dst | conn |\n|-----|-----|------|\n| a\\|b | ${WEB} | ${ALL} |\n`,
  );
});

test('a list is written as JSON with its three members, and with reasons where there are some', () => {
  const reason: Reason = {
    direction: 'INGRESS',
    tier: 'NETWORK_POLICY',
    policy: { kind: 'NetworkPolicy', namespace: 'shop', name: 'api' },
    rule: { index: 0, name: null, action: 'ALLOW' },
    place: { file: 'api.yaml', line: 3, column: 1 },
  };
  const byDefault = { reason: null, conn: ALL, ranges: null };
  const explanation = { egress: [byDefault], ingress: [{ reason, conn: ALL, ranges: null }] };
  const rows = [
    { src: API, dst: WEB, conn: ALL },
    { src: WEB, dst: API, conn: ALL, explanation },
  ];
  assert.deepEqual(JSON.parse(formatList(rows, null, 'json')), rows);
  assert.deepEqual(JSON.parse(formatList([], EXPOSURE, 'json')), {
    connlist_results: [],
    exposure_results: {
      egress_exposure: EXPOSURE.egress.toReversed(),
      ingress_exposure: EXPOSURE.ingress,
    },
  });
});

test('a row says what decided it, and for which ports and addresses where not for all', () => {
  const byDefault = { reason: null, conn: ALL, ranges: null };
  const narrow = {
    reason: null,
    conn: 'TCP 80',
    ranges: ['10.0.0.0-10.0.0.1', '10.0.0.4-10.0.0.4'],
  };
  const explanation = { egress: [byDefault], ingress: [narrow, { ...narrow, conn: ALL }] };
  const row = { src: '10.0.0.0-10.255.255.255', dst: API, conn: ALL, explanation };
  const text = 'no policy decides it, so it is allowed';
  assert.equal(
    formatList([row], null, 'txt'),
    `10.0.0.0-10.255.255.255 => ${API} : ${ALL}
  egress: ${text}
  ingress: ${text} for TCP 80 with 10.0.0.0-10.0.0.1, 10.0.0.4-10.0.0.4
  ingress: ${text} with 10.0.0.0-10.0.0.1, 10.0.0.4-10.0.0.4
`,
  );
});

test('a drawing of a list has frames and lines in the order of their texts, and futures in red', () => {
  const range = '10.0.0.0-10.0.0.1';
  const node = (peer: string, label: string, color: string) =>
    `"${peer}" [label="${label}" color="${color}" fontcolor="${color}"]`;
  const edge = (src: string, dst: string) =>
    `\t"${src}" -> "${dst}" [label="${ALL}" color="darkgreen" fontcolor="darkgreen"]`;
  const rows = [
    { src: WEB, dst: API, conn: ALL },
    { src: API, dst: 'data/db[Pod]', conn: ALL },
    { src: '{ingress-controller}', dst: WEB, conn: ALL },
  ];
  const exposure: Exposure = {
    egress: [{ src: WEB, dst: range, conn: ALL }],
    ingress: [{ src: 'entire-cluster', dst: API, conn: ALL }],
  };
  assert.equal(
    formatList(rows, exposure, 'dot'),
    `${[
      'digraph {',
      '\tsubgraph "cluster_data" {',
      `\t\t${node('data/db[Pod]', 'db[Pod]', 'blue')}`,
      '\t\tlabel="data"',
      '\t}',
      '\tsubgraph "cluster_shop" {',
      `\t\t${node(API, 'api[Deployment]', 'blue')}`,
      `\t\t${node(WEB, 'web[Deployment]', 'blue')}`,
      '\t\tlabel="shop"',
      '\t}',
      `\t${node(range, range, 'red2')}`,
      `\t${node('entire-cluster', 'entire-cluster', 'red2')}`,
      `\t${node('{ingress-controller}', '{ingress-controller}', 'blue')}`,
      edge('entire-cluster', API),
      edge(API, 'data/db[Pod]'),
      edge(WEB, range),
      edge(WEB, API),
      edge('{ingress-controller}', WEB),
      '}',
    ].join('\n')}\n`,
  );
});

test('a drawing of workloads alone has nothing outside its frames', () => {
  const drawn = formatList([{ src: WEB, dst: 'shop/api[Pod]', conn: ALL }], null, 'dot');
  const peers = drawn.split('\n').filter(line => line.includes('[label=') && !line.includes('->'));
  assert.deepEqual(
    peers.map(line => line.split(' ')[0]),
    ['\t\t"shop/api[Pod]"', `\t\t"${WEB}"`],
  );
});

test('a quote and a backslash in a drawing stand behind a backslash', () => {
  const drawn = formatList([{ src: '{a"b}', dst: '{c\\d}', conn: ALL }], null, 'dot');
  assert.ok(drawn.includes('\t"{a\\"b}" -> "{c\\\\d}" [label='), drawn);
  assert.ok(drawn.includes('\t"{a\\"b}" [label="{a\\"b}" color='), drawn);
});

test('what has more than a namespace before its name is no workload', () => {
  for (const peer of ['apps/shop/web[Deployment]', 'my shop/web[Deployment]', '{a}b/web[Pod]']) {
    assert.equal(namespaceOfPeer(peer), null, peer);
    assert.equal(isPeerNamed(peer, 'web'), false, peer);
  }
});
