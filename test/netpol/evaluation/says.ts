import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Compiled,
  compile,
  decide,
  type Facts,
  type Modes,
  type Policy,
} from '../../../src/netpol/index.js';
import { connection, facts } from './build.js';

export type Saying = {
  /** A sentence: what the law says. */
  readonly title: string;
  readonly facts: Partial<Facts>;
  readonly policies: readonly Policy[];
  readonly modes?: Partial<Modes>;
  /** `shop/web -> shop/api TCP 80` to `ALLOWED policy`. */
  readonly says: Readonly<Record<string, string>>;
};

export const compiledFor = (saying: Pick<Saying, 'facts' | 'policies' | 'modes'>): Compiled =>
  compile(facts(saying.facts), saying.policies, {
    hostNetwork: 'nodes',
    ipBlockPods: 'never',
    ...saying.modes,
  });

/** One test a saying: each connection gets the verdict and the basis that stand beside it. */
export function testSayings(sayings: readonly Saying[]): void {
  for (const saying of sayings) {
    test(saying.title, () => {
      const compiled = compiledFor(saying);
      const answers = Object.keys(saying.says).map(text => {
        const { verdict, basis } = decide(compiled, connection(text));
        return [text, `${verdict} ${basis}`];
      });
      assert.deepEqual(Object.fromEntries(answers), saying.says);
    });
  }
}
