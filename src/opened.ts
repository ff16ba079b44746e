type Close = () => Promise<void>;

/** What was opened, one after another, each on what was opened before it. */
export type Opened = {
  /** Answers what was given, and remembers how to close it. */
  readonly keep: <T>(opened: T, close: (opened: T) => Promise<void>) => T;
  /** Closes all, the last one first, whatever fails; then throws what failed first. */
  readonly close: Close;
};

export function nothingOpened(): Opened {
  const closes: Close[] = [];
  return {
    keep: (opened, close) => {
      closes.push(() => close(opened));
      return opened;
    },
    close: async () => {
      const failures: unknown[] = [];
      for (let close = closes.pop(); close !== undefined; close = closes.pop())
        await close().catch(error => failures.push(error));
      if (failures.length > 0) throw failures[0];
    },
  };
}
