import { type DeletedOutcome, deleteNamed, type Which } from '../../query/several-rows.js';
import type { ExternalBlockStore } from './external-block.store.js';

/** Of a filter at once; the next call deletes the next ones. */
export const MOST_DELETED = 1_000;

export type DeleteExternalBlocksDeps = {
  readonly transaction: <T>(
    work: (stores: {
      readonly externalBlocks: Pick<ExternalBlockStore, 'deletable' | 'remove'>;
    }) => Promise<T>,
  ) => Promise<T>;
};

const BLOCKS = {
  one: 'named block',
  many: 'named blocks',
  list: 'externalBlocks',
  most: MOST_DELETED,
} as const;

/** Takes names from blocks of addresses, by name where a filter finds them. Stored flows stay as they are. */
export const deleteExternalBlocks = (
  { transaction }: DeleteExternalBlocksDeps,
  which: Which,
): Promise<DeletedOutcome> =>
  transaction(({ externalBlocks }) =>
    deleteNamed(which, { found: externalBlocks.deletable, remove: externalBlocks.remove }, BLOCKS),
  );
