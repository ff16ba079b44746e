import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  compile,
  DEFAULT_MODES,
  decide,
  exposureOf,
  futurePodsOf,
  type Labels,
  type NamespaceFact,
  type Policy,
} from '../../../src/netpol/index.js';
import { castOf, type Future, subjectOf } from '../../../src/netpol/list/future-pods.js';
import type { Wanted } from '../../../src/netpol/list/future-search.js';
import { facts, namespace, networkPolicy, pod } from '../evaluation/build.js';
import {
  admin,
  LABELS,
  METADATA_NAME,
  meets,
  namespaceSelector,
  notSingledOut,
  podSelector,
  policy,
} from './selectors.js';

const PORTS = [80, 81];
const WEB = pod('shop/web');
const SHOP = namespace('shop', { team: 't' });
const TEAMS: readonly Labels[] = [{}, ...['t', 'u', 'z'].map(team => ({ team }))];

/** What there is, and each namespace that could be: `kube-system`, and one whose name no policy knows. */
const NAMESPACES: readonly NamespaceFact[] = [
  SHOP,
  ...TEAMS.flatMap((labels, place) => [
    { name: `new-${place}`, labels },
    { name: `system-${place}`, labels: { ...labels, [METADATA_NAME]: 'kube-system' } },
  ]),
];
const POSSIBLE = NAMESPACES.flatMap(({ name }) =>
  LABELS.map((labels, place) => pod(`${name}/p${place}`, { labels })),
);

const labelsOf = (name: string): Labels => ({
  [METADATA_NAME]: name,
  ...NAMESPACES.find(one => one.name === name)?.labels,
});

const meansPod = (
  { wanted: { own, namespaces, pods } }: Future,
  one: (typeof POSSIBLE)[number],
) => {
  const labels = labelsOf(one.namespace);
  const isIn = own === null ? meets(namespaces, labels) : labels[METADATA_NAME] === own;
  return isIn && meets(pods, one.labels);
};

/** The ports that every possible pod reaches `shop/web` on that no rule singles out, by future. */
function expected(policies: readonly Policy[], more: readonly Wanted[] = []): Rows {
  const there = facts({ namespaces: NAMESPACES, pods: [WEB, ...POSSIBLE] });
  const compiled = compile(there, policies);
  const reaches = (key: string, port: number): boolean =>
    decide(compiled, {
      source: { kind: 'pod', key },
      destination: { kind: 'pod', key: WEB.key },
      protocol: 'TCP',
      port,
    }).verdict === 'ALLOWED';
  const { futures } = castOf(facts({ namespaces: [SHOP], pods: [WEB] }), policies, more);
  const openTo = (future: Future) => {
    const meant = POSSIBLE.filter(one => meansPod(future, one));
    const others = notSingledOut(policies, meant, labelsOf);
    return PORTS.filter(port => others.length > 0 && others.every(({ key }) => reaches(key, port)));
  };
  return beyondWhole(new Map(futures.map(future => [future.name, openTo(future)])));
}

type Rows = ReadonlyMap<string, readonly number[]>;

/** The whole cluster, and what may do more than it. */
const beyondWhole = (rows: Rows): Rows => {
  const whole = rows.get('entire-cluster') ?? [];
  return new Map(
    [...rows].filter(([name, ports]) =>
      name === 'entire-cluster' ? ports.length > 0 : ports.some(port => !whole.includes(port)),
    ),
  );
};

const found = (policies: readonly Policy[]): Rows =>
  beyondWhole(
    new Map(
      exposureOf(facts({ namespaces: [SHOP], pods: [WEB] }), policies, DEFAULT_MODES)
        .ingress.filter(({ src, dst }) => dst.startsWith('shop/web') && !/^\d/.test(src))
        .map(({ src, conn }) => [src, portsIn(conn)]),
    ),
  );

const portsIn = (conn: string): readonly number[] =>
  conn === 'All Connections' ? PORTS : portsOf(conn);

/** Of texts such as `SCTP 1-65535,TCP 1-79,81`. */
const portsOf = (conn: string): readonly number[] => {
  const tcp = /TCP ([\d,-]+)/.exec(conn)?.[1] ?? '';
  const ranges = tcp.split(',').map(text => text.split('-').map(Number));
  return PORTS.filter(port => ranges.some(([from = 0, to = from]) => from <= port && port <= to));
};

/** A policy of another namespace: it says nothing of `shop/web`, and still its words are known. */
const unrelated = fc
  .record({ namespaces: namespaceSelector, pods: podSelector })
  .map(({ namespaces, pods }) =>
    networkPolicy({
      name: 'unrelated',
      namespace: 'elsewhere',
      ingress: [{ peers: [{ kind: 'pods', namespaces, pods }] }],
    }),
  );

test('a workload is exposed to what every possible pod of the future reaches it on, and to nothing else', () => {
  let shown = 0;
  fc.assert(
    fc.property(
      fc.array(fc.oneof(policy, admin), { minLength: 1, maxLength: 2 }),
      fc.array(unrelated, { maxLength: 1 }),
      (own, others) => {
        const policies = [...own, ...others];
        const law = expected(policies);
        assert.deepEqual(found(policies), law);
        shown += law.size;
      },
    ),
    { numRuns: 150, seed: 20_261_129 },
  );
  assert.ok(shown > 0, 'no row was shown');
});

/** None of the possible pods bears the label of `shop/web` itself. */
const isOfWeb = (name: string): boolean => name.includes('app=web');

test('what pods to come could reach is what every one of them that a selector of the set means can', () => {
  let shown = 0;
  fc.assert(
    fc.property(
      fc.array(policy, { minLength: 1, maxLength: 2 }),
      podSelector,
      fc.array(admin, { maxLength: 1 }),
      (own, pods, staying) => {
        const set = [...own, networkPolicy({ name: 'closed', pods, ingress: [] })];
        const there = facts({ namespaces: [SHOP], pods: [WEB] });
        const told = futurePodsOf(there, { set, staying }, DEFAULT_MODES);
        const rows = new Map(
          told.flatMap(({ pods, reach: [web] }): readonly [string, readonly number[]][] =>
            web === undefined || isOfWeb(pods) ? [] : [[pods, portsIn(web.ports)]],
          ),
        );
        const isolated = set.some(
          ({ ingress, subject }) => ingress !== null && meets(subject.pods, WEB.labels),
        );
        // Of futures that only stay-behind policies name the set says nothing.
        const law = expected([...set, ...staying], set.map(subjectOf));
        const names = new Set(told.map(({ pods }) => pods).concat('entire-cluster'));
        const wanted = [...law].filter(([name]) => isolated && names.has(name) && !isOfWeb(name));
        assert.deepEqual(beyondWhole(rows), new Map(wanted));
        shown += rows.size;
      },
    ),
    { numRuns: 60, seed: 20_261_130 },
  );
  assert.ok(shown > 20, `only ${shown} rows were shown`);
});
