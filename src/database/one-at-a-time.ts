import type pg from 'pg';

type Query = (...given: readonly unknown[]) => unknown;

const ignore = (): void => {};

/**
 * Statements of one client that are asked at once, such as of one transaction, one after another as they were asked: pg 8 warns of
 * a statement that is asked while another runs, and pg 9 takes none. What waits begins when the one before has ended, whatever came of it.
 */
export function oneAtATime(client: pg.Client): void {
  const query = client.query.bind(client) as Query;
  let last: Promise<void> | null = null;
  const inTurn: Query = (...given) => {
    if (given.some(one => typeof one === 'function')) return query(...given);
    const answer = last === null ? query(...given) : last.then(() => query(...given));
    // A stream of rows, which ends when its reader has had enough.
    if (!(answer instanceof Promise)) return answer;
    const over: Promise<void> = answer.then(ignore, ignore).then(() => {
      if (last === over) last = null;
    });
    last = over;
    return answer;
  };
  Object.assign(client, { query: inTurn });
}
