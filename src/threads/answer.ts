import { failure, isFailure } from '../database/failure.js';
import { ApiError, type ErrorCode } from '../query/api-error.js';
import { apiErrorIn } from '../query/unavailable.js';

/**
 * What a thread answers. Errors lose their class on the way between threads, so those that mean something to the caller
 * go as values; all others are thrown, with their stack.
 */
export type Answer =
  | { readonly value: unknown }
  | {
      readonly refused: {
        readonly code: ErrorCode;
        readonly message: string;
        readonly details: Readonly<Record<string, unknown>>;
      };
    }
  | { readonly failed: { readonly message: string; readonly hint: string } };

export async function answerOf(work: () => unknown): Promise<Answer> {
  try {
    return { value: await work() };
  } catch (error) {
    const shown = apiErrorIn(error);
    if (shown !== null) {
      const { code, message, extensions } = shown;
      return { refused: { code, message, details: extensions } };
    }
    if (isFailure(error)) return { failed: { message: error.message, hint: error.hint } };
    throw error;
  }
}

/** @throws what the work threw */
export function answered(answer: Answer): unknown {
  if ('value' in answer) return answer.value;
  if ('refused' in answer) {
    const { code, message, details } = answer.refused;
    throw new ApiError(code, message, details);
  }
  throw failure(answer.failed.message, answer.failed.hint, null);
}
