import { type Address, isV4 } from '../addresses/address.js';
import { type Block, cutsOf } from '../addresses/block.js';
import type { Program } from '../compile/program.js';
import { previous } from '../ranges.js';

/** The first address of each stretch of `block` on which no rule of `programs` tells addresses apart. */
export function representatives(block: Block, programs: readonly Program[]): readonly Address[] {
  const cuts = cutsOf(
    programs
      .flatMap(({ rules }) => rules)
      .flatMap(({ ipBlocks, networks }) => [...ipBlocks, ...networks])
      .map(peer => peer.block),
  );
  return [
    ...block.v4.flatMap(({ from, to }) => [
      from,
      ...cuts.v4.filter(cut => from < cut && cut <= to),
    ]),
    ...block.v6.flatMap(({ from, to }) => [
      from,
      ...cuts.v6.filter(cut => from < cut && cut <= to),
    ]),
  ];
}

/** The last address of the stretch that begins at `first`: before the next one, or at the end of its part of the block. */
export function lastOf({ v4, v6 }: Block, first: Address, following: Address | undefined): Address {
  const part = [...v4, ...v6].find(
    ({ from, to }) => isV4(from) === isV4(first) && from <= first && first <= to,
  );
  const end = part?.to ?? first;
  const isInPart = following !== undefined && isV4(following) === isV4(first) && following <= end;
  return isInPart ? previous(following) : end;
}
