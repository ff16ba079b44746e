import { Failure } from './shell.js';

type Environment = Readonly<Record<string, string | undefined>>;

const named = (env: Environment, name: string): string | undefined =>
  env[name.toLowerCase()] || env[name] || undefined;

/** "As a special case, if req.URL.Host is "localhost" or a loopback address …, then a nil URL and nil error will be returned" (Go, net/http). */
const isOfThisMachine = ({ hostname }: URL): boolean =>
  /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/i.test(hostname);

/** Hosts, domains with all below them, with or without port, `*` for all. */
function isExcepted({ hostname, port, protocol }: URL, except: string | undefined): boolean {
  const own = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return (except ?? '')
    .split(/[\s,]+/)
    .filter(each => each !== '')
    .some(each => {
      const [, name = '', only] = /^(.*?)(?::(\d+))?$/.exec(each.toLowerCase()) ?? [];
      if (only !== undefined && only !== own) return false;
      const domain = name.replace(/^\*?\./, '');
      return name === '*' || hostname === domain || hostname.endsWith(`.${domain}`);
    });
}

/** The proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name for a server, in either case; null: none. */
export function proxyFor(server: string, env: Environment): string | null {
  if (!URL.canParse(server)) return null;
  const url = new URL(server);
  if (isOfThisMachine(url) || isExcepted(url, named(env, 'NO_PROXY'))) return null;
  return named(env, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ?? null;
}

type Fetch = typeof globalThis.fetch;

/** What asks through a proxy; the library is loaded where there is one. */
export async function fetchThrough(proxy: string): Promise<Fetch> {
  const { fetch, ProxyAgent } = await import('undici');
  try {
    const dispatcher = new ProxyAgent(proxy);
    const through = (input: URL, init: object) => fetch(input, { ...init, dispatcher });
    return through as unknown as Fetch;
  } catch {
    throw new Failure(
      `\`${proxy}\` is no address of a proxy`,
      'correct HTTPS_PROXY or HTTP_PROXY, or name the server in NO_PROXY',
    );
  }
}
