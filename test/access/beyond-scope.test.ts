import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GraphQLField, getNamedType, isInputObjectType, isNonNullType } from 'graphql';
import { createSchema } from '../../src/schema.js';
import { lines } from '../flows/support/intake.js';
import { flow, INGEST } from '../support/lab.js';
import { literal, operationText, VALUES } from './operations.js';
import { ready } from './support/hidden-lab.js';
import { listen } from './support/listen.js';

const WHO = ['scoped', 'labelled', 'whole'] as const;

/** A mutation that is given an id wherever it takes one, and else what it must be given; null: it takes none. */
function withId(field: GraphQLField<unknown, unknown>, id: string): string | null {
  const [input] = field.args;
  const type = input && getNamedType(input.type);
  if (!isInputObjectType(type)) return null;
  const fields = Object.values(type.getFields());
  const ids = fields.filter(one => getNamedType(one.type).name === 'ID');
  if (ids.length === 0) return null;
  const needed = fields.filter(one => isNonNullType(one.type) && one.defaultValue === undefined);
  const given = [...new Set([...ids, ...needed])].map(one => {
    const own = { ...VALUES, ID: `"${id}"`, DateTime: '"2027-11-22T10:00:00Z"' };
    const isList =
      ids.includes(one) && !isNonNullType(one.type) && String(one.type).startsWith('[');
    return `${one.name}: ${isList ? `["${id}"]` : literal(one.type, own)}`;
  });
  return `mutation { ${field.name}(input: { ${given.join(', ')} }) { problems { code message } } }`;
}

for (const who of WHO)
  test(`no mutation changes what is outside of the scope of the ${who} caller, whatever id it is given`, async () => {
    const sides = await ready();
    const fields = Object.values((await createSchema()).getMutationType()?.getFields() ?? {});
    const before = await sides.stateOf();
    let asked = 0;
    for (const field of fields)
      for (const id of sides.foreign[who]) {
        const text = withId(field, id);
        if (text === null) break;
        const { data, errors } = await sides[who](text);
        const problems = data?.[field.name]?.problems ?? errors;
        // Rules of every cluster may be tried by everybody, on the own flows.
        if (field.name !== 'testAlertRule')
          assert.ok(problems.length > 0, `${text}\n${JSON.stringify({ data, errors })}`);
        assert.doesNotMatch(JSON.stringify(problems), /INTERNAL|VALIDATION/, text);
        asked += 1;
      }
    assert.ok(asked > 60, `${asked} asked`);
    assert.deepEqual(await sides.stateOf(), before);
  });

const OWN = ['createToken', 'auditLog', 'cancelJobs', 'deleteSimulations'];

test('a filter that names a cluster outside of the scope finds nothing to cancel or to delete', async () => {
  const sides = await ready();
  const before = await sides.stateOf();
  for (const who of WHO)
    for (const [field, count] of [
      ['cancelJobs', 'cancelled'],
      ['deleteSimulations', 'deleted'],
    ]) {
      const { data } = await sides[who](
        `mutation { ${field}(input: { filter: { cluster: { eq: "hidden-other" } } }) { ${count} more } }`,
      );
      assert.deepEqual(data[field ?? ''], { [`${count}`]: 0, more: false }, `${who}: ${field}`);
    }
  assert.deepEqual(await sides.stateOf(), before);
});

test('a cluster outside of the scope is answered as one that does not exist, by every query and mutation', async () => {
  const sides = await ready();
  const schema = await createSchema();
  const roots = { Query: schema.getQueryType(), Mutation: schema.getMutationType() };
  const before = await sides.stateOf();
  for (const [type, root] of Object.entries(roots))
    for (const field of Object.values(root?.getFields() ?? {})) {
      // Makes something of that name, or is about the own scope.
      if (OWN.includes(field.name)) continue;
      const named = (cluster: string): string =>
        operationText(type as 'Query', field, { ...VALUES, String: `"${cluster}"` });
      for (const who of WHO) {
        const [there, nowhere] = await Promise.all(
          ['hidden-other', 'hidden-nowhere'].map(async cluster =>
            JSON.stringify(await sides[who](named(cluster)))
              .replaceAll(cluster, 'X')
              .replaceAll(/"requestId":"[^"]*"/g, ''),
          ),
        );
        assert.equal(there, nowhere, `${who}: ${named('hidden-other')}`);
      }
    }
  assert.deepEqual(await sides.stateOf(), before);
});

const ALERTS = `subscription ($filter: AlertFilter, $after: DateTime) { alertChanged(filter: $filter, after: $after) {
  id message groupName rules definitions { name exclusions { peer } } cluster { name } deployment { name namespace { name } }
  peer { ... on Deployment { name } ... on ExternalEntity { name } ... on UnresolvedPeer { id name reason } }
  flow { id source { ... on Deployment { name } ... on UnresolvedPeer { name } } destination { ... on Deployment { name } ... on UnresolvedPeer { name } } }
  flows { id } linked { id message } lead { id message } } }`;
const FLOWS = `subscription { flowsObserved(cluster: "lab") { skipped flows { id port
  source { ... on Deployment { name } ... on UnresolvedPeer { name } } destination { ... on Deployment { name } ... on UnresolvedPeer { name } } } } }`;
const METADATA = '169.254.169.254';

/** Flows that nobody with a scope may hear of, then one of the scope; each time on another port. */
const news = (port: number): string => {
  const later = { time: '2026-11-22T11:00:00Z' };
  return lines(
    flow('hidden-pay/hidden-db', METADATA, port, later),
    flow('hidden-pay/hidden-cron', 'hidden-pay/hidden-db', port, later),
    flow('shop/web', METADATA, port, later),
    flow('shop/web', 'hidden-pay/hidden-db', port, later),
  );
};

for (const who of ['scoped', 'labelled'] as const)
  test(`subscriptions of the ${who} caller tell nothing of what is outside of the scope`, async () => {
    const sides = await ready();
    const { url, secrets, admin, assertHidden } = sides;
    const token = secrets[who];
    const after = '2020-01-01T00:00:00Z';
    const alerts = await listen(url, token, ALERTS, { after });
    assert.ok((await alerts.told(1)).length > 0, 'what changed before comes first');
    const flows = await listen(url, token, FLOWS);
    const all = await listen(url, secrets.whole, FLOWS);
    let port = who === 'scoped' ? 100 : 300;
    for (let heard = false; !heard; port += 1) {
      const input = { cluster: 'lab', format: 'neutral', records: news(port) };
      assert.equal((await admin(INGEST, { input })).errors, undefined);
      await new Promise(done => setTimeout(done, 100));
      heard = (await flows.told(0)).length > 0 && (await all.told(0)).length > 0;
    }
    const told = [...(await alerts.told(2)), ...(await flows.told(1))];
    for (const answer of told) {
      assert.equal(answer.errors, undefined, JSON.stringify(answer));
      assertHidden('subscription', answer);
    }
    const ports = (await flows.told(1)).flatMap(({ data }) => data.flowsObserved.flows);
    assert.ok(ports.length >= 2, 'the own ones are told');
    assert.match(JSON.stringify(await all.told(1)), /hidden-cron/, 'others are told of the rest');
    for (const { stop } of [alerts, flows, all]) stop();
  });

test('a subscription to what is outside of the scope is refused as one to what does not exist', async () => {
  const { url, secrets, ids } = await ready();
  const none = (type: string): string =>
    Buffer.from(`${type}:1:00000000-0000-4000-8000-000000000000`).toString('base64url');
  const pairs = [
    [
      'flowsObserved(cluster: "hidden-other") { skipped }',
      'flowsObserved(cluster: "nowhere") { skipped }',
    ],
    [`jobChanged(id: "${ids['hiddenJob']}") { id }`, `jobChanged(id: "${none('Job')}") { id }`],
    [
      `simulationChanged(id: "${ids['hiddenSimulation']}") { id }`,
      `simulationChanged(id: "${none('Simulation')}") { id }`,
    ],
  ] as const;
  for (const pair of pairs)
    for (const who of ['scoped', 'labelled'] as const) {
      const [there, nowhere] = await Promise.all(
        pair.map(async text => {
          const { told } = await listen(url, secrets[who], `subscription { ${text} }`);
          const [answer] = await told(1);
          return JSON.stringify(answer?.errors?.map(one => one.message)).replace(
            /hidden-other|nowhere/,
            'X',
          );
        }),
      );
      assert.ok(there !== undefined && there === nowhere, `${pair[0]}: ${there} ${nowhere}`);
    }
});
