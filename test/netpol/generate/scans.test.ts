import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Facts, type ObservedFlow, withoutScans } from '../../../src/netpol/index.js';
import { facts, pod } from '../evaluation/build.js';
import { flow } from './observed.js';

const api = pod('shop/api', { ports: [{ name: 'web', protocol: 'TCP', port: 8080 }] });
const pods = [pod('shop/web'), pod('shop/scanner'), api];

const touched = (ports: readonly number[], other: Partial<ObservedFlow> = {}) =>
  ports.map(port => ({ ...flow(`shop/scanner -> shop/api TCP ${port}`), ...other }));

const keptOf = (flows: readonly ObservedFlow[], parts: Partial<Facts> = {}) => {
  const { flows: kept, problems } = withoutScans(facts({ pods, ...parts }), flows);
  return { kept: kept.map(({ port }) => port), said: problems.map(({ message }) => message) };
};

const SCAN = [21, 22, 23, 25, 80, 443, 3306, 5432, 6379, 8080, 9200];

test('of the eleven ports that a scanner touches the declared one alone is evidence, and the others are counted', () => {
  assert.deepEqual(keptOf(touched(SCAN)), {
    kept: [8080],
    said: [
      '`shop/scanner` touched 11 TCP ports of `shop/api`: 10 of them get no rule, since no container or Service declares them and nobody was seen to use them (TCP 21, 22, 23, 25, 80, 443, 3306, 5432, 6379, 9200)',
    ],
  });
});

test('a port that a Service leads to is declared, and one that answered or was used is evidence', () => {
  const service = {
    namespace: 'shop',
    name: 'cache',
    type: 'ClusterIP',
    clusterIps: [],
    externalIps: [],
    selector: { app: 'api' },
    ports: [{ name: null, protocol: 'TCP', port: 1, targetPort: 6379, nodePort: null }],
  } as const;
  assert.deepEqual(keptOf(touched(SCAN), { services: [service] }).kept, [6379, 8080]);
  const answered = touched([5432], { answered: true });
  assert.deepEqual(keptOf([...touched(SCAN.slice(0, 6)), ...answered]).kept, [5432]);
  const busy = flow('shop/scanner -> shop/api TCP 9200', { events: 4n });
  assert.deepEqual(keptOf([...touched(SCAN.slice(0, 6)), busy]).kept, [9200]);
  const refused = { ...busy, answered: false };
  assert.deepEqual(keptOf([...touched(SCAN.slice(0, 6)), refused]).kept, [], 'the source says not');
});

test('four ports, ports of the deployment itself and ports inside a job are no scan', () => {
  assert.equal(keptOf(touched([1, 2, 3, 4, 8080])).kept.length, 5);
  const own = [1, 2, 3, 4, 5, 6].map(port => flow(`shop/api -> shop/api TCP ${port}`));
  assert.equal(keptOf(own).kept.length, 6);
  const labels = { 'training.kubeflow.org/job-name': 'llm' };
  const job = ['scanner', 'api'].map(name => pod(`shop/${name}`, { labels }));
  assert.equal(keptOf(touched(SCAN), { pods: job }).kept.length, 11);
});

test('one port of ten deployments is a scan too, of nine it is not', () => {
  const servers = Array.from({ length: 10 }, (_, at) => pod(`shop/s${at}`));
  const flows = servers.map(({ key }) => flow(`shop/scanner -> ${key} TCP 22`));
  const all = { pods: [...pods, ...servers] };
  assert.equal(keptOf(flows.slice(1), all).kept.length, 9);
  const { kept, said } = keptOf(flows, all);
  assert.deepEqual(kept, []);
  assert.match(said.join(), /touched TCP 22 of 10 deployments, which get no rule for it/);
});
