import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { joinYaml } from '../../../src/cli/api/joined.js';
import { writePolicies } from '../../../src/cli/api/policy-files.js';
import { problemLine, problemLines } from '../../../src/cli/api/problem-text.js';
import { Failure } from '../../../src/cli/shell.js';
import { withFolder } from '../../support/folder.js';

const policy = (namespace: string, name: string) => ({
  namespace,
  name,
  yaml: `name: ${namespace}/${name}\n`,
});

test('the policies of one namespace lie in the folder itself', () =>
  withFolder(async folder => {
    const { written } = await writePolicies(folder, [policy('shop', 'api'), policy('shop', 'web')]);
    assert.deepEqual(written, ['api-networkpolicy.yaml', 'web-networkpolicy.yaml']);
    assert.equal(
      await readFile(join(folder, 'web-networkpolicy.yaml'), 'utf8'),
      'name: shop/web\n',
    );
  }));

test('the policies of several namespaces lie in folders of their own', () =>
  withFolder(async folder => {
    await writePolicies(folder, [policy('shop', 'web'), policy('ml', 'web')]);
    assert.deepEqual(await readdir(folder), ['ml', 'shop']);
    assert.deepEqual(await readdir(join(folder, 'ml')), ['web-networkpolicy.yaml']);
  }));

test('for GitOps a kustomization lists the files in order', () =>
  withFolder(async folder => {
    await writePolicies(folder, [policy('shop', 'web'), policy('ml', 'web')], true);
    assert.equal(
      await readFile(join(folder, 'kustomization.yaml'), 'utf8'),
      `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ml/web-networkpolicy.yaml
  - shop/web-networkpolicy.yaml
`,
    );
  }));

test('a file that says the same is unchanged, and one of no policy is told and stays', () =>
  withFolder(async folder => {
    const policies = [policy('shop', 'api'), policy('shop', 'web')];
    await writePolicies(folder, policies);
    await writeFile(join(folder, 'notes.yaml'), '');
    const second = await writePolicies(folder, [
      policy('shop', 'api'),
      { ...policy('shop', 'new'), yaml: 'new\n' },
    ]);
    assert.deepEqual(second, {
      written: ['new-networkpolicy.yaml'],
      unchanged: ['api-networkpolicy.yaml'],
      left: ['web-networkpolicy.yaml'],
    });
    assert.ok((await readdir(folder)).includes('web-networkpolicy.yaml'));
  }));

test('a folder that cannot be written is a failure with its path', () =>
  withFolder(async folder => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await assert.rejects(writePolicies(file, [policy('shop', 'web')]), (error: unknown) => {
      assert.ok(error instanceof Failure);
      assert.match(error.message, /file\/web-networkpolicy\.yaml` cannot be written/);
      return true;
    });
  }));

test('a line of joined files leads back to its file', () => {
  const { text, origin } = joinYaml([
    { file: 'a.yaml', text: 'a: 1\na: 2' },
    { file: 'b.yaml', text: '\uFEFFb: 1\n' },
    { file: 'c.yaml', text: '---\nc: 1\n' },
  ]);
  const lines = text.split('\n');
  assert.deepEqual(origin(lines.indexOf('a: 2') + 1), { file: 'a.yaml', line: 2 });
  assert.deepEqual(origin(lines.indexOf('b: 1') + 1), { file: 'b.yaml', line: 1 });
  assert.deepEqual(origin(lines.indexOf('c: 1') + 1), { file: 'c.yaml', line: 2 });
});

test('a problem is told with file, line, column, path and cure', () => {
  const { origin } = joinYaml([
    { file: 'a.yaml', text: 'a\n' },
    { file: 'b.yaml', text: 'b\n' },
  ]);
  const problem = {
    code: 'CIDR',
    severity: 'ERROR',
    message: '`10/8` is no CIDR',
    path: 'spec.ingress[0]',
    file: null,
    line: 3,
    column: 7,
    hint: 'write it as 10.0.0.0/8',
  } as const;
  assert.equal(
    problemLine(problem, origin),
    'b.yaml:1:7: error: `10/8` is no CIDR at spec.ingress[0] (write it as 10.0.0.0/8)\n',
  );
  assert.equal(
    problemLine({ ...problem, severity: 'INFO', line: null, column: null, path: null, hint: null }),
    'note: `10/8` is no CIDR\n',
  );
  const ofApi = {
    message: '`observationHours: 9` is not between 10 and 20, as `learning` of `clusters` says',
    hint: 'use `setBaselineSettings` with another number, or null for what holds above it',
  };
  assert.equal(
    problemLine({ ...problem, ...ofApi, line: null, column: null, path: null }),
    'error: `--observation-hours 9` is not between 10 and 20, as `learning` of `clusters` says (use `weirgate baseline settings` with another number, or `--unset` for what holds above it)\n',
  );
});

test('a name that leads out of the folder is refused, and nothing is written', () =>
  withFolder(async folder => {
    const inner = join(folder, 'inner');
    for (const name of ['../../x', '..', 'a/b', '/etc/x', 'a\n', 'A', '']) {
      const policies = [policy('shop', 'web'), policy('shop', name)];
      await assert.rejects(writePolicies(inner, policies), Failure, name);
      await assert.rejects(writePolicies(inner, [policy(name, 'web')]), Failure, name);
    }
    assert.deepEqual(await readdir(folder), []);
  }));

test('a fault that many lines have is shown five times, and the others are counted', () => {
  const fault = (line: number, path: string) => ({
    code: 'BAD_OBJECT',
    severity: 'WARNING' as const,
    message: `\`${path}\` is \`a${line}\`, not an object`,
    path,
    file: null,
    line,
    column: 1,
    hint: null,
  });
  const many = Array.from({ length: 300 }, (_, line) => fault(line + 1, `flows[${line}].source`));
  const lines = problemLines([...many, fault(301, 'port')]);
  assert.equal(lines.length, 7);
  assert.equal(lines[5], '… and 295 more such as the last\n');
  assert.match(lines[6] ?? '', /^301:1: warning: `port`/);
  const kinds = Array.from({ length: 60 }, (_, line) => fault(line, `field${line}`));
  assert.deepEqual(problemLines(kinds).at(-1), '… and 10 more lines: `-o json` has all\n');
});
