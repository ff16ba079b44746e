import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DEFAULT_MODES,
  EVERYTHING,
  type Facts,
  type Finding,
  lint,
  type Peer,
  type Policy,
} from '../../../src/netpol/index.js';
import type { LintOptions } from '../../../src/netpol/lint/finding.js';
import {
  anyPod,
  connection,
  facts,
  labelled,
  networkPolicy,
  pod,
  podsLabelled,
  service,
} from '../evaluation/build.js';

const found = (
  rule: string,
  there: Partial<Facts>,
  policies: readonly Policy[],
  options: Partial<LintOptions> = {},
): readonly Finding[] =>
  lint(facts(there), policies, { modes: DEFAULT_MODES, problems: [], ...options }).filter(
    finding => finding.rule === rule,
  );

const inNamespaces = (team: string, pods = EVERYTHING): Peer => ({
  kind: 'pods',
  namespaces: labelled({ team }),
  pods,
});
const ownPods: Peer = { kind: 'pods', namespaces: null, pods: EVERYTHING };

test('namespaces beside pods of other namespaces, or beside all of the own, are not torn apart', () => {
  const told = (...peers: readonly Peer[]) =>
    found('accidental-or', {}, [networkPolicy({ ingress: [{ peers }] })]).length;
  assert.equal(told(inNamespaces('a'), podsLabelled({ app: 'x' })), 1);
  assert.equal(told(podsLabelled({ app: 'x' }), inNamespaces('a')), 1);
  assert.equal(told(inNamespaces('a'), inNamespaces('b', labelled({ app: 'x' }))), 0);
  assert.equal(told(inNamespaces('a'), ownPods), 0);
});

test('a flow to a Service is told by the name of the Service', () => {
  const web = connection('shop/a -> shop/b TCP 80');
  const flow = {
    ...web,
    destination: { kind: 'service', namespace: 'shop', name: 'api' },
  } as const;
  const there = {
    pods: [
      pod('shop/a'),
      pod('shop/api', { ports: [{ name: 'http', protocol: 'TCP', port: 80 }] }),
    ],
    services: [service()],
  };
  const told = lint(facts(there), [networkPolicy({ ingress: [] })], {
    modes: DEFAULT_MODES,
    problems: [],
    flows: [flow],
  }).map(({ message }) => message);
  assert.ok(
    told.some(message => message.includes('=> svc:shop/api TCP 80')),
    told.join('\n'),
  );
});

test('pods in the host network take no part in a training job’s rule', () => {
  const labels = { 'ray.io/cluster': 'train' };
  const pods = [pod('shop/a', { labels }), pod('shop/b', { labels, hostNetwork: true })];
  const policy = networkPolicy({ ingress: [{ peers: [podsLabelled(labels)] }] });
  assert.deepEqual(found('training-ports-cut', { pods }, [policy]), []);
  assert.equal(found('training-ports-cut', { pods }, [networkPolicy({ ingress: [] })]).length, 1);
});

test('what the reader said without place, path and cure is passed on with a cure', () => {
  const problem = {
    code: 'BROKEN',
    severity: 'ERROR',
    message: 'it is broken',
    path: null,
    place: null,
    hint: null,
  } as const;
  const [finding, ...others] = found('invalid-document', {}, [], { problems: [problem] });
  assert.deepEqual(others, []);
  assert.equal(finding?.message, 'it is broken');
  assert.equal(finding.hint, 'mend the document');
  assert.equal(finding.path, null);
  assert.equal(finding.place, null);
});

test('of two policies of one name the later one tells where the first is, also in an unnamed input', () => {
  const [first, second] = [networkPolicy({ ingress: [{ peers: [anyPod] }] }), networkPolicy({})];
  const unnamed = { ...first, place: { file: null, line: 7, column: 1 } };
  const rule = 'duplicate-name';
  assert.match(found(rule, {}, [unnamed, second])[0]?.message ?? '', /the first is at `input:7`/);
});
