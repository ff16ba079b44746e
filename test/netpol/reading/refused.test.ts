import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalCidr, parsePolicies } from '../../../src/netpol/index.js';

const head = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: p\n';
const spec = (text: string) => `${head}spec:\n  ${text}\n`;
const peer = (text: string) => spec(`podSelector: {}\n  ingress:\n  - from:\n    - ${text}`);
const port = (text: string) => spec(`podSelector: {}\n  ingress:\n  - ports:\n    - ${text}`);
const select = (text: string) => spec(`podSelector: {${text}}`);
const expression = (text: string) => select(`matchExpressions: [${text}]`);

const PEER = 'spec.ingress[0].from[0]';
const PORT = 'spec.ingress[0].ports[0]';
const EXPRESSION = 'spec.podSelector.matchExpressions[0]';
const LABELS = 'spec.podSelector.matchLabels';

/** A policy with a § where each fault must be reported, and the faults in the order in which they are reported. */
const table: readonly (readonly [string, ...string[]])[] = [
  // Peers.
  [peer('§{}'), `PEER_EMPTY ${PEER}`],
  [peer('§{podSelector: null}'), `PEER_EMPTY ${PEER}`],
  [peer('§null'), `WRONG_TYPE ${PEER}`],
  [peer('§web'), `WRONG_TYPE ${PEER}`],
  [peer('{podSelector: {}, §ipBlock: {cidr: 10.0.0.0/8}}'), `PEER_MIXED ${PEER}.ipBlock`],
  [peer('{namespaceSelector: {}, §ipBlock: {cidr: 10.0.0.0/8}}'), `PEER_MIXED ${PEER}.ipBlock`],
  [peer('{podSelector: §web}'), `WRONG_TYPE ${PEER}.podSelector`],
  // Address blocks.
  [peer('{§ipBlock: {}}'), `CIDR_MISSING ${PEER}.ipBlock.cidr`],
  [peer('{ipBlock: {cidr: §10.0.0.0}}'), `CIDR_INVALID ${PEER}.ipBlock.cidr`],
  [peer('{ipBlock: {cidr: §10.0.0.0/33}}'), `CIDR_INVALID ${PEER}.ipBlock.cidr`],
  [peer('{ipBlock: {cidr: §10.0.0.256/8}}'), `CIDR_INVALID ${PEER}.ipBlock.cidr`],
  [peer('{ipBlock: {cidr: §10.0.0.01/40}}'), `CIDR_INVALID ${PEER}.ipBlock.cidr`],
  [peer('{ipBlock: {cidr: §"fd00::/129"}}'), `CIDR_INVALID ${PEER}.ipBlock.cidr`],
  [peer('{ipBlock: {cidr: §"fd00::1::/64"}}'), `CIDR_INVALID ${PEER}.ipBlock.cidr`],
  [peer('{ipBlock: {cidr: §"::ffff:10.0.0.0/129"}}'), `CIDR_INVALID ${PEER}.ipBlock.cidr`],
  [peer('{ipBlock: {cidr: §"1:2:3:4:5:6:7:8:9/64"}}'), `CIDR_INVALID ${PEER}.ipBlock.cidr`],
  [peer('{ipBlock: {cidr: §8}}'), `WRONG_TYPE ${PEER}.ipBlock.cidr`],
  [
    peer('{ipBlock: {cidr: 10.0.0.0/8, except: [§10.0.0.0/8]}}'),
    `EXCEPT_INVALID ${PEER}.ipBlock.except[0]`,
  ],
  [
    peer('{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, §11.0.0.0/16]}}'),
    `EXCEPT_INVALID ${PEER}.ipBlock.except[1]`,
  ],
  [
    peer('{ipBlock: {cidr: 10.0.0.0/8, except: [§10.0.0.0/7]}}'),
    `EXCEPT_INVALID ${PEER}.ipBlock.except[0]`,
  ],
  [
    peer('{ipBlock: {cidr: 0.0.0.0/0, except: [§"fd00::/8"]}}'),
    `EXCEPT_INVALID ${PEER}.ipBlock.except[0]`,
  ],
  [
    peer('{ipBlock: {cidr: 10.0.0.0/8, except: §10.1.0.0/16}}'),
    `WRONG_TYPE ${PEER}.ipBlock.except`,
  ],
  [
    peer('{ipBlock: {cidr: 10.0.0.0/8, except: [§nonsense]}}'),
    `CIDR_INVALID ${PEER}.ipBlock.except[0]`,
  ],
  // Ports.
  [port('{port: §0}'), `PORT_OUT_OF_RANGE ${PORT}.port`],
  [port('{port: §65536}'), `PORT_OUT_OF_RANGE ${PORT}.port`],
  [port('{port: §-1}'), `PORT_OUT_OF_RANGE ${PORT}.port`],
  [port('{port: §8.5}'), `WRONG_TYPE ${PORT}.port`],
  [port('{port: §true}'), `WRONG_TYPE ${PORT}.port`],
  [port('{port: §"80"}'), `PORT_NAME_INVALID ${PORT}.port`],
  [port('{port: §""}'), `PORT_NAME_INVALID ${PORT}.port`],
  [port('{port: §Http}'), `PORT_NAME_INVALID ${PORT}.port`],
  [port('{port: §a--b}'), `PORT_NAME_INVALID ${PORT}.port`],
  [port('{port: §abcdefghijklmnop}'), `PORT_NAME_INVALID ${PORT}.port`],
  [port('{endPort: §90}'), `END_PORT_WITHOUT_PORT ${PORT}.endPort`],
  [port('{port: web, endPort: §90}'), `END_PORT_WITHOUT_PORT ${PORT}.endPort`],
  [port('{port: 91, endPort: §90}'), `END_PORT_BELOW_PORT ${PORT}.endPort`],
  [port('{port: 80, endPort: §70000}'), `PORT_OUT_OF_RANGE ${PORT}.endPort`],
  [port('{port: 80, endPort: §web}'), `WRONG_TYPE ${PORT}.endPort`],
  [port('{protocol: §ICMP}'), `PROTOCOL_UNKNOWN ${PORT}.protocol`],
  [port('{protocol: §tcp}'), `PROTOCOL_UNKNOWN ${PORT}.protocol`],
  [port('{protocol: §6}'), `WRONG_TYPE ${PORT}.protocol`],
  [port('§80'), `WRONG_TYPE ${PORT}`],
  // Selectors.
  [expression('{key: a, operator: §in, values: [b]}'), `OPERATOR_INVALID ${EXPRESSION}.operator`],
  [expression('§{key: a}'), `OPERATOR_INVALID ${EXPRESSION}.operator`],
  [expression('§{key: a, operator: In}'), `OPERATOR_VALUES_INVALID ${EXPRESSION}`],
  [
    expression('{key: a, operator: NotIn, §values: []}'),
    `OPERATOR_VALUES_INVALID ${EXPRESSION}.values`,
  ],
  [
    expression('{key: a, operator: Exists, §values: [b]}'),
    `OPERATOR_VALUES_INVALID ${EXPRESSION}.values`,
  ],
  [
    expression('{key: a, operator: DoesNotExist, §values: [b]}'),
    `OPERATOR_VALUES_INVALID ${EXPRESSION}.values`,
  ],
  [expression('§{operator: Exists}'), `LABEL_KEY_MISSING ${EXPRESSION}.key`],
  [expression('{key: §"", operator: Exists}'), `LABEL_KEY_MISSING ${EXPRESSION}.key`],
  [expression('{key: a, operator: In, values: §b}'), `WRONG_TYPE ${EXPRESSION}.values`],
  [expression('{key: a, operator: In, values: [§1]}'), `WRONG_TYPE ${EXPRESSION}.values[0]`],
  [
    expression('{key: a, operator: In, values: [§"b c"]}'),
    `LABEL_VALUE_INVALID ${EXPRESSION}.values[0]`,
  ],
  [
    select('§matchExpressions: {key: a, operator: Exists}'),
    'WRONG_TYPE spec.podSelector.matchExpressions',
  ],
  [select('matchLabels: {app: §1}'), `WRONG_TYPE ${LABELS}.app`],
  [select('matchLabels: {app: §yes}'), `WRONG_TYPE ${LABELS}.app`],
  [select('matchLabels: {-app: §a}'), `LABEL_KEY_INVALID ${LABELS}["-app"]`],
  [select('matchLabels: {a/b/c: §a}'), `LABEL_KEY_INVALID ${LABELS}["a/b/c"]`],
  [select('matchLabels: {Example.com/b: §a}'), `LABEL_KEY_INVALID ${LABELS}["Example.com/b"]`],
  [select(`matchLabels: {a: §${'b'.repeat(64)}}`), `LABEL_VALUE_INVALID ${LABELS}.a`],
  [select('matchLabels: {a: §"b c"}'), `LABEL_VALUE_INVALID ${LABELS}.a`],
  [spec('§podSelector: []'), 'WRONG_TYPE spec.podSelector'],
  // Rules and types.
  [spec('policyTypes: [§ingress]'), 'POLICY_TYPE_UNKNOWN spec.policyTypes[0]'],
  [spec('policyTypes: §Ingress'), 'WRONG_TYPE spec.policyTypes'],
  [spec('§ingress: {}'), 'WRONG_TYPE spec.ingress'],
  [spec('ingress: [{§from: {}}]'), 'WRONG_TYPE spec.ingress[0].from'],
  [
    spec('policyTypes: [Ingress]\n  egress: [{ports: [{port: §0}]}]'),
    'PORT_OUT_OF_RANGE spec.egress[0].ports[0].port',
  ],
  // Metadata.
  [
    `${head.replace('metadata:\n  name', '§metadata:\n  uid')}spec: {}\n`,
    'NAME_MISSING metadata.name',
  ],
  [`${head.replace('p\n', '§P_1\n')}spec: {}\n`, 'NAME_INVALID metadata.name'],
  [`${head.replace('p\n', '§5\n')}spec: {}\n`, 'WRONG_TYPE metadata.name'],
  [`${head}  namespace: §a.b\nspec: {}\n`, 'NAMESPACE_INVALID metadata.namespace'],
  [`${head}  labels: {a: §1}\nspec: {}\n`, 'WRONG_TYPE metadata.labels.a'],
  [`${head}  annotations: {a: §true}\nspec: {}\n`, 'WRONG_TYPE metadata.annotations.a'],
  // Several at once.
  [
    spec('ingress: [{from: [§{}], ports: [{port: §0}, {protocol: §X}]}]\n  policyTypes: [§Both]'),
    `PEER_EMPTY ${PEER}`,
    `PORT_OUT_OF_RANGE ${PORT}.port`,
    'PROTOCOL_UNKNOWN spec.ingress[0].ports[1].protocol',
    'POLICY_TYPE_UNKNOWN spec.policyTypes[0]',
  ],
];

/** Line and column of each §, which is then taken away. */
function placesIn(marked: string): readonly string[] {
  return marked
    .split('§')
    .slice(0, -1)
    .map((_, index, parts) => {
      const lines = parts
        .slice(0, index + 1)
        .join('')
        .split('\n');
      return `${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
    });
}

for (const [marked, ...faults] of table) {
  const shown = marked.slice(head.length).replaceAll(/\s+/g, ' ').trim();
  test(`row 22: the whole document is refused for ${faults.join(', ')}: ${shown}`, () => {
    const text = marked.replaceAll('§', '');
    const good = `${head.replace('name: p', 'name: good')}spec: {}\n`;
    const { policies, problems } = parsePolicies([{ file: 'f', text: `${text}---\n${good}` }]);
    assert.deepEqual(
      policies.map(policy => policy.name),
      ['good'],
    );
    assert.deepEqual(
      problems.map(({ code, path }) => `${code} ${path}`),
      faults,
    );
    assert.deepEqual(
      problems.map(({ place }) => `${place?.line}:${place?.column}`),
      placesIn(marked),
    );
  });
}

test('a block that the API server took before Kubernetes 1.36 is read as it reads it, with a warning', () => {
  const loose = {
    '010.001.0.0/016': '10.1.0.0/16',
    '00.0.0.0/00': '0.0.0.0/0',
    'fd00:00001::/032': 'fd00:1::/32',
    '::ffff:10.1.0.0/112': '10.1.0.0/16',
    '::ffff:10.1.0.0/88': '::ff00:0:0/88',
    '::ffff:10.1.0.0/64': '::/64',
  };
  for (const [text, stands] of Object.entries(loose)) {
    const written = peer(`{ipBlock: {cidr: "${text}"}}`);
    const { policies, problems } = parsePolicies([{ file: 'f', text: written }]);
    assert.deepEqual(
      problems.map(({ code, severity, hint }) => [code, severity, hint]),
      [['CIDR_LOOSE', 'WARNING', `write \`${stands}\`, as which it is read here`]],
    );
    assert.deepEqual(
      policies.flatMap(({ ingress }) =>
        ingress?.[0]?.peers?.map(one => 'cidr' in one && canonicalCidr(one.cidr)),
      ),
      [stands],
    );
  }
  const strict = parsePolicies([{ file: 'f', text: peer('{ipBlock: {cidr: 10.1.2.3/8}}') }]);
  assert.deepEqual(strict.problems, []);
});

test('each fault says what is wrong in lower case without a final period, and how to cure it', () => {
  for (const [marked] of table) {
    const text = marked.replaceAll('§', '');
    for (const { severity, message, hint } of parsePolicies([{ file: 'f', text }]).problems) {
      assert.equal(severity, 'ERROR');
      assert.match(message, /^[^A-Z].*[^.]$/);
      assert.notEqual(hint, null);
    }
  }
});
