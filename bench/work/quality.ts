import { readFile } from 'node:fs/promises';
import {
  allowedBetween,
  compile,
  connectivityMap,
  decide,
  type Facts,
  formatMapPeer,
  formatPortSet,
  type MapPeer,
  parsePolicies,
  readManifests,
  withTwins,
} from '../../src/netpol/index.js';

/** One of the demonstration apps. */
export type App = {
  readonly name: string;
  readonly namespace: string;
  readonly files: readonly string[];
};

export const APPS: readonly App[] = [
  {
    name: 'online-boutique',
    namespace: 'default',
    files: ['apps/online-boutique/manifests.yaml'],
  },
  { name: 'sock-shop', namespace: 'sock-shop', files: ['apps/sock-shop/complete-demo.yaml'] },
  { name: 'bookinfo', namespace: 'bookinfo', files: ['apps/bookinfo/bookinfo.yaml'] },
];

export const CALL_GRAPH = 'ground-truth/call-graph.csv';

type Call = { readonly source: string; readonly destination: string; readonly port: number };

const CLIENT = '203.0.113.10';
const NODE = '10.9.0.1';
const API_SERVER = '10.9.0.9';

const requiredCalls = (csv: string, app: string): readonly Call[] =>
  csv
    .split('\n')
    .map(line => line.split(','))
    .filter(cells => cells[0] === app && cells[8] === 'required')
    .map(cells => ({
      source: cells[2] ?? '',
      destination: cells[4] ?? '',
      port: Number(cells[5]),
    }));

/** The cluster around an app: its DNS, a node, the API server, and a second set of labels for its callers. */
const AROUND = `
apiVersion: v1
kind: Namespace
metadata: {name: kube-system}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: coredns, namespace: kube-system}
spec:
  selector: {matchLabels: {k8s-app: kube-dns}}
  template:
    metadata: {labels: {k8s-app: kube-dns}}
    spec: {containers: [{name: c, ports: [{name: dns, containerPort: 53, protocol: UDP}]}]}
---
apiVersion: v1
kind: Node
metadata: {name: node-a}
status: {addresses: [{type: InternalIP, address: ${NODE}}]}
---
apiVersion: v1
kind: Service
metadata: {name: kubernetes, namespace: default}
spec: {clusterIP: 10.96.0.1, ports: [{name: https, port: 443, targetPort: 6443}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: kubernetes, namespace: default}
subsets: [{addresses: [{ip: ${API_SERVER}}], ports: [{name: https, port: 6443, protocol: TCP}]}]
`;

const workload = (namespace: string, name: string): object => ({
  namespace,
  workload: { kind: 'Deployment', name },
});

type Record = (source: object, destination: object, port: number, other?: object) => object;

const record: Record = (source, destination, port, other = {}) => ({
  time: '2026-11-20T10:00:00Z',
  source,
  destination,
  port,
  protocol: 'TCP',
  ...other,
});

/** The deployments of an app, in the order of its call graph. */
const insideOf = (calls: readonly Call[]): readonly string[] =>
  [...new Set(calls.flatMap(({ source, destination }) => [source, destination]))].filter(
    name => name !== 'EXTERNAL',
  );

/** What a scanner touches, which nobody stops. */
const SCANNED = [21, 22, 23, 25, 110, 111, 139, 445, 2379, 3389, 10_250];

/** The calls, among what a cluster shows beside them: queries, probes, calls of the API server, drops, a scan that was denied and one that was not. */
function recordsOf(calls: readonly Call[], namespace: string): readonly object[] {
  const endOf = (name: string): object =>
    name === 'EXTERNAL' ? { ip: CLIENT } : workload(namespace, name);
  const inside = insideOf(calls);
  const [first = '', second = ''] = inside;
  return [
    ...calls.map(({ source, destination, port }) =>
      record(endOf(source), endOf(destination), port),
    ),
    ...inside.map(name =>
      record(endOf(name), workload('kube-system', 'coredns'), 53, { protocol: 'UDP' }),
    ),
    record(endOf(first), { ip: API_SERVER }, 6443),
    record({ node: 'node-a' }, endOf(second), 9100),
    ...SCANNED.map(port => record(endOf(first), endOf(second), port)),
    ...inside.flatMap(name =>
      inside
        .filter(other => other !== name)
        .map(other => record(endOf(name), endOf(other), 4444, { verdict: 'DENIED' })),
    ),
  ];
}

/** `frontend => cartservice TCP 7070` of each pair within the namespace that the policies allow, DNS left out. */
function allowedIn(facts: Facts, yaml: string, namespace: string): ReadonlySet<string> {
  const { policies } = parsePolicies([{ file: null, text: yaml }]);
  const pods = facts.pods.filter(pod => pod.namespace === namespace && pod.memberOf === undefined);
  const compiled = compile(withTwins(facts), policies);
  const pairs = allowedBetween(
    compiled,
    pods.map(({ key }) => key),
  );
  return new Set(
    [...pairs].flatMap(({ source, destination, ports }) => {
      const [from, to] = [pods[source], pods[destination]];
      if (from === undefined || to === undefined || source === destination) return [];
      return ports.TCP.map(
        range => `${from.workload.name} => ${to.workload.name} TCP ${range.from}-${range.to}`,
      );
    }),
  );
}

export type Quality = {
  readonly app: string;
  readonly calls: number;
  readonly allowed: number;
  /** Of what is allowed the share that is called, and of what is called the share that is allowed. */
  readonly precision: number;
  readonly recall: number;
  /** What clients, nodes and the API server need, and is not allowed. */
  readonly missing: readonly string[];
  /** What is open from and to addresses outside, and nobody needs. */
  readonly stray: readonly string[];
};

/**
 * What is open between the app and addresses outside beyond what it needs: its entrances for everybody, the node that
 * scrapes, the API server.
 */
function strayIn(facts: Facts, yaml: string, calls: readonly Call[], app: App): readonly string[] {
  const { policies } = parsePolicies([{ file: null, text: yaml }]);
  const [first = '', second = ''] = insideOf(calls);
  const entrances = calls.filter(({ source }) => source === 'EXTERNAL');
  const needed = new Set([
    ...entrances.map(({ destination, port }) => `* => ${destination} TCP ${port}`),
    `${NODE}-${NODE} => ${second} TCP 9100`,
    `${first} => ${API_SERVER}-${API_SERVER} TCP 6443`,
  ]);
  return [...connectivityMap(compile(facts, policies))].flatMap(
    ({ source, destination, ports }) => {
      const [own] = [source, destination].filter(peer => peer.kind === 'workload');
      const outside = [source, destination].filter(peer => peer.kind === 'range');
      if (own?.namespace !== app.namespace || outside.length === 0) return [];
      const nameOf = (peer: MapPeer): string =>
        peer.kind === 'workload' ? peer.name : formatMapPeer(peer);
      const row = `${nameOf(source)} => ${nameOf(destination)} ${formatPortSet(ports)}`;
      return needed.has(row) || needed.has(row.replace(/^[\d.-]+ /, '* ')) ? [] : [row];
    },
  );
}

type Ask = (document: string, variables: object) => Promise<unknown>;

const IMPORT = `mutation ($input: ImportInventoryInput!) { importInventory(input: $input) { counts { deployments } } }`;
const INGEST = `mutation ($input: IngestFlowsInput!) { ingestFlows(input: $input) { accepted } }`;
const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) { yaml problems { code severity message } } }`;

/** An entrance stays open to a client that was never seen, and nodes and the API server to what they call or serve. */
function missingIn(
  facts: Facts,
  yaml: string,
  calls: readonly Call[],
  app: App,
): readonly string[] {
  const { policies } = parsePolicies([{ file: null, text: yaml }]);
  const compiled = compile(facts, policies);
  const keyOf = (name: string): string =>
    facts.pods.find(pod => pod.namespace === app.namespace && pod.workload.name === name)?.key ??
    '';
  const [first = '', second = ''] = insideOf(calls);
  const wanted = [
    ...calls
      .filter(({ source }) => source === 'EXTERNAL')
      .map(({ destination, port }) => ({ from: CLIENT, to: destination, port })),
    { from: NODE, to: second, port: 9100 },
  ].map(({ from, to, port }) => ({
    source: { kind: 'address' as const, address: from },
    destination: { kind: 'pod' as const, key: keyOf(to) },
    port,
    protocol: 'TCP',
  }));
  const out = {
    source: { kind: 'pod' as const, key: keyOf(first) },
    destination: { kind: 'address' as const, address: API_SERVER },
    port: 6443,
    protocol: 'TCP',
  };
  return [...wanted, out]
    .filter(question => decide(compiled, question).verdict !== 'ALLOWED')
    .map(question => JSON.stringify(question));
}

/** Generates for an app from its calls among other traffic, and holds the policies against its call graph. */
export async function qualityOf(
  ask: Ask,
  app: App,
  pathOf: (file: string) => string,
): Promise<Quality> {
  const texts = await Promise.all(app.files.map(file => readFile(pathOf(file), 'utf8')));
  const csv = await readFile(pathOf(CALL_GRAPH), 'utf8');
  const own = texts.map(text =>
    text.replaceAll(/^metadata:$/gm, `metadata:\n  namespace: ${app.namespace}`),
  );
  const placed = app.name === 'sock-shop' ? texts : own;
  const manifests = [...placed, AROUND].join('\n---\n');
  const { facts } = readManifests([{ file: null, text: manifests }]);
  const calls = requiredCalls(csv, app.name);
  await ask(IMPORT, { input: { cluster: app.name, manifests } });
  const records = recordsOf(calls, app.namespace)
    .map(one => JSON.stringify(one))
    .join('\n');
  await ask(INGEST, { input: { cluster: app.name, format: 'neutral', records } });
  const input = {
    cluster: app.name,
    namespaces: [app.namespace],
    options: { directions: 'BOTH', comments: false },
  };
  const { generatePolicies } = (await ask(GENERATE, { input })) as {
    readonly generatePolicies: { readonly yaml: string };
  };
  const expected = new Set(
    calls
      .filter(({ source }) => source !== 'EXTERNAL')
      .map(({ source, destination, port }) => `${source} => ${destination} TCP ${port}-${port}`),
  );
  const allowed = allowedIn(facts, generatePolicies.yaml, app.namespace);
  const hits = [...allowed].filter(pair => expected.has(pair)).length;
  return {
    app: app.name,
    calls: expected.size,
    allowed: allowed.size,
    precision: allowed.size === 0 ? 0 : hits / allowed.size,
    recall: expected.size === 0 ? 0 : hits / expected.size,
    missing: missingIn(facts, generatePolicies.yaml, calls, app),
    stray: strayIn(facts, generatePolicies.yaml, calls, app),
  };
}
