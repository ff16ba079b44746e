import type { Problem } from '../netpol/index.js';
import { type LabelSelector, labelCondition } from '../query/label-selector.js';
import { emptyLists, errorAt } from '../query/problem.js';
import { type Caller, coversScope, type Names } from './caller.js';
import { PERMISSIONS, Role } from './role.js';
import { hashOf, newTokenText, prefixOf, type Token, TokenKind } from './token.js';
import type { TokenStore } from './token.store.js';

export type CreateTokenInput = {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly clusters: Names;
  readonly namespaces: Names;
  /** On labels of workloads; null: all of them. */
  readonly selector: LabelSelector | null;
  /** From now. */
  readonly expiresInDays: number;
};

export type CreateTokenOutcome = {
  readonly token: Token | null;
  /** The text to show: it is told this once. */
  readonly secret: string | null;
  readonly problems: readonly Problem[];
};

export type CreateTokenDeps = {
  readonly tokens: Pick<TokenStore, 'add'>;
  /** Who gives it: nobody gives more than they have. */
  readonly caller: Caller;
  readonly now: () => Date;
};

const LONGEST_DAYS = 365;
const DAY_MS = 86_400_000;

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@:/-]{0,99}$/u;

const CLUSTER_OF_SENSOR = 'a sensor works for one cluster and all of its namespaces';

const isSensor = ({ roles }: CreateTokenInput): boolean => roles.includes(Role.SENSOR);

function sensorProblems(input: CreateTokenInput): readonly Problem[] {
  const { roles, clusters, namespaces, selector } = input;
  if (!isSensor(input)) return [];
  const alone = roles.length === 1 && clusters !== 'ALL' && clusters.length === 1;
  if (alone && namespaces === 'ALL' && selector === null) return [];
  return [
    errorAt(
      'SENSOR_SCOPE',
      'clusters',
      CLUSTER_OF_SENSOR,
      'give it the role SENSOR alone, and name its cluster',
    ),
  ];
}

function scopeProblems(caller: Caller, input: CreateTokenInput): readonly Problem[] {
  const held = new Set(caller.roles.flatMap(role => PERMISSIONS[role]));
  const more = input.roles.filter(role => PERMISSIONS[role].some(one => !held.has(one)));
  if (more.length === 0 && coversScope(caller, input)) return [];
  return [
    errorAt(
      'BEYOND_OWN_RIGHTS',
      more.length > 0 ? 'roles' : 'clusters',
      `\`${caller.name}\` cannot give what it does not have`,
      'ask somebody who has it, or create the token with `weirgate token create` on the database',
    ),
  ];
}

const listed = (names: Names): readonly string[] | null => (names === 'ALL' ? null : names);

function problemsOf(caller: Caller, input: CreateTokenInput): readonly Problem[] {
  const { name, roles, expiresInDays: days } = input;
  return [
    ...(NAME.test(name)
      ? []
      : [
          errorAt(
            'NAME_INVALID',
            'name',
            `\`${name.slice(0, 100)}\` is not a name for a token`,
            'write up to 100 letters, digits, spaces and . _ @ : / -',
          ),
        ]),
    ...(roles.length > 0
      ? []
      : [
          errorAt(
            'ROLE_MISSING',
            'roles',
            'a token without a role may do nothing',
            `say one of ${Object.values(Role).join(', ')}`,
          ),
        ]),
    ...(Number.isInteger(days) && days >= 1 && days <= LONGEST_DAYS
      ? []
      : [
          errorAt(
            'EXPIRY_INVALID',
            'expiresInDays',
            `\`${days}\` is not a number of days that a token can be good for`,
            `say 1 to ${LONGEST_DAYS}`,
          ),
        ]),
    ...emptyLists({ clusters: listed(input.clusters), namespaces: listed(input.namespaces) }),
    ...sensorProblems(input),
    ...scopeProblems(caller, input),
  ];
}

/** The same selector is the same text, whatever order its labels were written in. */
function settledSelector({ matchLabels, matchExpressions }: LabelSelector): LabelSelector {
  const labels = Object.entries((matchLabels ?? {}) as Record<string, string>);
  const expressions = (matchExpressions ?? []).map(({ key, operator, values }) => ({
    key,
    operator,
    values: [...(values ?? [])].toSorted(),
  }));
  const textOf = (one: object): string => JSON.stringify(one);
  return {
    matchLabels: Object.fromEntries(labels.toSorted(([one], [other]) => (one < other ? -1 : 1))),
    matchExpressions: expressions.toSorted((one, other) => (textOf(one) < textOf(other) ? -1 : 1)),
  };
}

/**
 * Makes a token. Its text is in the outcome and nowhere else.
 * @throws ApiError BAD_USER_INPUT for a selector that is none
 */
export async function createToken(
  { tokens, caller, now }: CreateTokenDeps,
  input: CreateTokenInput,
): Promise<CreateTokenOutcome> {
  labelCondition('labels', input.selector);
  const problems = problemsOf(caller, input);
  if (problems.length > 0) return { token: null, secret: null, problems };
  const { name, roles, clusters, namespaces, selector, expiresInDays } = input;
  const kind = isSensor(input) ? TokenKind.SENSOR : TokenKind.API;
  const secret = newTokenText(kind);
  const token = await tokens.add({
    name,
    kind,
    roles: [...new Set(roles)],
    clusters,
    namespaces,
    selector: selector && settledSelector(selector),
    hash: hashOf(secret),
    prefix: prefixOf(secret),
    createdBy: caller.name,
    expiresAt: new Date(now().getTime() + expiresInDays * DAY_MS).toISOString(),
  });
  return { token, secret, problems: [] };
}
