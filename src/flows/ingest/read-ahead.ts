/** Whether to go on. */
type Work<T> = (batch: readonly T[]) => Promise<boolean>;

/** When a batch begins. */
export type Batching = {
  /** It is full with so many. */
  readonly most: () => number;
  /** A batch that is not full begins when its first has waited so long, in milliseconds, or nothing more comes. */
  readonly patience: number;
};

type State<T> = Batching & {
  readonly work: Work<T>;
  readonly failed: PromiseWithResolvers<never>;
  ready: T[];
  /** Null: no work is under way. */
  running: Promise<void> | null;
  /** Null: nothing waits, or it has waited long enough. */
  timer: NodeJS.Timeout | null;
  isDue: boolean;
  ended: boolean;
  stopped: boolean;
};

/** Begins with all that is ready, up to the limit; goes on by itself while anything is. */
function begin<T>(state: State<T>): void {
  clearWait(state);
  const batch = state.ready.splice(0, state.most());
  state.running = state.work(batch).then(
    goOn => {
      state.running = null;
      state.stopped ||= !goOn;
      beginIfDue(state);
    },
    error => {
      state.stopped = true;
      state.failed.reject(error);
    },
  );
}

function clearWait<T>(state: State<T>): void {
  if (state.timer !== null) clearTimeout(state.timer);
  state.timer = null;
  state.isDue = false;
}

function beginIfDue<T>(state: State<T>): void {
  const { ready, running, stopped, ended, isDue, patience } = state;
  if (stopped || ready.length === 0) return;
  if (ended || isDue || patience === 0 || ready.length >= state.most()) {
    if (running === null) begin(state);
    return;
  }
  state.timer ??= setTimeout(() => {
    state.isDue = true;
    beginIfDue(state);
  }, patience);
}

/** Nothing more comes. */
function end<T>(state: State<T>): void {
  state.ended = true;
  beginIfDue(state);
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
    end(state);
    if (!state.stopped) await settle(state, -1);
    throw error;
  }
}

async function workOn<T>(state: State<T>, made: AsyncGenerator<T>): Promise<void> {
  while (!state.stopped) {
    const { done, value } = await next(state, made);
    if (done === true) break;
    state.ready.push(value);
    beginIfDue(state);
    await settle(state, state.most() - 1);
  }
  end(state);
  await settle(state, -1);
}

/**
 * Works on what was made while more is made, in batches: the first items of one are not worked on before it is full,
 * their patience ends, or the last has come. Holds what is made back while a whole batch waits for another. Ends when
 * all is done, or when `work` answers false.
 * @throws what `made` or `work` throws; when `work` does, nothing more is begun
 */
export async function inBatches<T>(
  made: AsyncGenerator<T>,
  batching: Batching,
  work: Work<T>,
): Promise<void> {
  const failed = Promise.withResolvers<never>();
  // Told to whoever waits next; there may be nobody at the moment.
  failed.promise.catch(() => {});
  const state: State<T> = {
    ...batching,
    work,
    failed,
    ready: [],
    running: null,
    timer: null,
    isDue: false,
    ended: false,
    stopped: false,
  };
  try {
    await workOn(state, made);
    await made.return(undefined);
  } catch (error) {
    // It may be waiting for input that never comes.
    void made.return(undefined).catch(() => {});
    throw error;
  } finally {
    clearWait(state);
    await state.running;
  }
}
