import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { LintOptions } from '../../../src/netpol/lint/finding.js';
import { lint } from '../../../src/netpol/lint/lint.js';
import { LINT_RULES } from '../../../src/netpol/lint/rules.js';
import { readManifests } from '../../../src/netpol/reading/manifests.js';
import { DEFAULT_MODES } from '../../../src/netpol/verdict.js';

/** One rule, with manifests where it fires (and how often), and near ones where it does not. */
type Case = {
  readonly rule: string;
  readonly title: string;
  readonly options?: Partial<LintOptions>;
  readonly manifests: string;
  /** Each document is read on its own, since the reader keeps only the last of equal names. */
  readonly separately?: boolean;
  /** The reader refuses some of it. */
  readonly faulty?: boolean;
  /** A path, or a part of the message, of each finding; empty: the rule is silent. */
  readonly finds: readonly string[];
};

const folder = new URL('cases/', import.meta.url);
const cases = readdirSync(folder)
  .sort()
  .flatMap(name => parse(readFileSync(new URL(name, folder), 'utf8')) as readonly Case[]);

const textsOf = ({ manifests, separately }: Case): readonly string[] =>
  separately === true ? manifests.split(/^---$/m) : [manifests];

for (const each of cases) {
  const { rule, title, options, faulty, finds } = each;
  test(`${rule}: ${title}`, () => {
    const readings = textsOf(each).map(text => readManifests([{ file: 'case.yaml', text }]));
    const problems = readings.flatMap(reading => reading.problems);
    const refused = problems.some(({ severity }) => severity === 'ERROR');
    assert.equal(refused, faulty ?? false, JSON.stringify(problems));
    const facts = readings[0]?.facts ?? assert.fail();
    const policies = readings.flatMap(reading => reading.policies);
    const found = lint(facts, policies, { modes: DEFAULT_MODES, problems, ...options }).filter(
      finding => finding.rule === rule,
    );
    assert.equal(found.length, finds.length, JSON.stringify(found, null, 2));
    for (const [index, wanted] of finds.entries()) {
      const { message, path } = found[index] ?? {};
      assert.ok(path === wanted || message?.includes(wanted), `${wanted}: ${message} at ${path}`);
    }
  });
}

for (const { id } of LINT_RULES) {
  test(`rule ${id} has a case where it fires and one where it is silent`, () => {
    const own = cases.filter(({ rule }) => rule === id);
    assert.ok(own.some(({ finds }) => finds.length > 0));
    assert.ok(own.some(({ finds }) => finds.length === 0));
  });
}
