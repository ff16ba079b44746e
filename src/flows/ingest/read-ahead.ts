/** Whether to go on. */
type Work<T> = (batch: readonly T[]) => Promise<boolean>;

type State<T> = {
  readonly most: () => number;
  readonly work: Work<T>;
  readonly failed: PromiseWithResolvers<never>;
  ready: T[];
  /** Null: no work is under way. */
  running: Promise<void> | null;
  stopped: boolean;
};

/** Begins with all that is ready, up to the limit; goes on by itself while anything is. */
function begin<T>(state: State<T>): void {
  const batch = state.ready.splice(0, state.most());
  state.running = state.work(batch).then(
    goOn => {
      state.running = null;
      state.stopped ||= !goOn;
      if (!state.stopped && state.ready.length > 0) begin(state);
    },
    error => {
      state.stopped = true;
      state.failed.reject(error);
    },
  );
}

/** Waits until the failure, or until no more than `left` are ready. */
async function settle<T>(state: State<T>, left: number): Promise<void> {
  while (state.running !== null && (state.ready.length > left || left < 0))
    await Promise.race([state.running, state.failed.promise]);
}

/** The next one; when making fails, what is ready is still worked on. */
async function next<T>(state: State<T>, made: AsyncGenerator<T>): Promise<IteratorResult<T>> {
  try {
    return await Promise.race([made.next(), state.failed.promise]);
  } catch (error) {
    if (!state.stopped) await settle(state, -1);
    throw error;
  }
}

async function workOn<T>(state: State<T>, made: AsyncGenerator<T>): Promise<void> {
  while (!state.stopped) {
    const { done, value } = await next(state, made);
    if (done === true) break;
    state.ready.push(value);
    if (state.running === null) begin(state);
    await settle(state, state.most() - 1);
  }
  await settle(state, -1);
}

/**
 * Works on what was made while more is made: alone where making is slower, in batches of up to `most` where the work
 * is. Holds what is made back while `most` wait. Ends when all is done, or when `work` answers false.
 * @throws what `made` or `work` throws; when `work` does, nothing more is begun
 */
export async function inBatches<T>(
  made: AsyncGenerator<T>,
  most: () => number,
  work: Work<T>,
): Promise<void> {
  const failed = Promise.withResolvers<never>();
  // Told to whoever waits next; there may be nobody at the moment.
  failed.promise.catch(() => {});
  const state: State<T> = { most, work, failed, ready: [], running: null, stopped: false };
  try {
    await workOn(state, made);
    await made.return(undefined);
  } catch (error) {
    // It may be waiting for input that never comes.
    void made.return(undefined).catch(() => {});
    throw error;
  } finally {
    await state.running;
  }
}
