import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type Link,
  type Span as OtelSpan,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Span, SpanFacts, Tracer } from './tracing.js';

const TRACE_PARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;

/** W3C Trace Context: a header that cannot be read is left aside. */
function contextOf(parent: string | null): Context {
  const [, traceId = '', spanId = '', flags = ''] = TRACE_PARENT.exec(parent ?? '') ?? [];
  const given: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  };
  return trace.isSpanContextValid(given) ? trace.setSpanContext(ROOT_CONTEXT, given) : ROOT_CONTEXT;
}

const linksTo = (after: string | null): Link[] => {
  const context = trace.getSpanContext(contextOf(after));
  return context === undefined ? [] : [{ context }];
};

function parentOf(context: Context | undefined): string | null {
  const span = context === undefined ? undefined : trace.getSpanContext(context);
  if (span === undefined) return null;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

const fail = (span: OtelSpan, message: string): void => {
  span.setStatus({ code: SpanStatusCode.ERROR, message });
};

const shownAs = (span: OtelSpan): Span => ({
  add: attributes => void span.setAttributes(attributes),
  rename: name => void span.updateName(name),
  failed: reason => fail(span, reason),
});

/** Its class alone: the text of an error may hold what callers have sent. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

function ended<T>(span: OtelSpan, work: () => T): T {
  const broke = (error: unknown): never => {
    fail(span, nameOf(error));
    span.end();
    throw error;
  };
  try {
    const result = work();
    if (!(result instanceof Promise)) {
      span.end();
      return result;
    }
    return result.then(value => {
      span.end();
      return value;
    }, broke) as T;
  } catch (error) {
    return broke(error);
  }
}

function within<T>(
  {
    tracer,
    current,
  }: { readonly tracer: OtelTracer; readonly current: AsyncLocalStorage<Context> },
  { name, kind = 'INTERNAL', attributes = {}, parent, after = null }: SpanFacts,
  work: (span: Span) => T,
): T {
  const outer = parent === undefined ? (current.getStore() ?? ROOT_CONTEXT) : contextOf(parent);
  const links = linksTo(after);
  const span = tracer.startSpan(name, { kind: SpanKind[kind], attributes, links }, outer);
  return current.run(trace.setSpan(outer, span), () => ended(span, () => work(shownAs(span))));
}

export type OtlpSettings = {
  readonly version: string;
  /** OTEL_EXPORTER_OTLP_PROTOCOL, or null. */
  readonly protocol: string | null;
  /** What cannot be sent is told here. */
  readonly onError: (error: unknown) => void;
};

/**
 * Sends spans to a collector by OTLP over HTTP. Where to, with which headers, how many of them, and under which name stands
 * in the variables that OpenTelemetry's specification names; its libraries read them.
 */
export function otlpTracer({ version, protocol, onError }: OtlpSettings): Tracer {
  const exporter = protocol === 'http/json' ? new JsonExporter() : new ProtobufExporter();
  const send = exporter.export.bind(exporter);
  exporter.export = (spans, told) =>
    send(spans, result => {
      if (result.error !== undefined) onError(result.error);
      told(result);
    });
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'weirgate', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const current = new AsyncLocalStorage<Context>();
  const tracer = provider.getTracer('weirgate', version);
  return {
    within: (facts, work) => within({ tracer, current }, facts, work),
    parent: () => parentOf(current.getStore()),
    close: async () => {
      await provider.shutdown().catch(onError);
    },
  };
}
