declare const brand: unique symbol;

/** A number of one kind, so that it cannot be passed for one of another; at run time a plain number. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** An array of numbers of one kind. */
export type Column<Id extends number> = {
  [place: number]: Id;
  [Symbol.iterator](): ArrayIterator<Id>;
  map(of: (id: Id, place: number) => number): Int32Array<ArrayBuffer>;
  filter(isKept: (id: Id) => boolean): Column<Id>;
} & Int32Array;
