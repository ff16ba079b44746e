import { Refused } from './reach.js';

/** What came of one attempt. `again`: whether another may help; `after`: not before so many milliseconds. */
export type Outcome =
  | {
      readonly sent: true;
      readonly status: string;
      /** What the target calls what it was told: the key of an issue. */
      readonly ref?: string;
    }
  | {
      readonly sent: false;
      readonly status: string;
      readonly again: boolean;
      readonly after: number | null;
      /** The receiver said that it is gone for good. */
      readonly gone?: boolean;
    };

const causeText = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
};

/** What an error of a connection comes to: an address that is refused stays so. */
export function failed(error: unknown): Outcome {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return { sent: false, status: causeText(error), again: !(cause instanceof Refused), after: null };
}
