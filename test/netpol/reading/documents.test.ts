import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObjects } from '../../../src/netpol/index.js';

const pod = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n`;
const json = (name: string) => `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"${name}"}}`;

function read(text: string) {
  const { objects, problems } = readObjects([{ file: 'f', text }]);
  return {
    names: objects.map(object => object.name),
    places: objects.map(object => {
      const { line, column } = object.locate([]);
      return `${line}:${column}`;
    }),
    problems: problems.map(
      ({ code, severity, place }) => `${severity} ${code} ${place?.line}:${place?.column}`,
    ),
  };
}

const good: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ['one YAML document', pod('a'), ['a'], ['1:1']],
  ['several YAML documents', `${pod('a')}---\n${pod('b')}---\n`, ['a', 'b'], ['1:1', '6:1']],
  [
    'Windows line ends',
    `${pod('a')}---\n${pod('b')}`.replaceAll('\n', '\r\n'),
    ['a', 'b'],
    ['1:1', '6:1'],
  ],
  ['a byte order mark', `\uFEFF${json('a')}`, ['a'], ['1:1']],
  [
    'directives',
    `%YAML 1.2\n---\n${pod('a')}...\n%YAML 1.2\n---\n${pod('b')}`,
    ['a', 'b'],
    ['3:1', '10:1'],
  ],
  [
    'JSON values one after the other',
    `${json('a')}${json('b')}\n${json('c')}`,
    ['a', 'b', 'c'],
    ['1:1', '1:57', '2:1'],
  ],
  [
    'JSON documents in a YAML stream',
    `---\n${json('a')}\n--- # b\n${json('b')}\n`,
    ['a', 'b'],
    ['2:1', '4:1'],
  ],
  [
    'JSON values after a comment',
    `# c\n---\n${json('a')}${json('b')}`,
    ['a', 'b'],
    ['3:1', '3:57'],
  ],
  ['a JSON array', `[${json('a')},\n ${json('b')}]`, ['a', 'b'], ['1:2', '2:2']],
  ['YAML in flow style', '{apiVersion: v1, kind: Pod, metadata: {name: a}}', ['a'], ['1:1']],
  [
    'a List',
    `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n`,
    ['a'],
    ['4:3'],
  ],
  [
    'a List in a List',
    '{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: a}}]}]}',
    ['a'],
    ['1:75'],
  ],
  [
    'a typed list whose items name no kind',
    '{"apiVersion":"v1","kind":"PodList","items":[{"metadata":{"name":"a"}}]}',
    ['a'],
    ['1:46'],
  ],
  [
    'an empty typed list, as Go writes it',
    '{"apiVersion":"v1","kind":"PodList","items":null}',
    [],
    [],
  ],
  [
    'merge keys and anchors',
    'x: &x {name: a}\napiVersion: v1\nkind: Pod\nmetadata:\n  <<: *x\n',
    ['a'],
    ['1:1'],
  ],
  ['nothing', '', [], []],
  ['null alone', 'null\n', [], []],
  ['null beside an object', `null\n---\n${json('a')}\n---\n~\n`, ['a'], ['3:1']],
  ['comments only', '# a\n---\n# b\n---\n', [], []],
  [
    'dashes inside a block scalar',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: |\n    ---\n    kind: Pod\n',
    ['a'],
    ['1:1'],
  ],
];

for (const [what, text, names, places] of good) {
  test(`objects are read from ${what}`, () => {
    assert.deepEqual(read(text), { names, places, problems: [] });
  });
}

const bad: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  [
    'an unclosed list',
    `${pod('a')}---\nb: [1\n---\n${pod('c')}`,
    ['a', 'c'],
    ['ERROR DOCUMENT_UNREADABLE 7:1'],
  ],
  [
    'directives without a document',
    `${json('a')}\n...\n%YAML 1.2\n# end\n`,
    ['a'],
    ['ERROR DOCUMENT_UNREADABLE 5:1'],
  ],
  [
    'an unclosed quote',
    `${pod('a')}---\nd: 'abc\n---\n${pod('c')}`,
    ['a', 'c'],
    ['ERROR DOCUMENT_UNREADABLE 7:1'],
  ],
  ['a template', `{{ if .Values.x }}\n---\n${pod('c')}`, ['c'], ['ERROR DOCUMENT_UNREADABLE 1:2']],
  ['a tab', `a:\n\tb: 1\n---\n${pod('c')}`, ['c'], ['ERROR DOCUMENT_UNREADABLE 2:1']],
  [
    'a key that stands twice, of which kubectl takes the last',
    `${pod('a')}metadata: {name: b}\n---\n${pod('c')}`,
    ['b', 'c'],
    ['WARNING KEY_REPEATED 5:1'],
  ],
  [
    'two objects without a line between them',
    `${pod('a')}${pod('b')}---\n${pod('c')}`,
    ['b', 'c'],
    ['WARNING DOCUMENTS_NOT_SEPARATED 5:1'],
  ],
  [
    'lines that a carriage return ends',
    `${pod('a')}---\n${pod('c')}`.replaceAll('\n', '\r'),
    ['a', 'c'],
    [],
  ],
  ['an alias without anchor', `a: *b\n---\n${pod('c')}`, ['c'], ['ERROR DOCUMENT_UNREADABLE 1:1']],
  [
    'broken JSON after good JSON',
    `${json('a')}\n{"apiVersion":"v1"`,
    ['a'],
    ['ERROR DOCUMENT_UNREADABLE 2:19'],
  ],
  [
    'items that are no list',
    'apiVersion: v1\nkind: List\nitems: abc\n',
    [],
    ['ERROR LIST_UNREADABLE 3:8'],
  ],
  [
    'the character U+0000',
    `${json('a')}\n${json('b\\u0000')}\n---\n${pod('"c\\0"')}---\n${pod('d\\\\0')}`,
    ['a', 'd\\\\0'],
    ['ERROR NUL_CHARACTER 2:1', 'ERROR NUL_CHARACTER 4:1'],
  ],
  ['a foreign document', `a: 1\n---\n${pod('c')}`, ['c'], ['WARNING NOT_A_KUBERNETES_OBJECT 1:1']],
  [
    'a kind that is no word',
    'apiVersion: v1\nkind: 5\n',
    [],
    ['WARNING NOT_A_KUBERNETES_OBJECT 1:1'],
  ],
  ['bare text', 'hello\n', [], ['WARNING NOT_A_KUBERNETES_OBJECT 1:1']],
  [
    'an array of something else, said once',
    '[{"src":"a"},{"src":"b"}]',
    [],
    ['WARNING NOT_A_KUBERNETES_OBJECT 1:1'],
  ],
  [
    'foreign items of a List',
    `apiVersion: v1\nkind: List\nitems:\n- 5\n- null\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n`,
    ['a'],
    ['WARNING NOT_A_KUBERNETES_OBJECT 4:3', 'WARNING NOT_A_KUBERNETES_OBJECT 5:3'],
  ],
];

for (const [what, text, names, problems] of bad) {
  test(`${what} is a problem with its place, and the other documents are read`, () => {
    const reading = read(text);
    assert.deepEqual(reading.names, names);
    assert.deepEqual(reading.problems, problems);
  });
}

test('aliases that multiply are refused instead of filling the memory', () => {
  const list = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of)}]\n`;
  const text = list('a', 'x') + list('b', '*a') + list('c', '*b') + list('d', '*c');
  assert.deepEqual(read(text).problems, ['ERROR DOCUMENT_UNREADABLE 1:1']);
});

test('long broken JSON is refused at its end without trying it as YAML', () => {
  const text = `{"items":[${'{"a":"b"},'.repeat(100_001)}{"a":`;
  assert.deepEqual(read(text).problems, [`ERROR DOCUMENT_UNREADABLE 1:${text.length + 1}`]);
});

const long = `{"items":[\n${'{"a":"b"},\n'.repeat(100_001)}`;

test('long broken JSON after another value is refused at its fault, and the documents after it are read', () => {
  const reading = read(`${json('a')}${long}{"a" "b"}]}\n---\n${json('c')}`);
  assert.deepEqual(reading, {
    names: ['a', 'c'],
    places: ['1:1', '100005:1'],
    problems: ['ERROR DOCUMENT_UNREADABLE 100003:6'],
  });
});

test('long JSON that is not closed does not reach beyond its document', () => {
  const reading = read(`${json('a')}${long}{"a":\n---\n${json('c')}`);
  assert.deepEqual(reading, {
    names: ['a', 'c'],
    places: ['1:1', '100005:1'],
    problems: ['ERROR DOCUMENT_UNREADABLE 100004:1'],
  });
});

test('short JSON that is broken is read as the YAML that it is', () => {
  const text = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"},}';
  assert.deepEqual(read(`${text}\n---\n${json('a')}`), {
    names: ['b', 'a'],
    places: ['1:1', '3:1'],
    problems: [],
  });
});

test('YAML 1.1’s words and octal numbers are read as Kubernetes’ tools read them', () => {
  const { objects } = readObjects([
    { file: null, text: `${pod('y')}spec: {a: on, b: No, c: 010, d: "on", e: y, f: 2020-01-01}\n` },
  ]);
  assert.deepEqual(objects[0]?.value['spec'], {
    a: true,
    b: false,
    c: 8,
    d: 'on',
    e: 'y',
    f: '2020-01-01',
  });
  assert.equal(objects[0]?.name, 'y');
});

test('any path of an object has a place, in YAML and in JSON, and a missing one that of its nearest part', () => {
  const yaml = `${pod('a')}spec:\n  containers:\n  - name: c\n    ports:\n    - containerPort: 80\n  empty:\n`;
  const text = `{\n "apiVersion": "v1", "kind": "Pod",\n "metadata": {"name": "a"},\n "spec": {"containers": [\n  {"name": "c\\"]}", "ports": [\n   {"containerPort": 80}]}], "empty": null}\n}`;
  const places = (source: string) => {
    const [object] = readObjects([{ file: 'f', text: source }]).objects;
    return [
      ['metadata', 'name'],
      ['spec'],
      ['spec', 'containers', 0],
      ['spec', 'containers', 0, 'ports'],
      ['spec', 'containers', 0, 'ports', 0, 'containerPort'],
      ['spec', 'containers', 0, 'ports', 7, 'x'],
      ['spec', 'empty'],
    ].map(path => {
      const place = object?.locate(path);
      return `${place?.line}:${place?.column}`;
    });
  };
  assert.deepEqual(places(yaml), ['4:9', '5:1', '7:5', '8:5', '9:22', '8:5', '10:3']);
  assert.deepEqual(places(text), ['3:23', '4:2', '5:3', '5:21', '6:22', '5:21', '6:39']);
});

test('long broken JSON behind a marker has the place of its fault', () => {
  const long = '{"a":"b"},\n'.repeat(100_001);
  const { objects, problems } = readObjects([
    { file: null, text: `{"apiVersion":"v1","kind":"Pod"}\n---\n{"items":[${long}"a" "b"]}` },
  ]);
  assert.equal(objects.length, 1);
  assert.deepEqual(
    problems.map(({ place }) => [place?.line, place?.column]),
    [[100_004, 5]],
  );
});
