import { traced } from '../tracing/tracing.js';

/** Where this room tells what it does; pino's own form, so that a pino logger is one. */
export type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  debug?(fields: object, message: string): void;
};

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** The same, with the id of the trace that a line belongs to. */
export function tracedLog(log: Log): Log {
  const { debug } = log;
  return {
    info: (fields, message) => log.info({ ...traced(), ...fields }, message),
    warn: (fields, message) => log.warn({ ...traced(), ...fields }, message),
    error: (fields, message) => log.error({ ...traced(), ...fields }, message),
    ...(debug && {
      debug: (fields: object, message: string) =>
        debug.call(log, { ...traced(), ...fields }, message),
    }),
  };
}
