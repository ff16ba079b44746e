import { Field, Int, ObjectType } from 'type-graphql';
import type { FacetCount } from '../query/facets.js';

/**
 * The object type `NAMEFacet { facet value count }`.
 * @param names an enum that `registerEnumType` knows
 * @param what is counted, in the plural
 */
export function facetOf<F extends Record<string, string>>(name: string, names: F, what: string) {
  @ObjectType(`${name}Facet`, { description: `How many ${what} have one value of one property.` })
  class Facet implements FacetCount<F[keyof F]> {
    @Field(() => names, { description: 'The property' })
    readonly facet!: F[keyof F];

    @Field(() => String, { description: 'The value' })
    readonly value!: string;

    @Field(() => Int, { description: `How many ${what} have it` })
    readonly count!: number;
  }
  return Facet;
}
