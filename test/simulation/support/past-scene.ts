import { policy } from '../../support/manifests.js';

/** A moment of November 2026. */
export const at = (day: number, hour = 0, minute = 0): string =>
  new Date(Date.UTC(2026, 10, day, hour, minute)).toISOString();

type Labels = Readonly<Record<string, string>>;
export type State = {
  readonly from: string;
  readonly namespaces: Readonly<Record<string, Labels>>;
  readonly pods: Readonly<Record<string, Labels>>;
};

/** What the policies of these tests can say: who comes in to whom, by labels of pods and of their namespaces. */
type Allowing = {
  readonly namespace: string;
  readonly subject: Labels;
  readonly from: Labels;
  readonly namespaces: Labels | null;
};

const holds = (wanted: Labels, labels: Labels): boolean =>
  Object.entries(wanted).every(([key, value]) => labels[key] === value);

export const namespaceOf = (name: string): string => name.split('/')[0] ?? '';

/** The model: ingress of one connection at one time, straight from the reference of the API. */
function isAllowed(state: State, policies: readonly Allowing[], from: string, to: string): boolean {
  const labelsOf = (name: string): Labels => state.pods[name] ?? {};
  const selecting = policies.filter(
    one => one.namespace === namespaceOf(to) && holds(one.subject, labelsOf(to)),
  );
  const admits = ({ namespace: own, from: peer, namespaces }: Allowing): boolean =>
    holds(peer, labelsOf(from)) &&
    (namespaces === null
      ? namespaceOf(from) === own
      : holds(namespaces, state.namespaces[namespaceOf(from)] ?? {}));
  return selecting.length === 0 || selecting.some(admits);
}

export const manifest = (one: Allowing, name: string): object =>
  policy(
    name,
    {
      podSelector: { matchLabels: one.subject },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            {
              podSelector: { matchLabels: one.from },
              ...(one.namespaces !== null && {
                namespaceSelector: { matchLabels: one.namespaces },
              }),
            },
          ],
        },
      ],
    },
    one.namespace,
  );

/** A small generator of numbers, the same in each run. */
function chance(seed: number) {
  let state = seed;
  const below = (limit: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * limit);
  };
  return { below, one: <T>(all: readonly T[]): T => all[below(all.length)] as T };
}

const NAMES = ['shop/web', 'shop/api', 'shop/cron', 'pay/api', 'pay/db'];
const APPS = ['a', 'b', 'c'];

const CLASSES = {
  'true true': 'STILL_ALLOWED',
  'true false': 'NEWLY_BLOCKED',
  'false true': 'NEWLY_ALLOWED',
  'false false': 'STILL_BLOCKED',
} as const;
const ORDER = ['NEWLY_BLOCKED', 'NEWLY_ALLOWED', 'UNDECIDABLE', 'STILL_BLOCKED', 'STILL_ALLOWED'];

type Scene = {
  readonly states: readonly State[];
  readonly flows: readonly { readonly from: string; readonly to: string; readonly time: string }[];
  readonly live: readonly Allowing[];
  readonly candidate: readonly Allowing[];
};

export function sceneOf(seed: number): Scene {
  const { below, one } = chance(seed);
  const labels = (): Labels => ({ app: one(APPS), ...(below(2) === 0 && { tier: one(APPS) }) });
  const zone = (): Labels => ({ zone: one(['x', 'y']) });
  let state: State = {
    from: at(1),
    namespaces: { shop: zone(), pay: zone() },
    pods: Object.fromEntries(NAMES.map(name => [name, labels()])),
  };
  const states = [state];
  for (const day of [4, 6, 9, 12]) {
    const changed = one(NAMES);
    state = {
      from: at(day, 5, 30),
      namespaces:
        below(2) === 0 ? { ...state.namespaces, [one(['shop', 'pay'])]: zone() } : state.namespaces,
      pods: { ...state.pods, [changed]: labels() },
    };
    states.push(state);
  }
  const allowing = (): Allowing => ({
    namespace: one(['shop', 'pay']),
    subject: below(3) === 0 ? {} : { app: one(APPS) },
    from: below(3) === 0 ? {} : { app: one(APPS) },
    namespaces: below(2) === 0 ? null : zone(),
  });
  const flows = Array.from({ length: 30 }, () => {
    const from = one(NAMES);
    const to = one(NAMES.filter(name => name !== from));
    // Some in the hours of the changes, before and after them.
    return { from, to, time: at(2 + below(12), one([4, 5, 5, 6, 20]), one([10, 45])) };
  });
  return {
    states,
    flows,
    live: Array.from({ length: 2 }, allowing),
    candidate: Array.from({ length: 3 }, allowing),
  };
}

type Sighting = { readonly day: string; readonly class: string };

const worstOf = (classes: readonly string[]): string =>
  ORDER.find(name => classes.includes(name)) ?? '';

/** All that is kept of an hour is that the flow was seen in it, within its life. */
function statesIn(states: readonly State[], hour: string, times: readonly string[]) {
  const [lowest = ''] = [`${hour}:00:00.000Z`, times[0] ?? ''].toSorted().slice(-1);
  const [highest = ''] = [`${hour}:59:59.999Z`, times.at(-1) ?? ''].toSorted();
  return states.filter(
    ({ from }, place) =>
      (place === 0 || from <= highest) && (states[place + 1]?.from ?? '9') > lowest,
  );
}

/** What each flow is, and how many flows of each class a day has, one hour after the other. */
export function bruteForce({ states, flows, live, candidate }: Scene) {
  const after = [...live, ...candidate];
  const whole: Record<string, string> = {};
  const days: Record<string, number> = {};
  for (const [edge, sights] of Map.groupBy(flows, ({ from, to }) => `${from} ${to}`)) {
    const [from = '', to = ''] = edge.split(' ');
    const times = sights.map(({ time }) => time).toSorted();
    const found = [...new Set(times.map(time => time.slice(0, 13)))].map((hour): Sighting => {
      const classes = statesIn(states, hour, times).map(
        state =>
          CLASSES[`${isAllowed(state, live, from, to)} ${isAllowed(state, after, from, to)}`],
      );
      return { day: hour.slice(0, 10), class: worstOf(classes) };
    });
    whole[edge] = worstOf(found.map(one => one.class));
    for (const key of new Set(found.map(one => `${one.day} ${one.class}`)))
      days[key] = (days[key] ?? 0) + 1;
  }
  return { whole, days };
}
