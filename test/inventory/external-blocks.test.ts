import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksIn } from '../../src/cli/api/external-block-file.js';
import { weirgateAt } from '../cli/api/weirgate.js';
import { lines } from '../flows/support/intake.js';
import { flow, INGEST } from '../support/lab.js';
import { type ServerFixture, withServer } from '../support/server.js';

const IMPORT = `mutation ($input: ImportExternalBlocksInput!) { importExternalBlocks(input: $input) {
  blocks { name cidr cluster { name } } problems { code severity path } } }`;
const FLOWS = `query ($filter: FlowFilter!) { flows(filter: $filter) { nodes { destination {
  ... on ExternalEntity { address block } } } } }`;

const put = async ({ ask }: ServerFixture, input: object) =>
  (await ask(IMPORT, { input })).importExternalBlocks;

const named = (name: string, ...cidrs: string[]) => ({ name, cidrs });

async function see({ ask }: ServerFixture, cluster: string, ...addresses: string[]): Promise<void> {
  const records = lines(...addresses.map(address => flow('shop/web', address, 443)));
  await ask(INGEST, { input: { cluster, format: 'neutral', records } });
}

/** Address and block of what flows of the cluster lead to, ordered. */
async function blocksSeen({ ask }: ServerFixture, cluster: string, destination?: object) {
  const filter = {
    cluster: { eq: cluster },
    ...(destination === undefined ? {} : { destination }),
  };
  const { flows } = await ask(FLOWS, { filter });
  return flows.nodes
    .map((one: { destination: { address: string; block: string | null } }) => [
      one.destination.address,
      one.destination.block,
    ])
    .toSorted();
}

test('an address shows the block with the longest prefix, and flows are found by it', () =>
  withServer(async fixture => {
    await see(fixture, 'east', '203.0.113.7', '203.0.113.200', '198.51.100.1', '192.0.2.1');
    await see(fixture, 'west', '203.0.113.7');
    const all = await put(fixture, {
      blocks: [
        named('provider', '203.0.113.0/24', '198.51.100.0/24'),
        named('everybody', '192.0.2.1/32'),
      ],
    });
    assert.deepEqual(all.problems, []);
    const east = await put(fixture, {
      cluster: 'east',
      blocks: [named('payments', '203.0.113.128/25'), named('own', '192.0.2.1/32')],
    });
    assert.equal(east.blocks.length, 5);
    assert.deepEqual(await blocksSeen(fixture, 'east'), [
      ['192.0.2.1', 'own'],
      ['198.51.100.1', 'provider'],
      ['203.0.113.200', 'payments'],
      ['203.0.113.7', 'provider'],
    ]);
    assert.deepEqual(await blocksSeen(fixture, 'east', { eq: 'EXTERNAL:provider' }), [
      ['198.51.100.1', 'provider'],
      ['203.0.113.7', 'provider'],
    ]);
    const some = { in: ['EXTERNAL:payments', 'EXTERNAL:192.0.2.1', 'EXTERNAL:everybody'] };
    assert.deepEqual(await blocksSeen(fixture, 'east', some), [
      ['192.0.2.1', 'own'],
      ['203.0.113.200', 'payments'],
    ]);
    assert.deepEqual(await blocksSeen(fixture, 'west', { eq: 'EXTERNAL:provider' }), [
      ['203.0.113.7', 'provider'],
    ]);
    assert.deepEqual(await blocksSeen(fixture, 'west', { eq: 'EXTERNAL:payments' }), []);
  }));

test('a graph draws external ends of one name or block as one node', () =>
  withServer(async fixture => {
    const at = (address: string, port: number, dnsName?: string): object =>
      flow('shop/web', address, port, {
        destination: { ip: address, ...(dnsName === undefined ? {} : { dnsName }) },
      });
    const records = lines(
      ...Array.from({ length: 40 }, (_, n) => at(`203.0.113.${n + 1}`, 443, 'pay.example.com')),
      at('203.0.113.99', 8443),
      at('192.0.2.1', 443),
    );
    await fixture.ask(INGEST, { input: { cluster: 'east', format: 'neutral', records } });
    await put(fixture, { cluster: 'east', blocks: [named('provider', '203.0.113.0/24')] });
    const drawn = async (groupExternal: string) => {
      const { networkGraph } = await fixture.ask(
        `query ($filter: NetworkGraphFilter) { networkGraph(cluster: "east", filter: $filter) {
          nodes { id label addresses peer { __typename } } edges { source destination ports { port flow { id } } } } }`,
        { filter: { groupExternal } },
      );
      const { nodes, edges } = networkGraph;
      const labels = new Map(nodes.map(({ id, label }: Record<string, string>) => [id, label]));
      return {
        nodes: nodes
          .filter(({ label }: { label: string }) => label.startsWith('EXTERNAL:'))
          .map(({ label, addresses }: Record<string, unknown>) => [label, addresses])
          .toSorted(),
        edges: edges
          .map((edge: { destination: string; ports: readonly object[] }) => [
            labels.get(edge.destination),
            edge.ports.length,
          ])
          .toSorted(),
      };
    };
    assert.equal((await drawn('ADDRESS')).edges.length, 42);
    assert.deepEqual(await drawn('NAME'), {
      nodes: [
        ['EXTERNAL:192.0.2.1', 1],
        ['EXTERNAL:203.0.113.99', 1],
        ['EXTERNAL:pay.example.com', 40],
      ],
      edges: [
        ['EXTERNAL:192.0.2.1', 1],
        ['EXTERNAL:203.0.113.99', 1],
        ['EXTERNAL:pay.example.com', 40],
      ],
    });
    assert.deepEqual((await drawn('BLOCK')).nodes, [
      ['EXTERNAL:192.0.2.1', 1],
      ['EXTERNAL:provider', 41],
    ]);
  }));

test('`network-flow list` puts ends outside together by name, block or address, and a block is an end of questions', () =>
  withServer(async fixture => {
    const records = lines(
      ...[1, 2, 3].map(n =>
        flow('shop/web', `203.0.113.${n}`, 443, {
          destination: { ip: `203.0.113.${n}`, dnsName: 'pay.example.com' },
        }),
      ),
      flow('shop/web', '203.0.113.99', 443),
    );
    await fixture.ask(INGEST, { input: { cluster: 'east', format: 'neutral', records } });
    await put(fixture, { cluster: 'east', blocks: [named('provider', '203.0.113.0/24')] });
    const weirgate = weirgateAt(fixture.server);
    const listed = async (by: string): Promise<readonly string[]> => {
      const args = ['network-flow', 'list', '--cluster', 'east', '--group-external', by];
      const { out } = await weirgate(args);
      return out.trimEnd().split('\n');
    };
    assert.deepEqual(await listed('name'), [
      'shop/web -> EXTERNAL:203.0.113.99 (TCP 443) [ACTIVE]',
      'shop/web -> EXTERNAL:pay.example.com (TCP 443) [ACTIVE] of 3 addresses',
    ]);
    assert.deepEqual(await listed('block'), [
      'shop/web -> EXTERNAL:provider (TCP 443) [ACTIVE] of 4 addresses',
    ]);
    assert.equal((await listed('address')).length, 4);
    const { explain } = await fixture.ask(
      'query ($input: ExplainInput!) { explain(input: $input) { verdict } }',
      {
        input: {
          cluster: 'east',
          source: 'shop/web',
          destination: 'EXTERNAL:provider',
          port: 443,
        },
      },
    );
    assert.equal(explain.verdict, 'ALLOWED');
  }));

test('an import merges or replaces, and says what it refuses', () =>
  withServer(async fixture => {
    await see(fixture, 'east', '203.0.113.7');
    await put(fixture, { cluster: 'east', blocks: [named('a', '203.0.113.0/24')] });
    const merged = await put(fixture, {
      cluster: 'east',
      blocks: [named('b', '203.0.113.9/24', 'nonsense'), named(' ', '192.0.2.0/24')],
    });
    assert.deepEqual(merged.blocks, [
      { name: 'b', cidr: '203.0.113.0/24', cluster: { name: 'east' } },
    ]);
    assert.deepEqual(
      merged.problems.map(({ code, severity, path }: Record<string, string>) => [
        code,
        severity,
        path,
      ]),
      [
        ['BAD_CIDR', 'WARNING', 'blocks[0].cidrs[1]'],
        ['BAD_NAME', 'WARNING', 'blocks[1].name'],
      ],
    );
    const input = { cluster: 'east', mode: 'REPLACE', blocks: [named('c', '2001:db8::/32')] };
    assert.deepEqual((await put(fixture, input)).blocks, [
      { name: 'c', cidr: '2001:db8::/32', cluster: { name: 'east' } },
    ]);
    const nowhere = await put(fixture, { cluster: 'nowhere', blocks: [] });
    assert.deepEqual([nowhere.blocks, nowhere.problems[0].code], [null, 'NOT_FOUND']);
  }));

test('the command imports CSV and JSON, and lists', () =>
  withServer(async ({ server, ...fixture }) => {
    await see({ server, ...fixture }, 'east', '203.0.113.7');
    const weirgate = weirgateAt(server);
    const csv = 'name,cidr\n# offices\n"Office, main",203.0.113.0/24\nvpn, 192.0.2.0/24\n';
    const imported = await weirgate(['external-entity', 'import', '--cluster', 'east', '-'], csv);
    assert.equal(imported.exit, 0, imported.err);
    assert.match(imported.out, /Office, main │ 203\.0\.113\.0\/24 │ east/);
    await weirgate(['external-entity', 'import', '-'], '[{"name":"all","cidr":"198.51.100.0/24"}]');
    const listed = await weirgate(['external-entity', 'list', '--cluster', 'east', '-o', 'json']);
    assert.deepEqual(
      JSON.parse(listed.out).blocks.map(({ name, cluster }: Record<string, unknown>) => [
        name,
        cluster,
      ]),
      [
        ['all', null],
        ['Office, main', 'east'],
        ['vpn', 'east'],
      ].toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    );
    const bad = await weirgate(['external-entity', 'import', '-'], 'office 203.0.113.0/24');
    assert.equal(bad.exit, 2);
  }));

test('a file of blocks is read as it is written', () => {
  assert.deepEqual(blocksIn('\uFEFFa,10.0.0.0/8\r\n"b ""x""","2001:db8::/32"\n'), [
    { name: 'a', cidrs: ['10.0.0.0/8'] },
    { name: 'b "x"', cidrs: ['2001:db8::/32'] },
  ]);
  assert.throws(() => blocksIn('[{"name":"a"}]'), /item 1/);
  assert.throws(() => blocksIn('{"name":"a"}'), /no list/);
});
