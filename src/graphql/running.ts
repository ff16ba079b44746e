import { UnavailableReason, unavailable } from '../query/unavailable.js';

/** Operations of all callers at the same time: more would only wait for a connection of the pool until their time is over. */
const MOST_RUNNING = 300;

export type Running = {
  /** @throws ApiError UNAVAILABLE where too many run */
  readonly within: <T>(work: () => Promise<T>) => Promise<T>;
};

/** Counts what runs on one server. */
export function runningOperations(most = MOST_RUNNING): Running {
  let running = 0;
  return {
    within: async work => {
      if (running >= most)
        throw unavailable(
          UnavailableReason.BUSY,
          `the server answers ${most} operations already; ask again in a moment`,
        );
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
      }
    },
  };
}
