import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderOf } from '../folder.js';
import { withEast } from './east.js';
import { policyFor } from './weirgate.js';

test('flows are listed and exported with their ends, sorted, and by tag and window', t =>
  withEast(t, async weirgate => {
    const list = ['network-flow', 'list', '--cluster', 'east'];
    const own = await weirgate([...list, '--namespace', 'shop', '--deployment', 'web']);
    assert.equal(
      own.out,
      'web -> EXTERNAL:api.payments.example (TCP 443) [ACTIVE]\nweb -> api (TCP 8080) [ACTIVE]\n',
    );
    const all = await weirgate(list);
    assert.match(all.out, /^shop\/web -> shop\/api \(TCP 8080\) \[ACTIVE\]$/m);
    const anomalous = await weirgate([...list, '--tag', 'anomalous']);
    assert.deepEqual([anomalous.out, anomalous.err, anomalous.exit], ['', 'no flows\n', 0]);
    const early = await weirgate([...list, '--until', '2026-11-22T03:00:00Z', '-o', 'markdown']);
    assert.deepEqual(early.out.split('\n').length, 4);
    const exported = await weirgate(['network-flow', 'export', '--cluster', 'east']);
    const { flows } = JSON.parse(exported.out);
    assert.deepEqual(
      flows.map((each: Record<string, unknown>) => [
        each['source'],
        each['destination'],
        each['port'],
        each['protocol'],
      ]),
      [
        ['shop/web', 'EXTERNAL:api.payments.example', 443, 'TCP'],
        ['shop/web', 'shop/api', 8080, 'TCP'],
      ],
    );
  }));

/** Ends of flows as commands name them, and how many of the two flows they find. */
const ENDS: readonly (readonly [flags: readonly string[], count: number])[] = [
  [['--deployment', 'web'], 2],
  [['--deployment', 'api'], 1],
  [['--deployment', 'shop/web'], 2],
  [['--deployment', 'shop/api[Deployment]'], 1],
  [['--deployment', 'shop/deployment/api'], 1],
  [['--source', 'shop/web'], 2],
  [['--source', 'web'], 2],
  [['--source', 'web', '--namespace', 'shop'], 2],
  [['--destination', 'shop/web'], 0],
  [['--destination', 'shop/api[deployment]'], 1],
];

test('a deployment is named in one way, whatever end it is', t =>
  withEast(t, async weirgate => {
    const list = ['network-flow', 'export', '--cluster', 'east'];
    for (const [flags, count] of ENDS) {
      const { out, err } = await weirgate([...list, ...flags]);
      assert.equal(JSON.parse(out || '{}').flows?.length, count, `${flags.join(' ')} ${err}`);
    }
  }));

test('what the server does not know, and what it cannot read, is bad input', t =>
  withEast(t, async weirgate => {
    const wrong: readonly (readonly [argv: readonly string[], says: RegExp])[] = [
      [['network-flow', 'list', '--cluster', 'west'], /no cluster is named `west`/],
      [['network-flow', 'list', '--cluster', 'east', '--since', 'soon'], /`soon` is neither/],
      [['network-flow', 'list', '--cluster', 'east', '--tag', 'odd'], /`odd` is not a tag/],
      [['network-flow', 'list'], /required option '--cluster/],
      [['netpol', 'generate', '--cluster', 'west'], /no cluster is named `west`/],
      [['netpol', 'generate', '--cluster', 'east', '--namespace', 'none'], /is named `none`/],
      [['netpol', 'simulate', '--cluster', 'east'], /nothing is proposed/],
      [['netpol', 'simulate', '--cluster', 'east', '--policy-set', 'none'], /`none`/],
      [['netpol', 'explain', '--cluster', 'east', 'shop/none', 'shop/api'], /shop\/none/],
      [['netpol', 'explain', '--cluster', 'east', 'shop/web'], /a source and a destination/],
      [['alert', 'resolve', 'none'], /no alert has an id that ends in `none`/],
      [['graph', '--cluster', 'west'], /`west`/],
      [['baseline', 'lock', '--cluster', 'west'], /`west`/],
      [['cluster', 'diagnose', '--cluster', 'eats'], /did you mean `east`\?/],
      [['network-flow', 'list', '--cluster', 'east', '--namespace', 'shpo'], /mean `shop`\?/],
      [['network-flow', 'history', '--cluster', 'east', '--deployment', 'ap'], /mean `api`\?/],
      [['network-flow', 'export', '--cluster', 'east', '--source', 'shop/wbe'], /`shop\/web`\?/],
      [
        ['network-flow', 'list', '--cluster', 'east', '--source', 'svc:shop/api'],
        /no flow is from/,
      ],
      [['graph', '--cluster', 'east', '--namespace', 'shopp'], /mean `shop`\?/],
      [['graph-diff', '--cluster', 'east', '--namespace', 'shopp'], /mean `shop`\?/],
      [['policy', 'list', '--cluster', 'east', '--namespace', 'shopp'], /mean `shop`\?/],
      [['baseline', 'list', '--cluster', 'east', '--deployment', 'shop/webb'], /`shop\/web`\?/],
      [['baseline', 'lock', '--cluster', 'east', '--deployment', 'webb'], /mean `web`\?/],
      [['netpol', 'generate', '--cluster', 'east', '--deployment', 'shop/apu'], /`shop\/api`\?/],
      [['alert', 'list', '--cluster', 'east', '--namespace', 'shopp'], /mean `shop`\?/],
      [['alert', 'list', '--deployment', 'shop/webb'], /`shop\/web`\?/],
      [['alert', 'list', '--category', 'anomalous'], /mean `Anomalous Activity`\?/],
      [['alert', 'resolve', '--deployment', 'webb'], /mean `web`\?/],
      [['watch', '--cluster', 'east', '--deployment', 'webb'], /mean `web`\?/],
      [['watch', '--flows', '--cluster', 'east', '--namespace', 'shopp'], /mean `shop`\?/],
    ];
    for (const [argv, says] of wrong) {
      const { exit, out, err } = await weirgate(argv);
      assert.equal(exit, 2, `${argv.join(' ')}: ${out}${err}`);
      assert.match(err, says);
      assert.equal(out, '', argv.join(' '));
    }
  }));

test('a policy that allows what was observed is clean, one that closes it is not', t =>
  withEast(t, async weirgate => {
    const simulate = ['netpol', 'simulate', '--cluster', 'east', '--policy-dir', '-'];
    const clean = await weirgate(simulate, policyFor(8080));
    assert.equal(clean.exit, 0, clean.out + clean.err);
    assert.match(clean.out, /^2 still allowed, 0 newly blocked/m);
    const closing = await weirgate(simulate, policyFor(9090));
    assert.equal(closing.exit, 1);
    assert.match(
      closing.out,
      /newly blocked .*shop\/web -> shop\/api \(TCP 8080\).*NetworkPolicy\/shop\/api/,
    );
    const markdown = await weirgate([...simulate, '-o', 'markdown'], policyFor(9090));
    assert.match(markdown.out, /^### Observed flows change/);
    const held = ['--compromised', 'shop/web', '--sensitive', 'app=api', '-o', 'json'];
    const reach = JSON.parse(
      (await weirgate([...simulate, ...held], policyFor(9090))).out,
    ).blastRadius;
    assert.equal(reach.before.reachableFromCompromised, 1);
    assert.equal(reach.before.sensitive[0]?.hopsFromCompromised, 1);
    const unknown = await weirgate([...simulate, '--compromised', 'shop/nobody'], policyFor(9090));
    assert.match(`${unknown.exit} ${unknown.err}`, /^2 .*`shop\/nobody` names no/);
  }));

test('what makes a simulation fail a build is a choice, and a candidate without any policy always does', t =>
  withEast(t, async weirgate => {
    const simulate = ['netpol', 'simulate', '--cluster', 'east', '--policy-dir', '-'];
    const exits: readonly (readonly [failOn: readonly string[], exit: number])[] = [
      [[], 1],
      [['--fail-on', 'none'], 0],
      [['--fail-on', 'newly-allowed,undecidable'], 0],
      [['--fail-on', 'newly-allowed,newly-blocked'], 1],
      [['--fail-on', 'connectivity'], 1],
      [['--fail-on', 'blocked'], 2],
    ];
    for (const [failOn, exit] of exits) {
      const ran = await weirgate([...simulate, ...failOn], policyFor(9090));
      assert.equal(ran.exit, exit, `${failOn.join(' ')}: ${ran.out}${ran.err}`);
    }
    const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';
    for (const nothing of ['', '# nothing\n', configMap]) {
      const ran = await weirgate([...simulate, '--fail-on', 'none'], nothing);
      assert.deepEqual([ran.exit, ran.out], [2, ''], nothing);
      assert.match(ran.err, /the candidate holds no policy/);
    }
  }));

test('a simulation reports policies and assertions, with their file and line', t =>
  withEast(t, async weirgate => {
    const file = join(
      folderOf(t, { 'a.yaml': '- api is reached only from nobody\n- web reaches api\n' }),
      'a.yaml',
    );
    const simulate = ['netpol', 'simulate', '--cluster', 'east', '--assertions', file];
    const candidate = [...simulate, '--policy-dir', '-'];
    const text = await weirgate(candidate, policyFor(8080));
    assert.equal(text.exit, 1, text.err);
    assert.match(text.out, /NetworkPolicy\/shop\/api +│ added +│ tighter/);
    assert.match(text.out, /api is reached only from nobody +│ does not hold/);
    assert.match(
      text.out,
      /was seen: shop\/web\[Deployment\] -> shop\/api\[Deployment\] \(TCP 8080\)/,
    );
    assert.match(text.out, /web reaches api +│ holds/);
    const [only] = JSON.parse(
      (await weirgate([...candidate, '-o', 'json'], policyFor(8080))).out,
    ).assertions;
    assert.partialDeepStrictEqual(only, { line: 1, column: 3, holds: false, violationCount: 2 });
    const sarif = JSON.parse((await weirgate([...candidate, '-o', 'sarif'], policyFor(8080))).out);
    const result = sarif.runs[0].results.find(
      ({ ruleId }: { ruleId: string }) => ruleId === 'assertion-violated',
    );
    assert.equal(result.locations[0].physicalLocation.region.startLine, 1);
    assert.match(
      (await weirgate([...candidate, '-o', 'markdown'], policyFor(8080))).out,
      /### Assertions/,
    );
    assert.equal((await weirgate(simulate)).exit, 1);
    assert.equal((await weirgate([...simulate, '--fail-on', 'newly-blocked'])).exit, 0);
    const wrong = join(folderOf(t, { 'b.yaml': 'assertions:\n  - web likes api\n' }), 'b.yaml');
    const told = await weirgate(['netpol', 'simulate', '--cluster', 'east', '--assertions', wrong]);
    assert.equal(told.exit, 2);
    assert.match(told.err, /b\.yaml:2:5: error: `web likes api` is no assertion/);
  }));

test('a faulty policy is told with file, line and column, and nothing is simulated', t =>
  withEast(t, async weirgate => {
    const folder = folderOf(t, {
      'a.yaml': policyFor(8080),
      'b.yaml': policyFor(8080)
        .replace('port: 8080', 'port: 80800')
        .replace('name: api', 'name: b'),
    });
    const simulate = ['netpol', 'simulate', '--cluster', 'east', '--policy-dir', folder];
    const { exit, out, err } = await weirgate(simulate);
    assert.equal(exit, 2);
    assert.equal(out, '');
    assert.match(err, /b\.yaml:9:\d+: error: .*80800/);
  }));

test('SARIF points at the policy in its own file', t =>
  withEast(t, async weirgate => {
    const folder = folderOf(t, {
      'other.yaml': policyFor(8080)
        .replace('name: api', 'name: other')
        .replaceAll('app: api', 'app: none'),
      'policy.yaml': policyFor(9090),
    });
    const simulate = ['netpol', 'simulate', '--cluster', 'east', '--policy-dir', folder];
    const { exit, out } = await weirgate([...simulate, '-o', 'sarif']);
    assert.equal(exit, 1);
    const [{ results }] = JSON.parse(out).runs;
    const blocked = results.find(
      ({ ruleId }: { ruleId: string }) => ruleId === 'flow-newly-blocked',
    );
    assert.equal(blocked.level, 'error');
    const [{ physicalLocation }] = blocked.locations;
    assert.match(physicalLocation.artifactLocation.uri, /policy\.yaml$/);
    assert.equal(physicalLocation.region.startLine, 3);
  }));

test('policies in force are listed, taken away in a simulation, and explain themselves', t =>
  withEast(t, async weirgate => {
    const imports = ['cluster', 'import', '--cluster', 'east', '-'];
    assert.equal((await weirgate(imports, policyFor(9090))).exit, 0);
    const yaml = await weirgate(['policy', 'list', '--cluster', 'east', '-o', 'yaml']);
    assert.match(yaml.out, /^kind: NetworkPolicy$/m);
    assert.match((await weirgate(['policy', 'list', '--cluster', 'east'])).out, /shop +│ api/);
    const explain = ['netpol', 'explain', '--cluster', 'east', 'shop/web', 'shop/api'];
    const why = await weirgate([...explain, '--port', '8080', '--protocol', 'tcp']);
    assert.match(why.out, /^shop\/web => shop\/api TCP 8080 : DENIED \(policy\)$/m);
    const json = await weirgate([...explain, '--port', '9090', '-o', 'json']);
    assert.equal(JSON.parse(json.out).verdict, 'ALLOWED');
    const simulate = ['netpol', 'simulate', '--cluster', 'east'];
    const without = await weirgate([...simulate, '--remove', 'shop/api']);
    assert.equal(without.exit, 1, without.err);
    assert.match(without.out, /newly allowed .*shop\/web -> shop\/api/);
    const diff = ['netpol', 'connectivity', 'diff', '--cluster', 'east'];
    const same = await weirgate([...diff, '--remove-policy', 'shop/api', '-o', 'table']);
    assert.equal(same.out, without.out);
  }));

test('the graph is drawn as text, JSON and DOT', t =>
  withEast(t, async weirgate => {
    const graph = (format: string) => weirgate(['graph', '--cluster', 'east', '-o', format]);
    assert.match((await graph('text')).out, /^shop\/web\n {2}-> EXTERNAL:api\.payments\.example/);
    assert.match(
      (await graph('dot')).out,
      /^digraph[\s\S]*"shop\/web" -> "shop\/api" \[label="TCP 8080", color=gray\]/,
    );
    assert.equal(JSON.parse((await graph('json')).out).edges.length, 2);
  }));

test('baselines are learned, locked, listed and unlocked', t =>
  withEast(t, async weirgate => {
    const scope = ['--cluster', 'east', '--namespace', 'shop'];
    const learned = await weirgate(['baseline', 'generate', ...scope]);
    assert.equal(learned.exit, 0, learned.err);
    assert.match(learned.out, /shop\/web +│ Deployment +│ LEARNING/);
    assert.match((await weirgate(['baseline', 'lock', ...scope])).out, /LOCKED/);
    const list = ['baseline', 'list', ...scope, '--deployment', 'shop/api'];
    const { baselines } = JSON.parse((await weirgate([...list, '-o', 'json'])).out);
    const [api, ...more] = baselines;
    assert.deepEqual(more, []);
    assert.equal(api.state, 'LOCKED');
    assert.deepEqual(
      api.entries.map((entry: Record<string, unknown>) => [
        entry['direction'],
        entry['peer'],
        entry['port'],
        entry['protocol'],
      ]),
      [['INGRESS', 'shop/web', 8080, 'TCP']],
    );
    assert.doesNotMatch((await weirgate(['baseline', 'unlock', ...scope])).out, /LOCKED/);
  }));
