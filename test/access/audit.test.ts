import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuditedAct, AuditResult } from '../../src/access/audit.js';
import { auditStore } from '../../src/access/audit.store.js';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { audited, tellAbandoned } from '../../src/access/record-audit.js';
import { verifyAudit } from '../../src/access/verify-audit.js';
import { withDatabase } from '../support/database.js';
import { withServer } from '../support/server.js';

const AT = '2026-11-22T10:00:00.000000Z';

const ACT: AuditedAct = {
  at: AT,
  actor: 'ci',
  roles: ['ADMIN'],
  address: '192.0.2.1',
  requestId: 'r1',
  action: 'lockBaselines',
  target: 'cluster lab',
};

const done = (requestId: string) => ({ ...ACT, requestId, result: AuditResult.DONE, detail: null });

test('entries that are written at once stand in one chain', () =>
  withDatabase(async ({ source }) => {
    const audit = auditStore(source.manager);
    await Promise.all(
      Array.from({ length: 20 }, (_, place) => audit.append([done(`r${place}`)], [])),
    );
    const { entries, fault } = await verifyAudit(audit);
    assert.deepEqual({ entries, fault }, { entries: 20, fault: null });
  }));

test('an entry that was changed, moved or taken out breaks the chain', () =>
  withDatabase(async ({ source, execute }) => {
    const audit = auditStore(source.manager);
    await audit.append([done('r1'), done('r2'), done('r3'), done('r4')], []);
    const { head } = await verifyAudit(audit);
    const faultAfter = async (sql: string): Promise<string | null> => {
      await execute('create temporary table before as select * from audit_entry');
      await execute(sql);
      const { fault } = await verifyAudit(audit);
      await execute('delete from audit_entry');
      await execute('insert into audit_entry select * from before');
      await execute('drop table before');
      return fault;
    };
    const sql = (text: string): Promise<string | null> => faultAfter(text);
    assert.equal(
      await sql(`update audit_entry set text = replace(text, '"r2"', '"r9"') where seq = 2`),
      'entry 2 is not what was sealed',
    );
    assert.equal(await sql('delete from audit_entry where seq = 3'), 'entry 3 is missing');
    assert.equal(
      await sql(`update audit_entry set actor = 'other' where seq = 4`),
      'columns of entry 4 are not what was sealed',
    );
    await execute('delete from audit_entry where seq = 4');
    const cut = await verifyAudit(audit);
    assert.equal(cut.fault, null);
    assert.notEqual(cut.head, head, 'a head that was kept shows that the end is missing');
  }));

test('what a killed server had begun is told as unknown', () =>
  withDatabase(async ({ source, execute }) => {
    const audit = auditStore(source.manager);
    await audit.begin('00000000-0000-4000-8000-000000000001', ACT);
    await tellAbandoned({ audit });
    assert.equal((await audit.following(0, 10)).length, 0, 'it may still be under way');
    await execute(`update audit_pending set begun_at = begun_at - interval '2 hours'`);
    await tellAbandoned({ audit });
    await tellAbandoned({ audit });
    const [only, ...more] = await audit.following(0, 10);
    assert.deepEqual([only?.result, only?.action, more], ['UNKNOWN', 'lockBaselines', []]);
  }));

test('what cannot be written down is not done', async () => {
  let ran = false;
  const broken = async (): Promise<never> => {
    throw new Error('disk full');
  };
  const audit = { begin: broken, append: broken, abandoned: broken };
  const origin = { caller: LOCAL_CALLER, address: null, requestId: 'r' };
  const work = async (): Promise<void> => {
    ran = true;
  };
  const deps = { audit, now: () => AT };
  await assert.rejects(audited(deps, origin, { action: 'x', target: null }, work), /disk full/);
  assert.equal(ran, false);
});

const LOG = `{ auditLog { nodes { seq actor action target result detail } } auditVerification { entries fault } }`;

test('mutations, uploads and refusals stand in the log, and everybody else sees the own lines only', () =>
  withServer(async ({ server, ask }) => {
    const as = async (token: string | null, query: string) => {
      const response = await fetch(`${server}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token !== null && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: the answer has the shape of the question
      return (await response.json()) as any;
    };
    await fetch(`${server}/ingest/inventory?cluster=lab`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"shop"}}',
    });
    await ask('mutation { setRetention(input: { cluster: "nowhere" }) { problems { code } } }');
    const make = (role: string) =>
      `mutation { createToken(input: { name: "${role}", roles: [${role}] }) { secret } }`;
    const admin = (await ask(make('ADMIN'))).createToken.secret;
    const viewer = (await as(admin, make('VIEWER'))).data.createToken.secret;
    await as(null, '{ viewer { name } }');
    await as('wrong', '{ viewer { name } }');
    await as(viewer, 'mutation { lockBaselines(input: { cluster: "lab" }) { problems { code } } }');
    const { auditLog, auditVerification } = (await as(admin, LOG)).data;
    assert.deepEqual(
      auditLog.nodes.map(
        ({ actor, action, target, result }: Record<string, string>) =>
          `${actor} ${action} ${target} ${result}`,
      ),
      [
        'VIEWER lockBaselines cluster lab REFUSED',
        'VIEWER authenticate null DONE',
        'null authenticate null REFUSED',
        'ADMIN createToken name VIEWER DONE',
        'ADMIN authenticate null DONE',
        'local createToken name ADMIN DONE',
        'local setRetention cluster nowhere REJECTED',
        'local POST /ingest/inventory cluster lab DONE',
      ],
    );
    assert.deepEqual(auditVerification, { entries: 8, fault: null });
    const own = await as(viewer, '{ auditLog { totalCount nodes { action } } }');
    assert.deepEqual(own.data.auditLog, {
      totalCount: 2,
      nodes: [{ action: 'lockBaselines' }, { action: 'authenticate' }],
    });
    assert.ok(!JSON.stringify(auditLog).includes(admin));
  }));
