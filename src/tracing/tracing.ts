/** What is told of a piece of work beside its name; never what callers have sent. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

export type SpanFacts = {
  /** One of few: no ids, no values. */
  readonly name: string;
  /** Who asked whom: `INTERNAL` where nothing is said. */
  readonly kind?: 'SERVER' | 'CLIENT' | 'CONSUMER' | 'INTERNAL';
  readonly attributes?: Attributes;
  /** Header `traceparent` of who asks for the work, where it is to be believed; null: a trace of its own. */
  readonly parent?: string | null;
  /** The same header of what this work was asked for by and goes on after: a trace of its own that refers to that one. */
  readonly after?: string | null;
};

/** A piece of work that is under way. */
export type Span = {
  readonly add: (attributes: Attributes) => void;
  readonly rename: (name: string) => void;
  readonly failed: (reason: string) => void;
};

/** Where spans go. */
export type Tracer = {
  /** Does work as a span within the current one; what it throws marks the span. */
  readonly within: <T>(facts: SpanFacts, work: (span: Span) => T) => T;
  /** Header `traceparent` for work that is done elsewhere for the current span; null: there is none. */
  readonly parent: () => string | null;
  /** Sends what was not sent yet. */
  readonly close: () => Promise<void>;
};

const NO_SPAN: Span = { add: () => {}, rename: () => {}, failed: () => {} };

let tracer: Tracer | null = null;

/** From now on the spans of this thread go there; null: nowhere. */
export const traceBy = (given: Tracer | null): void => {
  tracer = given;
};

/** Does work as a span; without a tracer it is only done. */
export const spanned = <T>(facts: SpanFacts, work: (span: Span) => T): T =>
  tracer === null ? work(NO_SPAN) : tracer.within(facts, work);

/** The same where the work is a part of something that is traced; it alone would say nothing. */
export const spannedWithin = <T>(facts: () => SpanFacts, work: (span: Span) => T): T =>
  tracer === null || tracer.parent() === null ? work(NO_SPAN) : tracer.within(facts(), work);

/** Header `traceparent` for who works for the current span in another thread; null: nothing is traced. */
export const currentParent = (): string | null => tracer?.parent() ?? null;

/** Id of the current trace for lines of the log and for errors; nothing where nothing is traced. */
export function traced(): { readonly traceId?: string } {
  const traceId = currentParent()?.split('-', 2)[1];
  return traceId === undefined ? {} : { traceId };
}
