import fc from 'fast-check';
import { reserved, pod as seenPod, tcp, wrapped } from '../../formats/hubble-records.js';
import { podName, timeAt } from './snapshot.js';

/** A record of a source, and whether it is known when it comes again: what is skipped is skipped again. */
export type Told = {
  readonly format: 'neutral' | 'hubble' | 'netobserv';
  readonly hasId: boolean;
  readonly record: object;
};

const ADDRESSES: Readonly<Record<string, string>> = {
  web: '10.1.0.40',
  api: '10.1.0.41',
  old: '10.1.0.50',
  blue: '10.1.0.60',
  green: '10.1.0.61',
};

const ENDS: readonly (readonly [object, number])[] = [
  [{ ip: '10.1.0.41' }, 8080],
  [{ ip: '10.1.0.50' }, 8080],
  [{ ip: '10.1.0.60' }, 8080],
  [{ namespace: 'shop', pod: podName('api') }, 8080],
  [{ namespace: 'shop', workload: { kind: 'Deployment', name: 'blue' } }, 8080],
  [{ namespace: 'shop', labels: { app: 'green' } }, 8080],
  [{ namespace: 'shop', service: 'api' }, 80],
  [{ namespace: 'shop', service: 'bare' }, 80],
  [{ ip: '10.2.0.10' }, 80],
  [{ ip: '10.2.0.11' }, 80],
  [{ ip: '203.0.113.80' }, 80],
  [{ dnsName: 'api.shop.svc.cluster.local' }, 80],
  [{ dnsName: 'api-1.elb.example.net' }, 80],
  [{ ip: '192.0.2.1' }, 30080],
  [{ node: 'other' }, 30080],
  [{ ip: '192.0.2.1' }, 10250],
  [{ ip: '192.0.2.9' }, 10250],
  [{ ip: '198.51.100.7' }, 443],
  [{ dnsName: 'example.com' }, 443],
  [{ ip: '10.1.0.77' }, 8080],
  [{ ip: '10.9.0.1' }, 8080],
];

const minute = fc.integer({ min: 0, max: 359 });
const uuid = fc.uuid();

const neutral = fc
  .record({
    id: uuid,
    minute,
    source: fc.constantFrom<object>(
      { ip: '10.1.0.40' },
      { ip: '10.1.0.50' },
      { namespace: 'shop', pod: podName('web') },
      { ip: '198.51.100.9' },
    ),
    end: fc.constantFrom(...ENDS),
    ported: fc.integer({ min: 0, max: 9 }),
    verdict: fc.constantFrom('ALLOWED', 'ALLOWED', 'DENIED', 'AUDIT', 'ERROR', undefined),
    bytes: fc.option(fc.integer({ min: 1, max: 999 }), { nil: undefined }),
  })
  .map(
    ({ id, minute: at, source, end: [destination, port], ported, ...said }): Told => ({
      format: 'neutral',
      hasId: true,
      record: {
        id,
        time: timeAt(at),
        source,
        destination,
        port: ported === 0 ? null : port,
        protocol: 'TCP',
        ...said,
      },
    }),
  );

/** A window of one conversation, as one of its ends counted it. */
const report = fc
  .record({
    id: uuid,
    window: fc.integer({ min: 0, max: 71 }),
    reporter: fc.constantFrom('SOURCE', 'DESTINATION'),
    destination: fc.constantFrom<object>({ ip: '10.1.0.41' }, { ip: '10.1.0.50' }),
    connections: fc.integer({ min: 0, max: 9 }),
    verdict: fc.constantFrom('ALLOWED', 'DENIED'),
  })
  .map(
    ({ window, ...said }): Told => ({
      format: 'neutral',
      hasId: true,
      record: {
        ...said,
        firstSeen: timeAt(window * 5),
        lastSeen: timeAt(window * 5 + 4.9),
        source: { ip: '10.1.0.40' },
        port: 8080,
        protocol: 'TCP',
      },
    }),
  );

const VERDICTS: readonly object[] = [
  { verdict: 'FORWARDED' },
  { verdict: 'FORWARDED' },
  { verdict: 'DROPPED', drop_reason_desc: 'POLICY_DENIED' },
  { verdict: 'DROPPED', drop_reason_desc: 'CT_MAP_INSERTION_FAILED' },
  { verdict: 'AUDIT' },
  { verdict: 'ERROR' },
  { verdict: 'DROPPED', Type: 'L7', l7: { type: 'REQUEST', http: { code: 403, method: 'GET' } } },
];

const appEnd = (app: string): object => seenPod(podName(app), app);

const OUTSIDE = ['198.51.100.7', '198.51.100.8'] as const;

/** A flow of Hubble: of its own packet, so that no two records show the same. */
const hubble = fc
  .record({
    uuid,
    second: fc.integer({ min: 0, max: 359 * 60 }),
    client: fc.constantFrom('web', 'blue'),
    server: fc.constantFrom('api', 'green', 'old', ...OUTSIDE),
    port: fc.constantFrom(8080, 9090),
    clientPort: fc.integer({ min: 32_768, max: 60_999 }),
    said: fc.constantFrom(...VERDICTS),
    way: fc.constantFrom<object>({ is_reply: false }, { is_reply: true }, { is_reply: undefined }),
  })
  .map(({ uuid: id, second, client, server, port, clientPort, said, way }): Told => {
    const isReply = 'is_reply' in way && way.is_reply === true;
    const ends = [appEnd(client), server in ADDRESSES ? appEnd(server) : reserved('world')];
    const ips = [ADDRESSES[client], ADDRESSES[server] ?? server];
    const ports = [clientPort, port] as const;
    if (isReply) for (const pair of [ends, ips]) pair.reverse();
    return {
      format: 'hubble',
      hasId: !isReply,
      record: wrapped({
        uuid: id,
        time: timeAt(second / 60),
        source: ends[0],
        destination: ends[1],
        IP: { source: ips[0], destination: ips[1] },
        l4: isReply
          ? tcp(ports[1], ports[0], { ACK: true })
          : tcp(ports[0], ports[1], { SYN: true }),
        ...said,
        ...way,
      }),
    };
  });

const answer = fc
  .record({
    uuid,
    minute,
    client: fc.constantFrom('web', 'blue'),
    query: fc.constantFrom('a.example.com', 'b.example.com', 'api-1.elb.example.net'),
    ip: fc.constantFrom(...OUTSIDE),
  })
  .map(
    ({ uuid: id, minute: at, client, query, ip }): Told => ({
      format: 'hubble',
      hasId: false,
      record: wrapped({
        uuid: id,
        time: timeAt(at),
        is_reply: true,
        source: appEnd('api'),
        destination: appEnd(client),
        IP: { source: '10.0.0.53', destination: ADDRESSES[client] },
        l4: { UDP: { source_port: 53, destination_port: 40_000 } },
        l7: { type: 'RESPONSE', dns: { query, ips: [ip], ttl: 30, rcode: 0 } },
      }),
    }),
  );

/** A connection as NetObserv shows it: to the Service, and to the pod, or one of both. */
const observed = fc
  .record({
    second: fc.integer({ min: 0, max: 359 * 60 }),
    clientPort: fc.integer({ min: 32_768, max: 60_999 }),
    Bytes: fc.integer({ min: 1, max: 999 }),
    shown: fc.constantFrom('both', 'service', 'pod'),
  })
  .map(({ second, clientPort, Bytes, shown }): readonly Told[] => {
    const at = Date.parse(timeAt(second / 60));
    const common = {
      TimeFlowStartMs: at,
      TimeFlowEndMs: at + 400,
      ...{ Proto: 6, Flags: 2, Bytes, Packets: 1 },
      ...{ SrcAddr: '10.1.0.40', SrcPort: clientPort, Interface: 'eth0' },
      ...{ SrcK8S_Type: 'Pod', SrcK8S_Namespace: 'shop', SrcK8S_Name: podName('web') },
    };
    const ends = {
      service: {
        ...{ DstAddr: '10.2.0.10', DstPort: 80, FlowDirection: 1, AgentIP: '192.0.2.1' },
        ...{ DstK8S_Type: 'Service', DstK8S_Namespace: 'shop', DstK8S_Name: 'api' },
      },
      pod: {
        ...{ DstAddr: '10.1.0.41', DstPort: 8080, FlowDirection: 0, AgentIP: '192.0.2.2' },
        ...{ DstK8S_Type: 'Pod', DstK8S_Namespace: 'shop', DstK8S_Name: podName('api') },
      },
    };
    return (['service', 'pod'] as const)
      .filter(end => shown === 'both' || shown === end)
      .map(end => ({ format: 'netobserv', hasId: true, record: { ...common, ...ends[end] } }));
  });

const one = fc
  .oneof(
    { weight: 4, arbitrary: neutral },
    { weight: 2, arbitrary: report },
    { weight: 4, arbitrary: hubble },
    { weight: 1, arbitrary: answer },
  )
  .map(told => [told]);

/** What sources tell of the world within six hours. */
export const tellings = (most: number): fc.Arbitrary<readonly Told[]> =>
  fc
    .array(fc.oneof({ weight: 6, arbitrary: one }, { weight: 1, arbitrary: observed }), {
      minLength: 1,
      maxLength: most,
    })
    .map(all => all.flat());

/** One thing that is sent. */
export type Sending =
  | { readonly format: Told['format']; readonly records: readonly object[] }
  | 'SNAPSHOT';

const FORMATS = ['neutral', 'hubble', 'netobserv'] as const;

/** All that is told in one file for each source, after the inventory. */
export const inOne = (all: readonly Told[]): readonly Sending[] => [
  'SNAPSHOT',
  ...FORMATS.flatMap(format => {
    const records = all.filter(told => told.format === format).map(({ record }) => record);
    return records.length === 0 ? [] : [{ format, records }];
  }),
];

/** The same cut and put in any order, some of it twice, and the inventory at any place. */
export const anyCut = (all: readonly Told[]): fc.Arbitrary<readonly Sending[]> =>
  fc
    .record({
      order: fc.shuffledSubarray([...all], { minLength: all.length }),
      cuts: fc.array(fc.nat(all.length), { maxLength: 5 }),
      twice: fc.array(fc.nat(all.length - 1), { maxLength: 6 }),
      shown: fc.nat(20),
    })
    .map(({ order, cuts, twice, shown }) => {
      const ends = [...new Set([...cuts, all.length])].toSorted((x, y) => x - y);
      const parts = ends.map((end, at) => order.slice(ends[at - 1] ?? 0, end));
      const again = twice.flatMap(at => (all[at]?.hasId ? [all[at]] : []));
      const files = parts.flatMap((part, at) =>
        inOne(at === 1 ? [...part, ...again] : part).slice(1),
      );
      return files.toSpliced(Math.min(shown, files.length), 0, 'SNAPSHOT');
    });
