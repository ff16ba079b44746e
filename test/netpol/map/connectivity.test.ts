import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Action,
  type Compiled,
  compile,
  connectivityMap,
  formatMapPeer,
  formatPortSet,
  judgeAll,
  type Policy,
  type RouteFact,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  block,
  connection,
  facts,
  networkPolicy,
  networks,
  pod,
  service,
  tcp,
} from '../evaluation/build.js';

const ALL = 'All Connections';
const V4 = '0.0.0.0-255.255.255.255';

const rowsOf = (compiled: Compiled): readonly string[] =>
  [...connectivityMap(compiled)]
    .map(
      ({ source, destination, ports }) =>
        `${formatMapPeer(source)} => ${formatMapPeer(destination)}: ${formatPortSet(ports)}`,
    )
    .toSorted();

const api = pod('shop/api', { ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] });
const API = 'shop/api[Deployment]';

const route: RouteFact = {
  kind: 'Ingress',
  namespace: 'shop',
  name: 'r',
  backends: [{ namespace: 'shop', service: 'api', port: 80 }],
};

const controllerRows = (...policies: readonly Policy[]): readonly string[] =>
  rowsOf(compile(facts({ pods: [api], services: [service()], routes: [route] }), policies)).filter(
    text => text.startsWith('{'),
  );

test('a controller whose port is denied has no row, though other protocols are open', () => {
  const denies = (port: number) =>
    adminPolicy({ ingress: [{ action: Action.DENY, ports: [tcp(port)] }] });
  assert.deepEqual(controllerRows(denies(8080)), []);
  assert.deepEqual(controllerRows(denies(8081)), [`{ingress-controller} => ${API}: TCP 8080`]);
});

test('networks do not match the controller, whose address is not known', () => {
  const denies = adminPolicy({
    ingress: [{ action: Action.DENY, peers: [networks('0.0.0.0/0')] }],
  });
  assert.deepEqual(controllerRows(denies), [`{ingress-controller} => ${API}: TCP 8080`]);
});

test('neighbouring ranges with the same ports are one row, also where they are open for different reasons', () => {
  const allows = adminPolicy({
    egress: [{ action: Action.ALLOW, peers: [networks('10.0.0.0/8')] }],
  });
  const world = facts({ pods: [api] });
  assert.deepEqual(
    rowsOf(compile(world, [allows])),
    [`${V4} => ${API}: ${ALL}`, `${API} => ${V4}: ${ALL}`].toSorted(),
  );
  // Other protocols than TCP, UDP and SCTP, which make a difference to the judge alone, are not drawn.
  const shut = networkPolicy({ ingress: [], egress: [{ peers: [block('11.0.0.0/8')] }] });
  assert.deepEqual(rowsOf(compile(world, [allows, shut])), [
    `${API} => 10.0.0.0-11.255.255.255: ${ALL}`,
  ]);
});

test('what lacks an address is undecidable to the judge and open on the map, whichever is asked first', () => {
  const denies = adminPolicy({
    egress: [{ action: Action.DENY, peers: [networks('10.0.0.0/8')] }],
  });
  const world = () => compile(facts({ pods: [pod('shop/web'), api] }), [denies]);
  const pair = `shop/web[Deployment] => ${API}: ${ALL}`;
  const verdict = (compiled: Compiled) =>
    judgeAll(compiled, [connection('shop/web -> shop/api TCP 80')]).at(0).verdict;
  const mapFirst = world();
  assert.ok(rowsOf(mapFirst).includes(pair));
  assert.equal(verdict(mapFirst), 'UNDECIDABLE');
  const judgeFirst = world();
  assert.equal(verdict(judgeFirst), 'UNDECIDABLE');
  assert.ok(rowsOf(judgeFirst).includes(pair));
});
