import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from './hidden-lab.js';

export type Listening = {
  /** Waits until so many answers were told, or the stream has ended; answers all of them. */
  readonly told: (count: number) => Promise<readonly Answer[]>;
  readonly stop: () => void;
};

const WAIT_MS = 10_000;

/** A subscription as server-sent events; told once the server has taken it. */
export async function listen(
  url: string,
  token: string | null,
  query: string,
  variables: object = {},
): Promise<Listening> {
  const leaving = new AbortController();
  const response = await fetch(`${url}/graphql/stream`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
    signal: leaving.signal,
  });
  const answers: Answer[] = [];
  let isOver = false;
  const reading = async (): Promise<void> => {
    let text = '';
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const events = (text + part).split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^event: next\ndata: (.*)$/s.exec(event)?.[1];
        if (data !== undefined) answers.push(JSON.parse(data));
      }
    }
  };
  const over = (): void => {
    isOver = true;
  };
  void reading().then(over, over);
  return {
    told: async count => {
      const end = Date.now() + WAIT_MS;
      while (answers.length < count && !isOver && Date.now() < end) await pause(10);
      return answers;
    },
    stop: () => leaving.abort(),
  };
}
