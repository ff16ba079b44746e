import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { render } from '../../../src/netpol/index.js';
import { readPlainYaml } from '../../../src/netpol/reading/plain-yaml.js';
import type { Path } from '../../../src/netpol/reading/source.js';
import { readYaml } from '../../../src/netpol/reading/yaml-text.js';

/** The path of every part of a value, and one that is not there. */
function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  const below =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, part]) =>
          pathsOf(part, [...path, Array.isArray(value) ? Number(key) : key]),
        )
      : [];
  return [path, [...path, 'nothing'], [...path, 7], ...below];
}

/** True where the text is plain; then the library reads the same. */
function agrees(text: string): boolean {
  const plain = readPlainYaml(text);
  if (plain === null) return false;
  const whole = readYaml(text);
  if ('fault' in whole) throw new Error(`${whole.fault}:\n${text}`);
  assert.deepEqual(plain.value, whole.value, text);
  for (const path of pathsOf(plain.value)) {
    assert.equal(plain.offsetOf(path), whole.offsetOf(path), `${path.join()} in\n${text}`);
  }
  return true;
}

// biome-ignore format: a list of words
const WORDS = [
  'a', 'from', 'app.kubernetes.io/name', 'web-1', 'true', 'False', 'null', 'on', 'y', '0', '53', '007', '1.5', '1e3',
  '0x1f', '-1', '~', '10.0.0.0/8', '1.2.3.4', '1.2.3', '::/0', 'fd00::1', '"yes"', '"a b"', '"a\\n"', "'x'", '{}', '[]', '[a]', '{a: 1}',
  '{a: 1, b: [x, "y"]}', '[{a: b}, c d, 53]', '{"a b": \'c\', d: {}} # e', '[a, ]', '{a: }', '{a:1}', '[on, yes]', '[a: 1]', '{a: b c}', '{a, b}',
  'nginx:1.25', 'a b', 'a: b', 'a#b', 'a # b', '100m', '5e3s', '2024-01-01T00:00:00Z', '1:30', '8_080', '"a" # b', "'a b' #c", '"a"b', "'it''s'",
  '[a', 'a]', '{a: [b}', '[-1]', '[a#b]', '[a #b]', '[10.0.0.0/8, "::/0"]', '/path', '$(VAR)', '.5', '(a)', '-x', 'a-', '@x', '%x', 'x%',
  '&x', '*x', '!!str', '|', '>', '# c', 'a #b', 'a:', ':', '-', '"a": b', '2024-01-01', '\t', '<<', '@', 'é',
];

/** Mostly one of the first, now and then one of the others. */
const mostly = (usual: readonly string[], others: readonly string[]) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const line = fc
  .tuple(
    mostly(['', '', '  ', '    '], [' ', '      ', '   ']),
    mostly(['', '', '', '- '], ['- - ', '-  ', '-']),
    mostly(['a:', 'b:', 'spec:', 'from:', 'ports:', 'a.b/c:', ''], ['on:', '1:', 'null:', 'a :']),
    mostly(['', '', '', 'web-1', '53', '"yes"', '{}', '10.0.0.0/8', '{a: b}', '[a, b c]'], WORDS),
    mostly([''], [' ', ' # note', ':']),
  )
  .map(([indent, dash, key, word, end]) => {
    const parts = [key, word].filter(part => part !== '').join(' ');
    return `${indent}${dash}${parts}${end}`;
  });

const text = fc
  .tuple(
    mostly(['', '---\n', '# head\n'], ['--- # x\n', '%YAML 1.2\n---\n']),
    fc.array(line, { minLength: 1, maxLength: 6 }),
    mostly(['\n', '', '\n\n', '\n  \n'], ['\r\n', '\n...\n']),
  )
  .map(([head, lines, end]) => `${head}${lines.join('\n')}${end}`);

test('whatever text is read as plain, the library reads alike, with every place', () => {
  let plain = 0;
  fc.assert(
    fc.property(text, written => {
      plain += agrees(written) ? 1 : 0;
    }),
    { numRuns: 20_000 },
  );
  assert.ok(plain > 400, `only ${plain} texts were plain`);
});

/** Trees of what policies are made of. */
const scalar = fc.constantFrom<unknown>(
  'web',
  'on',
  '53',
  53,
  true,
  null,
  '10.0.0.0/8',
  'a b',
  'x: y',
  '',
  '#',
  '0',
  'fd00::/8',
);
const tree = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 5 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('from', 'to', 'ports', 'app', 'on', 'a b', 'matchLabels'),
      tie('value'),
      { maxKeys: 3 },
    ),
  ),
})).value;

test('what is rendered is read alike', () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('spec', 'kind', 'data'), tree), document => {
      plain += agrees(render([document])) ? 1 : 0;
    }),
    { numRuns: 2_000 },
  );
  assert.ok(plain > 200, `only ${plain} documents were plain`);
});

test('a policy as it is generated is plain', () => {
  const labels = { 'kubernetes.io/metadata.name': 'shop' };
  const ports = [{ port: 53, protocol: 'UDP' }];
  const spec = {
    podSelector: { matchLabels: { app: 'web', version: '1' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { from: [{ podSelector: {} }, { namespaceSelector: { matchLabels: labels } }], ports },
    ],
    egress: [{ to: [{ ipBlock: { cidr: '203.0.113.7/32' } }], ports }],
  };
  const metadata = { name: 'web', namespace: 'shop', labels: { 'weirgate.dev/generated': 'true' } };
  const text = render([
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec },
  ]);
  assert.ok(agrees(text));
  assert.ok(agrees(`---\n${text}`));
  assert.ok(agrees(`# a note\n${text.replace('  egress:', '  # another\n  egress:')}`));
  // As `kubectl` prints lists.
  assert.ok(agrees('spec:\n  ports:\n  - port: 1\n    protocol: TCP\n  - port: 2\n  types: []\n'));
});
