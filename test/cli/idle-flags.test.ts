import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderOf } from './folder.js';
import { run } from './run.js';

const MANIFESTS = {
  'web.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } } }
`,
};

/** Command lines in which a flag or an argument could do nothing; `DIR` is a folder with manifests. */
const IDLE: readonly (readonly [line: string, says: RegExp])[] = [
  ['netpol lint DIR --flows a --flows b', /`--flows` is given 2 times/],
  ['netpol lint DIR --severity error --severity info', /`--severity` is given 2 times/],
  ['netpol lint DIR -o json --output-format yaml', /cannot be used with option '-o, --output/],
  ['netpol lint DIR --server http://127.0.0.1:9', /`--server` has no effect/],
  ['netpol lint DIR --token x', /`--token` has no effect/],
  ['netpol lint DIR -e http://127.0.0.1:9', /`--endpoint` has no effect/],
  ['netpol lint EMPTY', /the argument `paths` is empty/],
  ['netpol connectivity map DIR --explain -o csv', /`--explain` has no effect in this format/],
  ['netpol connectivity map DIR --remove', /`--remove` has no effect without --output-file/],
  ['netpol connectivity diff --dir1 DIR --dir2 DIR --all', /`--all` has no effect without/],
  ['netpol connectivity diff --dir1 DIR --dir2 DIR --since 7d', /`--since` has no effect without/],
  ['netpol connectivity diff --dir1 DIR --dir2 DIR --fail-on error', /is about observed flows/],
  ['netpol connectivity diff --cluster c --dir1 DIR', /`--dir1` has no effect with --cluster/],
  ['netpol connectivity diff --cluster c --output-file x', /`--output-file` has no effect/],
  ['netpol explain DIR --queries - --port 80', /`--port` has no effect with --queries/],
  ['netpol explain DIR shop/web shop/web --queries -', /has no effect with --queries/],
  ['netpol explain --cluster c a b --cni cilium', /`--cni` has no effect with --cluster/],
  ['netpol generate --cluster c --format hubble', /`--format` has no effect without --flows/],
  ['netpol generate --cluster c --kustomize', /`--kustomize` has no effect without --output-dir/],
  ['netpol generate --cluster c --from baselines --since 7d', /`--since` has no effect with/],
  ['netpol generate --cluster c --ingress-block 10.0.0.0/8', /`--ingress-block` has no effect/],
  ['netpol generate --cluster c --output-dir x -o json', /`--output` has no effect with/],
  ['netpol generate --flows x --name y', /`--name` has no effect without --cluster/],
  ['netpol generate --flows x --token y', /`--token` has no effect/],
  ['cluster list --server a --endpoint b', /cannot be used with option '--server/],
  ['network-flow list --cluster EMPTY', /the value of `--cluster` is empty/],
  ['alert resolve EMPTY', /the argument `ids` is empty/],
  ['token create --name a --role admin --data-dir b --database-url c', /`--data-dir` has no/],
];

const wordsOf = (line: string, folder: string): readonly string[] =>
  line.split(' ').map(word => (word === 'DIR' ? folder : word === 'EMPTY' ? '' : word));

for (const [line, says] of IDLE) {
  test(`what has no effect is refused: ${line}`, async t => {
    const { exit, out, err } = await run(wordsOf(line, folderOf(t, MANIFESTS)));
    assert.deepEqual([exit, out], [2, '']);
    assert.match(err, says);
  });
}

test('the server may be named before the command, whatever the command is', async t => {
  const server = ['--server', 'http://127.0.0.1:9', '--token', 'x'];
  const { exit, err } = await run([...server, 'netpol', 'lint', folderOf(t, MANIFESTS)]);
  assert.equal(exit, 1, err);
});

const NEAR: readonly (readonly [line: string, says: RegExp])[] = [
  ['netpol lint DIR -o jsn', /Allowed choices are .*Did you mean `json`\?/],
  ['netpol lint DIR --cni cilum', /cilium/],
  ['netpol lint DIR --disable policy-selects-nothin', /did you mean `policy-selects-nothing`\?/],
  ['netpol lint DIR --fail-on errors', /error/],
  ['alert list --rule off_baselin', /did you mean `OFF_BASELINE`\?/],
  ['alert list --severity hihg', /Did you mean `high`\?/],
  ['help netpol lnt', /did you mean `lint`\?/],
  ['netpol lnt DIR', /Did you mean lint\?/],
];

for (const [line, says] of NEAR) {
  test(`what is not known is answered with what is: ${line}`, async t => {
    const { exit, out, err } = await run(wordsOf(line, folderOf(t, MANIFESTS)));
    assert.deepEqual([exit, out], [2, '']);
    assert.match(err, says);
  });
}

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: b }\n';

/** Every command that reads manifests, with `AT` for where they are. */
const READERS: readonly string[] = [
  'netpol lint AT',
  'netpol connectivity map AT',
  'netpol connectivity diff --dir1 AT --dir2 AT',
  'netpol explain AT shop/a shop/b',
  'netpol assert AT --assertions DIR/assertions.yaml',
];

const inputs = (t: TestContext): Readonly<Record<string, readonly [string, RegExp]>> => {
  const folder = folderOf(t, {
    'empty.yaml': '',
    'comment.yaml': '# nothing\n',
    'foreign.yaml': CONFIG_MAP,
    'binary.yaml': '\u001f\u0000\u0008packed',
    'latin.yaml': Buffer.from(`${CONFIG_MAP}# caf\xe9\n`, 'latin1'),
  });
  return {
    'an empty folder': [folderOf(t, {}), /no Kubernetes object can be read/],
    'a folder that is missing': [join(folder, 'none'), /does not exist/],
    'an empty file': [join(folder, 'empty.yaml'), /no Kubernetes object can be read/],
    'a file of comments': [join(folder, 'comment.yaml'), /no Kubernetes object can be read/],
    'other kinds alone': [join(folder, 'foreign.yaml'), /neither a workload nor a policy/],
    'a file that is no text': [join(folder, 'binary.yaml'), /is no text/],
    'a file in another encoding': [join(folder, 'latin.yaml'), /not in UTF-8: line \d+ holds/],
  };
};

for (const reader of READERS) {
  test(`an input without manifests is bad input: ${reader}`, async t => {
    const own = folderOf(t, { 'assertions.yaml': 'assertions:\n  - no path from a to b\n' });
    for (const [what, [place, says]] of Object.entries(inputs(t))) {
      const words = reader.split(' ').map(word => (word === 'AT' ? place : word));
      const { exit, out, err } = await run(words.map(word => word.replace('DIR', own)));
      assert.deepEqual([exit, out], [2, ''], what);
      assert.match(err, says, what);
    }
  });
}

test('standard input is read once', async t => {
  const folder = folderOf(t, MANIFESTS);
  const { exit, err } = await run(['netpol', 'lint', folder, '-', '--flows', '-'], CONFIG_MAP);
  assert.equal(exit, 2);
  assert.match(err, /standard input is named twice/);
});

test('UTF-16 with its byte order mark is read, as consoles of Windows write it', async t => {
  const little = Buffer.from(`\uFEFF${MANIFESTS['web.yaml']}`, 'utf16le');
  const folder = folderOf(t, { 'little.yaml': little, 'big.yaml': Buffer.from(little).swap16() });
  const map = (name: string) => run(['netpol', 'connectivity', 'map', join(folder, name)]);
  const { exit, out } = await map('little.yaml');
  assert.equal(exit, 0);
  assert.notEqual(out, '');
  assert.deepEqual(await map('big.yaml'), await map('little.yaml'));
});
