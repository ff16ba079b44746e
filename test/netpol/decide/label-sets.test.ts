import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  compile,
  decide,
  type Endpoint,
  type Facts,
  judge,
  type PodFact,
} from '../../../src/netpol/index.js';
import { ASKED_PORTS, modes, OUTSIDE_ENDS, policies, worlds } from '../evaluation/arbitrary.js';
import { end } from '../evaluation/build.js';

/** Pods by whom they are of: every second pod of a namespace is another label set of its first one. */
function groupsOf({ pods }: Facts): ReadonlyMap<string, readonly PodFact[]> {
  const byNamespace = Map.groupBy(pods, ({ namespace }) => namespace);
  const groups = [...byNamespace.values()].map(there =>
    there.filter((_, place) => place % 2 === 0),
  );
  return new Map(groups.map(group => [group[0]?.key ?? '', group]));
}

const withSets = (facts: Facts, groups: ReadonlyMap<string, readonly PodFact[]>): Facts => {
  const speakers = new Map(
    [...groups].flatMap(([key, group]) => group.slice(1).map(pod => [pod.key, key] as const)),
  );
  const pods = facts.pods.map(pod => {
    const memberOf = speakers.get(pod.key);
    return memberOf === undefined ? pod : { ...pod, memberOf };
  });
  return { ...facts, pods };
};

const questions = fc.array(
  fc.record({
    source: fc.nat(),
    destination: fc.nat(),
    port: fc.constantFrom(...ASKED_PORTS),
    protocol: fc.constantFrom('TCP', 'UDP', 'ICMP'),
  }),
  { minLength: 10, maxLength: 10 },
);

test('what holds for all label sets of both ends is the verdict, and else it is undecidable', () => {
  fc.assert(
    fc.property(worlds, policies, modes, questions, (facts, set, chosen, asked) => {
      const groups = groupsOf(facts);
      const plain = compile(facts, set, chosen);
      const grouped = compile(withSets(facts, groups), set, chosen);
      const ends: readonly Endpoint[] = [
        ...[...groups.keys()].map((key): Endpoint => ({ kind: 'pod', key })),
        ...OUTSIDE_ENDS.filter(text => !text.startsWith('service=')).map(end),
      ];
      const membersOf = (one: Endpoint): readonly Endpoint[] =>
        one.kind === 'pod'
          ? (groups.get(one.key) ?? []).map(({ key }): Endpoint => ({ kind: 'pod', key }))
          : [one];
      for (const { source, destination, ...rest } of asked) {
        const from = ends[source % ends.length] as Endpoint;
        const to = ends[destination % ends.length] as Endpoint;
        const each = membersOf(from).flatMap(one =>
          membersOf(to).map(
            other => judge(plain, { source: one, destination: other, ...rest }).verdict,
          ),
        );
        const [first, ...others] = new Set(each);
        const connection = { source: from, destination: to, ...rest };
        const decision = decide(grouped, connection);
        const { verdict, basis, governed } = decision;
        assert.equal(verdict, others.length === 0 ? first : 'UNDECIDABLE');
        assert.deepEqual(judge(grouped, connection), { verdict, basis, governed });
        if (basis === 'mixed-label-sets') assert.match(decision.missing ?? '', /allowed|denied/);
      }
    }),
    { numRuns: 50 },
  );
});
