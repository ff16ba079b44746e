import { createRequire } from 'node:module';
import { type Tracer, traceBy } from './tracing.js';

const { version: VERSION }: { readonly version: string } = createRequire(import.meta.url)(
  '#package.json',
);

type Environment = Readonly<Record<string, string | undefined>>;

/** What of this room's settings stands in OpenTelemetry's own variables; null: nothing is to be traced. */
export type Tracing = {
  readonly version: string;
  /** OTEL_EXPORTER_OTLP_PROTOCOL, or null. */
  readonly protocol: string | null;
};

/** Whether an environment asks for traces: by an endpoint to which they go, and nothing that switches them off. */
export function tracingAsked(environment: Environment): Tracing | null {
  const value = (name: string): string => environment[name]?.trim() ?? '';
  const endpoint =
    value('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') || value('OTEL_EXPORTER_OTLP_ENDPOINT');
  const off =
    value('OTEL_SDK_DISABLED').toLowerCase() === 'true' ||
    value('OTEL_TRACES_EXPORTER').toLowerCase() === 'none';
  if (endpoint === '' || off) return null;
  const protocol =
    value('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') || value('OTEL_EXPORTER_OTLP_PROTOCOL');
  return { version: VERSION, protocol: protocol || null };
}

const LEAST_BETWEEN_MS = 60_000;

/** A collector that is away would fill the log. */
function seldom(tell: (error: unknown) => void): (error: unknown) => void {
  let last = Number.NEGATIVE_INFINITY;
  return error => {
    const now = performance.now();
    if (now - last < LEAST_BETWEEN_MS) return;
    last = now;
    tell(error);
  };
}

type Log = { warn(fields: object, message: string): void };

/** From now on the spans of this thread are sent. The libraries are loaded here, and nowhere else. */
export async function openTracing(tracing: Tracing, log: Log): Promise<Tracer> {
  if (tracing.protocol === 'grpc')
    log.warn(
      {},
      'OTEL_EXPORTER_OTLP_PROTOCOL is `grpc`, which is not spoken here: spans go by http/protobuf',
    );
  const { otlpTracer } = await import('./otlp.js');
  const tracer = otlpTracer({
    ...tracing,
    onError: seldom(error => log.warn({ err: error }, 'spans cannot be sent')),
  });
  traceBy(tracer);
  return {
    ...tracer,
    close: async () => {
      traceBy(null);
      await tracer.close();
    },
  };
}
