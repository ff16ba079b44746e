import { parseAddress } from '../addresses/address.js';
import { parseCidr } from '../addresses/block.js';
import { Direction, type Peer, type Policy } from '../policy.js';
import { type Problem, Severity } from '../problem.js';
import type { Engine } from './compiled.js';
import type { CompiledRule } from './compiled-rule.js';
import type { PodClass } from './pod-classes.js';
import type { CompiledPolicy } from './program.js';

const warning = (code: string, message: string, hint: string): Problem => ({
  code,
  severity: Severity.WARNING,
  message,
  path: null,
  place: null,
  hint,
});

const titleOf = ({ kind, namespace, name }: Policy): string =>
  `${kind} \`${namespace === null ? '' : `${namespace}/`}${name}\``;

function repeated<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const item of items) {
    const key = keyOf(item);
    if (seen.has(key)) twice.add(key);
    seen.add(key);
  }
  return [...twice];
}

const repeatedPods = ({ index }: Engine): readonly Problem[] =>
  repeated(index.facts.pods, ({ key }) => key).map(key =>
    warning(
      'DUPLICATE_POD',
      `several pods have the key \`${key}\`; questions about it mean the first`,
      'give every pod a key of its own',
    ),
  );

const strangeAddresses = ({ index }: Engine): readonly Problem[] =>
  [...index.facts.pods, ...index.facts.nodes].flatMap(({ name, addresses }) =>
    addresses
      .filter(text => parseAddress(text) === null)
      .map(text =>
        warning(
          'INVALID_ADDRESS',
          `\`${text}\` of \`${name}\` is not an address; it is left out`,
          'write an IPv4 or IPv6 address without prefix',
        ),
      ),
  );

const cidrsOf = (peer: Peer): readonly string[] => {
  if (peer.kind === 'ip-block') return [peer.cidr, ...peer.except];
  return peer.kind === 'networks' ? peer.cidrs : [];
};

const strangeBlocks = ({ policy }: CompiledPolicy): readonly Problem[] =>
  [...(policy.ingress ?? []), ...(policy.egress ?? [])].flatMap(rule =>
    (rule.peers ?? [])
      .flatMap(cidrsOf)
      .filter(cidr => parseCidr(cidr) === null)
      .map(cidr => ({
        ...warning(
          'INVALID_CIDR',
          `\`${cidr}\` in ${titleOf(policy)} is not a CIDR; it covers nothing`,
          'write an address, a slash and a prefix length',
        ),
        place: rule.place,
      })),
  );

/** Who a rule's port names are resolved on: the policy's own subjects, or the pods that it names. */
function destinations(
  { index }: Engine,
  direction: Direction,
  policy: CompiledPolicy,
  rule: CompiledRule,
): Iterable<number> {
  if (direction === Direction.INGRESS) return policy.subjects;
  if (rule.everyone || rule.allPods) return index.inhabited;
  return rule.pods.flatMap(({ classes }) => [...classes]);
}

function unknownNames(
  engine: Engine,
  direction: Direction,
  policy: CompiledPolicy,
): readonly Problem[] {
  const declares = (podClass: PodClass | undefined, named: CompiledRule['named'][number]) =>
    podClass?.profile.named.some(
      ({ name, protocol }) =>
        name === named.name && (named.protocol === null || named.protocol === protocol),
    ) === true;
  return (policy.rules[direction] ?? []).flatMap(rule =>
    rule.named
      .filter(named => {
        for (const id of destinations(engine, direction, policy, rule)) {
          if (declares(engine.index.classes[id], named)) return false;
        }
        return true;
      })
      .map(({ name, protocol }) => ({
        ...warning(
          'UNKNOWN_PORT_NAME',
          `port \`${name}\`${protocol === null ? '' : ` of ${protocol}`} in ${titleOf(policy.policy)} is not named by any container that it concerns; it matches nothing`,
          'name the port in the containers, or write its number',
        ),
        place: rule.rule.place,
      })),
  );
}

/**
 * What `compile` noticed beyond what reading and lint report; nothing of it keeps the rest from
 * being used.
 */
export const problemsOf = (engine: Engine): readonly Problem[] => [
  ...repeatedPods(engine),
  ...strangeAddresses(engine),
  ...engine.policies.flatMap(strangeBlocks),
  ...engine.policies.flatMap(policy => [
    ...unknownNames(engine, Direction.INGRESS, policy),
    ...unknownNames(engine, Direction.EGRESS, policy),
  ]),
];
