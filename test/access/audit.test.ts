import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuditedAct, AuditResult } from '../../src/access/audit.js';
import { type AuditStore, auditStore } from '../../src/access/audit.store.js';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { type Checkpoint, checkpointIn, KEPT_FOR_EVER } from '../../src/access/checkpoint.js';
import { checkpointAudit, pruneAudit } from '../../src/access/keep-audit.js';
import { audited, tellAbandoned } from '../../src/access/record-audit.js';
import { verifyAudit } from '../../src/access/verify-audit.js';
import { openDataSource } from '../../src/database/data-source.js';
import { withDatabase } from '../support/database.js';
import { withServer } from '../support/server.js';

const AT = '2026-11-22T10:00:00.000000Z';

const ACT: AuditedAct = {
  at: AT,
  actor: 'ci',
  principal: 'name ci',
  roles: ['ADMIN'],
  address: '192.0.2.1',
  requestId: 'r1',
  action: 'lockBaselines',
  target: 'cluster lab',
};

const verified = (
  audit: AuditStore,
  { key = null, witness = null }: { key?: string | null; witness?: Checkpoint | null } = {},
) => verifyAudit({ audit, key, now: AT, witness });

const done = (requestId: string) => ({ ...ACT, requestId, result: AuditResult.DONE, detail: null });

test('entries that are written at once stand in one chain', () =>
  withDatabase(async ({ source }) => {
    const audit = auditStore(source.manager);
    await Promise.all(
      Array.from({ length: 20 }, (_, place) => audit.append([done(`r${place}`)], [])),
    );
    const { entries, fault } = await verified(audit);
    assert.deepEqual({ entries, fault }, { entries: 20, fault: null });
  }));

test('an entry that was changed, moved or taken out breaks the chain', () =>
  withDatabase(async ({ source, execute }) => {
    const audit = auditStore(source.manager);
    await audit.append([done('r1'), done('r2'), done('r3'), done('r4')], []);
    const { head } = await verified(audit);
    const faultAfter = async (sql: string): Promise<string | null> => {
      await execute('create temporary table before as select * from audit_entry');
      await execute(sql);
      const { fault } = await verified(audit);
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
    const cut = await verified(audit);
    assert.equal(cut.fault, null);
    assert.notEqual(cut.head, head, 'a head that was kept shows that the end is missing');
  }));

const KEY = 'a key that is not in the database';
const now = () => new Date('2026-11-30T12:00:00Z');

/** Ten entries, six of which are old. */
async function tenEntries(audit: AuditStore): Promise<void> {
  const at = (place: number) => (place <= 6 ? '2026-01-01T00:00:00.000000Z' : AT);
  for (let place = 1; place <= 10; place += 1)
    await audit.append([{ ...done(`r${place}`), at: at(place) }], []);
}

test('a tail that was cut off is noticed by checkpoints in the database, and without them by one that was kept', () =>
  withDatabase(async ({ source, execute }) => {
    const audit = auditStore(source.manager);
    await tenEntries(audit);
    const told: string[] = [];
    const keeping = { ...KEPT_FOR_EVER, key: KEY, tell: (one: string) => told.push(one) };
    await checkpointAudit({ audit, keeping, now });
    await checkpointAudit({ audit, keeping, now });
    assert.equal(told.length, 1);
    const whole = await verified(audit, { key: KEY });
    assert.deepEqual([whole.entries, whole.fault, whole.signed], [10, null, true]);
    const witness = checkpointIn(whole.checkpoint ?? '');
    await execute('delete from audit_entry where seq > 8');
    assert.match((await verified(audit, { key: KEY })).fault ?? '', /entries 9 to 10 are missing/);
    await execute('delete from audit_checkpoint');
    assert.equal((await verified(audit, { key: KEY })).fault, null);
    const cut = await verified(audit, { key: KEY, witness });
    assert.match(cut.fault ?? '', /entries 9 to 10 are missing/);
    await audit.append([done('x'), done('y')], []);
    const rewritten = await verified(audit, { key: KEY, witness: checkpointIn(told[0] ?? '') });
    assert.match(rewritten.fault ?? '', /entry 10 is not the one that the checkpoint/);
    const forged = { ...witness, hash: (await audit.head()).hash };
    assert.match((await verified(audit, { key: KEY, witness: forged })).fault ?? '', /not signed/);
    assert.throws(() => checkpointIn('weirgate-audit-v1/HEAD/1'), /missing character/);
  }));

test('what is dropped by age leaves a signed checkpoint, from which the chain goes on', () =>
  withDatabase(async ({ source, execute }) => {
    const audit = auditStore(source.manager);
    await tenEntries(audit);
    const before = checkpointIn((await verified(audit, { key: KEY })).checkpoint ?? '');
    const keeping = { ...KEPT_FOR_EVER, key: KEY, retentionDays: 30 };
    await pruneAudit({ audit, keeping, now });
    await pruneAudit({ audit, keeping, now });
    const kept = await verified(audit, { key: KEY, witness: before });
    assert.deepEqual([kept.first, kept.entries, kept.fault], ['7', 5, null]);
    const [last] = (await audit.following(10, 10)).map(({ action, text }) => `${action} ${text}`);
    assert.match(last ?? '', /pruneAuditLog .*entries to 6/);
    await execute('delete from audit_entry where seq = 7');
    assert.equal((await verified(audit, { key: KEY })).fault, 'entry 7 is missing');
    await execute(
      `update audit_checkpoint c set seq = 7, hash = (select prev from audit_entry where seq = 8) where kind = 'PRUNED'`,
    );
    assert.match((await verified(audit, { key: KEY })).fault ?? '', /is not signed with the key/);
  }));

test('two servers that write at once make one chain, also while one of them drops what is old', () =>
  withDatabase(async ({ source, url }) => {
    const other = await openDataSource(url, { tables: [], migrations: [] });
    const both = [auditStore(source.manager), auditStore(other.manager)];
    await tenEntries(auditStore(source.manager));
    const keeping = { ...KEPT_FOR_EVER, key: KEY, retentionDays: 30 };
    await Promise.all([
      ...both.flatMap(audit =>
        Array.from({ length: 15 }, (_, n) => audit.append([done(`${n}`)], [])),
      ),
      ...both.map(audit => pruneAudit({ audit, keeping, now })),
    ]).finally(() => other.destroy());
    const { entries, fault } = await verified(auditStore(source.manager), { key: KEY });
    assert.deepEqual([entries, fault], [4 + 30 + 1, null]);
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

const asOn = (server: string) => async (token: string | null, query: string) => {
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

test('mutations, uploads and refusals stand in the log, and everybody else sees the own lines only', () =>
  withServer(async ({ server, ask }) => {
    const as = asOn(server);
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
    for (const _ of [1, 2, 3]) await as(viewer, '{ tokens { totalCount } }');
    await as(admin, '{ auditExport { lines } }');
    // A token of the same name is somebody else.
    const namesake = (await as(admin, make('VIEWER'))).data.createToken.secret;
    const others = await as(namesake, '{ auditLog { nodes { action } } }');
    assert.deepEqual(others.data.auditLog.nodes, [{ action: 'authenticate' }]);
    const { auditLog, auditVerification } = (await as(admin, LOG)).data;
    assert.deepEqual(
      auditLog.nodes.map(
        ({ actor, action, target, result }: Record<string, string>) =>
          `${actor} ${action} ${target} ${result}`,
      ),
      [
        'VIEWER authenticate null DONE',
        'ADMIN createToken name VIEWER DONE',
        'ADMIN auditExport null DONE',
        'VIEWER tokens null REFUSED',
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
    assert.deepEqual(auditVerification, { entries: 12, fault: null });
    const own = await as(viewer, '{ auditLog { totalCount nodes { action } } }');
    assert.deepEqual(own.data.auditLog, {
      totalCount: 3,
      nodes: [{ action: 'tokens' }, { action: 'lockBaselines' }, { action: 'authenticate' }],
    });
    assert.ok(!JSON.stringify(auditLog).includes(admin));
  }));
