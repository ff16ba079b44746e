import assert from 'node:assert/strict';
import { type Target, underLoad } from '../measure/load.js';
import { sized } from '../measure/options.js';
import { timeOf, timeOfChildren } from '../measure/processor-time.js';
import { count, type Figure, milliseconds, times } from '../measure/report.js';
import { median } from '../measure/rounds.js';
import { type Scene, type Server, withScene } from './scene.js';

/** One server with its way of asking for the same. */
type Contender = {
  readonly path: string;
  /** The document; null where the path says all. */
  readonly document: string | null;
  /** What every contender must answer alike, read from an answer's `data`. */
  // biome-ignore lint/suspicious/noExplicitAny: each contender has a shape of its own
  readonly rowsOf: (data: any) => readonly unknown[];
};

/** What one benchmark asks the three servers for. */
export type Contest = {
  readonly what: string;
  readonly goals: { readonly postgraphile: number; readonly handWritten: number };
  readonly contenders: Readonly<Record<Name, Contender>>;
};

const NAMES = ['handWritten', 'postgraphile', 'weirgate'] as const;
type Name = (typeof NAMES)[number];

const TITLES: Readonly<Record<Name, string>> = {
  handWritten: 'hand-written pg and node:http',
  postgraphile: 'PostGraphile 5',
  weirgate: 'weirgate',
};

const CLUSTER = { deployments: 2_000, flows: sized(10, 3) };
const CONNECTIONS = 8;
const SECONDS = sized(4, 0.5);
const ROUNDS = sized(7, 2);

/** Of one round: requests per second, and processor time per request, of the server and of Postgres for it. */
type Round = { readonly rate: number; readonly server: number; readonly postgres: number };

const targetOf = ({ url }: Server, { path, document }: Contender): Target => ({
  url: `${url}${path}`,
  body: JSON.stringify(document === null ? {} : { query: document, variables: { first: 100 } }),
});

async function answerOf(target: Target, { rowsOf }: Contender): Promise<readonly unknown[]> {
  const answer = await fetch(target.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: target.body,
  });
  const { data, errors } = (await answer.json()) as { data: unknown; errors?: unknown };
  assert.equal(errors, undefined);
  return rowsOf(data);
}

async function roundOf(target: Target, { pid }: Server, postmaster: number): Promise<Round> {
  const before = { server: timeOf(pid), postgres: timeOfChildren(postmaster) };
  const load = { connections: CONNECTIONS, seconds: SECONDS };
  const { answered, seconds } = await underLoad(target, load);
  return {
    rate: answered / seconds,
    server: (timeOf(pid) - before.server) / answered,
    postgres: (timeOfChildren(postmaster) - before.postgres) / answered,
  };
}

type Rounds = Readonly<Record<Name, Round[]>>;

/** All contenders take turns in each round; the first round, in which they warm up, is not kept. */
async function measure(scene: Scene, { contenders }: Contest): Promise<Rounds> {
  const rounds: Rounds = { handWritten: [], postgraphile: [], weirgate: [] };
  for (let number = 0; number <= ROUNDS; number++)
    for (const name of NAMES) {
      const target = targetOf(scene[name], contenders[name]);
      const round = await roundOf(target, scene[name], scene.postmaster);
      if (number > 0) rounds[name].push(round);
    }
  return rounds;
}

/** No figure without this: all three answer the same rows. */
async function assertAlike(scene: Scene, { contenders }: Contest): Promise<void> {
  const [limit, ...others] = await Promise.all(
    NAMES.map(name => answerOf(targetOf(scene[name], contenders[name]), contenders[name])),
  );
  assert.equal(limit?.length, 100);
  for (const other of others) assert.deepEqual(other, limit);
}

const cpuOf = ({ server, postgres }: Round): number => server + postgres;

/** How many times as much one answers as another, by processor time: the middle of the ratios round by round. */
const ratioBy = (of: (round: Round) => number, one: readonly Round[], other: readonly Round[]) =>
  median(other.map((round, place) => of(round) / of(one[place] ?? round)));

const cpuText = (rounds: readonly Round[]): string =>
  `${milliseconds(median(rounds.map(({ server }) => server)))} + ${milliseconds(median(rounds.map(({ postgres }) => postgres)))}`;

function against(name: 'postgraphile' | 'handWritten', rounds: Rounds, goal: number): Figure {
  const ratio = ratioBy(cpuOf, rounds.weirgate, rounds[name]);
  const byClock = 1 / ratioBy(({ rate }) => rate, rounds.weirgate, rounds[name]);
  return {
    what: `weirgate against ${TITLES[name]}`,
    value: `by the clock ${times(byClock)}`,
    ratio: times(ratio),
    goal: `≥ ${goal} ×`,
    reached: ratio >= goal,
  };
}

const figuresOf = (state: string, { what, goals }: Contest, rounds: Rounds): readonly Figure[] => [
  ...NAMES.map(name => ({
    what: `${what}, ${state}: ${TITLES[name]}`,
    value: `${count(median(rounds[name].map(({ rate }) => rate)))} requests/s`,
    cpu: cpuText(rounds[name]),
  })),
  against('postgraphile', rounds, goals.postgraphile),
  against('handWritten', rounds, goals.handWritten),
];

/**
 * Figures on tables that were never analysed, and on analysed ones. Ratios are of processor time per request,
 * of the server and of Postgres together: what a machine of few cores, shared by both, can answer.
 */
export async function figuresOfContest(contest: Contest): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  await withScene(CLUSTER, async scene => {
    await assertAlike(scene, contest);
    figures.push(...figuresOf('never analysed', contest, await measure(scene, contest)));
    await scene.execute('analyze');
    figures.push(...figuresOf('analysed', contest, await measure(scene, contest)));
  });
  return figures;
}
