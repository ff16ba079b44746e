import {
  isSameCall,
  type KeptCall,
  type KeyedCall,
  keyedCall,
  keyFault,
} from './access/mutation-key.js';
import type { Context } from './context.js';
import {
  emptyPayload,
  type KeptAnswer,
  keptOf,
  payloadOf,
  payloadTypeOf,
} from './graphql/kept-answer.js';
import { problemOf } from './graphql/problem.graphql.js';
import type { Args, RootCall } from './graphql/root-fields.js';
import type { Job } from './jobs/job.js';
import type { NewJob } from './jobs/job.store.js';
import { badInput } from './query/api-error.js';
import { errorAt, warningAt } from './query/problem.js';

/** Mutations whose input takes no key, and why. */
export const WITHOUT_KEY: Readonly<Record<string, string>> = {
  testAlertRule: 'stores nothing',
};

/** Mutations that know keys by themselves: they have them in common with routes beside GraphQL. */
const OWN_KEY: ReadonlySet<string> = new Set(['importInventory', 'ingestFlows']);

/** Mutations that begin a job and wait for it: what a key stands for is the job. */
const BEGINS_JOB: ReadonlySet<string> = new Set(['generatePolicies', 'simulatePolicies']);

/** Fields of payloads that are told once. */
const SECRETS: Readonly<Record<string, string>> = {
  createNotifier: 'signingSecret',
  createToken: 'secret',
};

const REUSED = errorAt(
  'KEY_REUSED',
  'key',
  'the key was used for another mutation or other input',
  'use a new key for each thing that is to be done, and the same only to try again',
);

const toldOnce = (field: string) =>
  warningAt(
    'SECRET_TOLD_ONCE',
    field,
    `\`${field}\` was in the first answer to this key, and is kept nowhere`,
    'where it did not arrive, delete or revoke what was made, and make another one with a new key',
  );

/** What a key stands for: a payload, or the job that was begun. */
type Kept = { readonly payload: KeptAnswer } | { readonly job: Job };

/** One mutation of one request, with `key` in its `input`. */
export type Asked = RootCall<Context> & {
  /** Tells the audit log more of what was done. */
  readonly note: (detail: string) => void;
};

type Payload = Readonly<Record<string, unknown>>;
type Call = Asked & { readonly call: KeyedCall };

function keptPayload(asked: Asked, payload: Payload): Kept {
  const secret = SECRETS[asked.field.name];
  const isTold = secret !== undefined && (payload[secret] ?? null) !== null;
  const problems = [
    ...((payload['problems'] as readonly object[] | undefined) ?? []),
    ...(isTold ? [problemOf(toldOnce(secret))] : []),
  ];
  const secrets = secret === undefined ? [] : [secret];
  return { payload: keptOf(payloadTypeOf(asked.field), { ...payload, problems }, secrets) };
}

const refused = (asked: Asked): Payload =>
  emptyPayload(payloadTypeOf(asked.field), [problemOf(REUSED)]);

/** The answer of a call that was done before. */
async function answeredAgain(asked: Call, kept: KeptCall): Promise<Payload> {
  if (!isSameCall(kept, asked.call)) return refused(asked);
  asked.note('answered as before, by its key');
  const answer = kept.answer as Kept;
  if ('payload' in answer) return payloadOf(answer.payload, asked.context.findNode);
  return withJob(asked, async () => answer.job);
}

/** Does the work once, and keeps what it is answered with: in one transaction. Null: it was done meanwhile. */
const doneOnce = (asked: Call, args: Args): Promise<Payload | null> =>
  asked.context.inTransaction(async context => {
    const { mutationKeys } = context.stores;
    if (!(await mutationKeys.claim(asked.call))) return null;
    const payload = (await asked.work(args, context)) as Payload;
    await mutationKeys.answer(asked.call.id, keptPayload(asked, payload));
    return payload;
  });

/** The job is added once; whoever asks again waits for it as well. */
const addedOnce = ({ context, call }: Call, job: NewJob): Promise<Job> =>
  context.inTransaction(async ({ stores: { jobs, mutationKeys } }) => {
    if (!(await mutationKeys.claim(call))) {
      const before = await mutationKeys.find(call.id);
      if (before === null || !isSameCall(before, call)) throw badInput(REUSED.message);
      return (before.answer as { readonly job: Job }).job;
    }
    const made = await jobs.add(job);
    await mutationKeys.answer(call.id, { job: made });
    return made;
  });

/** A client that goes away before the answer may come again with its key: the job goes on. */
function withJob(asked: Call, jobOf: (job: NewJob) => Promise<Job>): Promise<Payload> {
  const { context, work } = asked;
  const startJob = async (job: NewJob, waitMs: number): Promise<Job> => {
    const added = await jobOf(job);
    return (await context.useCases.awaitJob(added, waitMs)) ?? added;
  };
  const within = { ...context, useCases: { ...context.useCases, startJob } };
  return work(withoutKey(asked.args), within) as Promise<Payload>;
}

/** A job where the work begins one; where it is refused before that, the refusal is kept. */
async function begunOnce(asked: Call): Promise<Payload> {
  let begun = false;
  const payload = await withJob(asked, job => {
    begun = true;
    return addedOnce(asked, job);
  });
  if (!begun) await doneOnce({ ...asked, work: async () => payload }, asked.args);
  return payload;
}

/** Resolvers need not know that there are keys. */
function withoutKey(args: Args): Args {
  const { key: _, ...input } = (args['input'] ?? {}) as Args;
  return { ...args, input };
}

/**
 * Runs a mutation; with a `key` at most once for each caller and key. What it writes, the key and what is kept of the answer
 * are one transaction: a server that is killed has done all of it or none.
 */
export async function keyed(asked: Asked): Promise<unknown> {
  const { context, field, args } = asked;
  const { key = null, ...input } = (args['input'] ?? {}) as Args;
  if (OWN_KEY.has(field.name)) return asked.work(args, context);
  if (typeof key !== 'string') return asked.work(withoutKey(args), context);
  const fault = keyFault(key);
  if (fault !== null) throw badInput(fault);
  const call = await keyedCall(context.caller, { action: field.name, key, input });
  const keyedAsked = { ...asked, call };
  const before = await context.stores.mutationKeys.find(call.id);
  if (before !== null) return answeredAgain(keyedAsked, before);
  if (BEGINS_JOB.has(field.name)) return begunOnce(keyedAsked);
  const done = await doneOnce(keyedAsked, withoutKey(args));
  if (done !== null) return done;
  const meanwhile = await context.stores.mutationKeys.find(call.id);
  return meanwhile === null ? refused(asked) : answeredAgain(keyedAsked, meanwhile);
}
