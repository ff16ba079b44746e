import type { ObservedPolicy } from '../../flow.js';
import { listOf, namedIn, objectOf, textOf } from '../coerce.js';
import type { JsonObject } from '../record.js';
import { type CalicoFlow, fieldOf, nameField } from './calico-flow.js';

type Direction = ObservedPolicy['direction'];

const ACTIONS: Readonly<Record<string, ObservedPolicy['action']>> = {
  1: 'ALLOW',
  2: 'DENY',
  allow: 'ALLOW',
  deny: 'DENY',
};

const actionOf = (value: unknown): ObservedPolicy['action'] | null =>
  namedIn(ACTIONS, String(value).toLowerCase()) ?? null;

/** Enterprise writes `index|tier|namespace/tier.name|action|rule`. */
const policyOfText = (text: string, direction: Direction): ObservedPolicy | null => {
  const [, , path = '', told] = text.split('|');
  const action = actionOf(told);
  if (action === null) return null;
  const slash = path.indexOf('/');
  const namespace = slash < 0 ? null : path.slice(0, slash);
  return { action, direction, kind: null, namespace, name: path.slice(slash + 1) };
};

/** At the end of a tier no rule decides: the policy that isolates the end is its `trigger`. */
const policyOfHit = (hit: JsonObject, direction: Direction): ObservedPolicy | null => {
  const action = actionOf(hit['action']);
  const policy = nameField(hit, 'name') === null ? objectOf(hit['trigger']) : hit;
  const name = policy === null ? null : nameField(policy, 'name');
  if (action === null || policy === null || name === null) return null;
  // Goldmane's emitter writes kinds as numbers.
  const kind = textOf(policy['kind']);
  return { action, direction, kind, namespace: nameField(policy, 'namespace'), name };
};

/** The enforced policies that decided: not those that passed to the next tier. Null: none is named. */
export const calicoPolicies = (
  { key }: CalicoFlow,
  direction: Direction,
): readonly ObservedPolicy[] | null => {
  const policies = objectOf(key['policies']);
  if (policies === null) return null;
  const enforced = listOf(fieldOf(policies, 'enforced_policies') ?? policies['enforced']);
  const found = enforced.flatMap(one => {
    if (typeof one === 'string') return policyOfText(one, direction) ?? [];
    const hit = objectOf(one);
    return hit === null ? [] : (policyOfHit(hit, direction) ?? []);
  });
  return found.length === 0 ? null : found;
};
