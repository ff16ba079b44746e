/**
 * Asks a server for `/livez` every 10 ms and for a list of 20 deployments every 25 ms, whether or not the answers
 * before have come. A process of its own: nothing that the benchmark does delays it. It is told `begin`, then `end`,
 * and answers with milliseconds.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

/** Milliseconds, in the order of asking. */
export type Polled = {
  /** What the server's thread of requests computed while a `/livez` waited: no neighbour on the machine adds to it. */
  readonly computed: readonly number[];
  readonly livez: readonly number[];
  readonly list: readonly number[];
  /** How much later than planned this process itself got to ask. */
  readonly late: readonly number[];
};

const LIST = JSON.stringify({
  query: '{ deployments(first: 20) { nodes { id name kind namespace { name } } } }',
});

const [, , url = '', pid = ''] = process.argv;
const agent = new Agent({ keepAlive: true });

/** Throws what is no answer: a benchmark of errors would be none. */
function ask(path: string, body: string | null): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const method = body === null ? 'GET' : 'POST';
    const asked = request(`${url}${path}`, { agent, method, headers }, response => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - started);
        else reject(new Error(`\`${path}\` answered ${response.statusCode}`));
      });
    });
    asked.on('error', (error: NodeJS.ErrnoException) => {
      // The server may close a connection that was idle at the very moment when it is used again.
      const unheard = asked.reusedSocket && error.code === 'ECONNRESET';
      if (unheard) resolve(ask(path, body));
      else reject(error);
    });
    asked.end(body ?? undefined);
  });
}

/** Processor time of the first thread of the server so far, which is the one that answers; Linux only. */
const computedSoFar = (): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

type Live = { readonly taken: number; readonly computed: number };

async function live(): Promise<Live> {
  const before = computedSoFar();
  const taken = await ask('/livez', null);
  return { taken, computed: computedSoFar() - before };
}

type Asked = {
  readonly livez: Promise<Live>[];
  readonly list: Promise<number>[];
  readonly late: number[];
};

let asked: Asked = { livez: [], list: [], late: [] };
let timers: readonly NodeJS.Timeout[] = [];

function begin(): void {
  const now: Asked = { livez: [], list: [], late: [] };
  asked = now;
  let due = performance.now() + 10;
  timers = [
    setInterval(() => {
      now.late.push(Math.max(0, performance.now() - due));
      due = performance.now() + 10;
      now.livez.push(live());
    }, 10),
    setInterval(() => now.list.push(ask('/graphql', LIST)), 25),
  ];
}

async function end(): Promise<Polled> {
  for (const timer of timers) clearInterval(timer);
  const { list, late } = asked;
  const livez = await Promise.all(asked.livez);
  return {
    livez: livez.map(({ taken }) => taken),
    computed: livez.map(({ computed }) => computed),
    list: await Promise.all(list),
    late,
  };
}

process.on('message', message => {
  if (message === 'begin') begin();
  else if (message === 'end') void end().then(polled => process.send?.(polled));
});
process.on('disconnect', () => process.exit());
