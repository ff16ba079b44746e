import type { ServerResponse } from 'node:http';
import { UnavailableReason, unavailable } from '../query/unavailable.js';

export type Deadline = {
  readonly signal: AbortSignal;
  /** To be called when the work has ended. */
  readonly clear: () => void;
};

/** A signal that fires after so many milliseconds. */
export function deadlineIn(milliseconds: number): Deadline & { readonly abort: () => void } {
  const controller = new AbortController();
  const { signal } = controller;
  const over = (): void =>
    controller.abort(
      unavailable(
        UnavailableReason.DEADLINE,
        `the answer was not there within ${milliseconds / 1000} s; ask for less at a time`,
      ),
    );
  const timer = setTimeout(over, milliseconds);
  return {
    signal,
    clear: () => clearTimeout(timer),
    abort: () => controller.abort(unavailable(UnavailableReason.DEADLINE, CLIENT_LEFT)),
  };
}

const CLIENT_LEFT = 'the client went away';

/** Whether a signal fired because nobody waits for the answer any more. */
export const hasClientLeft = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && reason instanceof Error && reason.message === CLIENT_LEFT;

/** A signal that fires after so many milliseconds, or when the client leaves before it is answered. */
export function deadlineOf(response: ServerResponse, milliseconds: number): Deadline {
  const { signal, clear, abort } = deadlineIn(milliseconds);
  const left = (): void => {
    if (!response.writableFinished) abort();
  };
  response.once('close', left);
  return {
    signal,
    clear: () => {
      clear();
      response.off('close', left);
    },
  };
}
