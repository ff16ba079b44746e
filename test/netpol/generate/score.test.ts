import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compile,
  parsePolicies,
  privilegeScores,
  render,
  withTwins,
} from '../../../src/netpol/index.js';
import { facts, pod } from '../evaluation/build.js';
import { flow, generated } from './observed.js';

const pods = ['web', 'api', 'db', 'job'].map(name => pod(`shop/${name}`));
const known = facts({ pods });
const flows = ['shop/web -> shop/api TCP 80', 'shop/api -> shop/db TCP 5432'].map(text =>
  flow(text),
);

test('a deployment that may do only what it does has 1, one that may do everything 0, by ways to and from others', () => {
  const subjects = ['shop/web', 'shop/api', 'shop/db'];
  const made = generated(known, flows, { subjects });
  const text = render(made.policies.map(({ document }) => document));
  const after = compile(withTwins(known), parsePolicies([{ file: null, text }]).policies);
  const before = compile(withTwins(known), []);
  const closed = { before: 0, after: 1 };
  assert.deepEqual(
    privilegeScores({ facts: known, subjects }, { before, after }, flows),
    subjects.map(key => ({ key, ...closed, ingress: closed, egress: closed })),
  );
  const half = generated(known, flows, { subjects, directions: 'INGRESS' });
  const open = compile(
    withTwins(known),
    parsePolicies([{ file: null, text: render(half.policies.map(({ document }) => document)) }])
      .policies,
  );
  const [web] = privilegeScores({ facts: known, subjects }, { before, after: open }, flows);
  const { after: both, ingress, egress } = web ?? assert.fail();
  assert.deepEqual([both, ingress.after, egress.after], [0.8, 1, 0.5], 'each way for itself');
});

const ALL = { before: 1, after: 1 };

test('where there is nothing to close the score is 1', () => {
  const alone = facts({ pods: pods.slice(0, 1) });
  const state = compile(withTwins(alone), []);
  assert.deepEqual(
    privilegeScores({ facts: alone, subjects: ['shop/web'] }, { before: state, after: state }, []),
    [{ key: 'shop/web', before: 1, after: 1, ingress: ALL, egress: ALL }],
  );
});
