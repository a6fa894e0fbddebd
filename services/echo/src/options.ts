import { InvalidArgumentError, Option } from 'commander'
import { listenAddress, numberFrom, wholeNumber } from '../../../scripts/lib/option-values.ts'
import { policies, verdictNames } from '../../../scripts/lib/verdict.ts'
import { isFreeHeader } from './free-header.ts'
import { readUtilization } from './load-reports/utilization.ts'
import { metricNamingList } from './metrics/names/naming.ts'

/** Makes an option afresh: commander's options carry state. */
export type OptionOf = () => Option

const seconds = (flags: string, text: string, defaultValue?: number): OptionOf =>
  option(flags, text, defaultValue, numberFrom(0, 'seconds, 0 or more'))
const count = (flags: string, text: string, defaultValue?: number, minimum = 1): OptionOf =>
  option(flags, text, defaultValue, wholeNumber(minimum))

/** Options of all modes. */
export const commonOptions: readonly OptionOf[] = [
  option(
    '--admin-listen <address>',
    'where /metrics, /distribution and the live page listen',
    '0.0.0.0:9464',
    listenAddress,
  ),
  option(
    '--metric-names <list>',
    'names that calls are measured under: one or more of classic, otel, a66, with commas between',
    ['classic'],
    metricNamingList,
  ),
  seconds('--keepalive-time-seconds <s>', 'ping an idle connection after this long (0: never)', 0),
  seconds('--keepalive-timeout-seconds <s>', 'a ping unanswered for this long closes the connection', 20),
]

/** Options of `echo -s`. */
export const serverOptions: readonly OptionOf[] = [
  option('--listen <address>', 'where gRPC listens', '0.0.0.0:8080', listenAddress),
  seconds(
    '--max-connection-age-seconds <s>',
    'send GOAWAY at this age ±10 %, so that clients look for new peers (0: never)',
    0,
  ),
  seconds(
    '--max-connection-age-grace-seconds <s>',
    'after that, cut calls still running; longer than your longest call',
    20,
  ),
  count('--max-concurrent-streams <n>', 'calls at a time on one connection', 1000),
  count('--max-receive-message-bytes <n>', 'largest request', 4 * 1024 * 1024),
  count('--max-send-message-bytes <n>', 'largest reply', 4 * 1024 * 1024),
  seconds('--not-ready-seconds <s>', 'on SIGTERM, say not ready and go on serving for this long', 0),
  seconds('--drain-seconds <s>', 'then let running calls end within this long', 20),
  option(
    '--utilization <load>',
    'report the load to clients that ask for it: measured, or a number to state instead, such as 0.8, which POST /utilization on the admin server changes (off: no reports)',
    'off',
    readUtilization,
  ),
  () => new Option('--grpc-web', 'answer gRPC-web, Connect and JSON too, where the admin server listens'),
  option(
    '--grpc-web-origins <list>',
    'with --grpc-web: whose pages may call, such as https://shop.example, separated by commas; * is every page (default: none)',
    undefined,
    webOrigins,
  ),
]

/** Options of whoever watches Kubernetes: `echo -h k8s:///...` and `echo --lookaside`. */
export const kubernetesOptions: readonly OptionOf[] = [
  option(
    '--kubernetes-api <url>',
    "the API server to watch, such as http://127.0.0.1:8001 of kubectl proxy (default: this pod's own cluster)",
    undefined,
    webAddress,
  ),
]

/** Options of `echo --lookaside`. */
export const lookasideOptions: readonly OptionOf[] = [
  option('--xds-listen <address>', 'where clients ask for their endpoints', '0.0.0.0:18000', listenAddress),
  option(
    '--lookaside-config <file>',
    'which Services are served, and how (YAML or JSON)',
    '/etc/evenly/lookaside.yaml',
  ),
  option('--tls-cert <file>', 'with --tls-key: certificate to serve clients with, in PEM (default: plaintext)'),
  option('--tls-key <file>', 'its private key, in PEM'),
]

/** Options of `echo -h TARGET`. */
export const clientOptions: readonly OptionOf[] = [
  count('--requests <n>', 'exactly this many calls, then the report (default: for ever)'),
  seconds('--duration-seconds <s>', 'stop after this long'),
  count('--concurrency <n>', 'calls at a time: start so many, wait for all, print', 1),
  option(
    '--rps <n>',
    'open loop: start calls at this rate, whether or not earlier ones have ended',
    undefined,
    numberFrom(0.001, 'a rate above 0'),
  ),
  seconds('--interval-seconds <s>', 'pause between rounds (default: 5 when nothing else sets the pace, else 0)'),
  () =>
    new Option(
      '--method <name>',
      'what to call: Hello of evenly-echo, or Health, which nearly every gRPC server answers',
    )
      .choices(['Hello', 'Health'])
      .default('Hello'),
  option('--health-service <name>', 'with --method Health: whose health to ask for (default: the server as a whole)'),
  () => new Option('--stream', 'send the messages on one HelloStream instead of unary calls'),
  option('--client-id <name>', 'who the server shall tally (default: the host name)'),
  option('--message <text>', 'what to echo', 'Hello'),
  count('--delay-milliseconds <n>', 'ask the server to wait before it answers', 0, 0),
  option('--slow-peer <name>', 'ask only the pod of this name to wait, and for the payload; the others just echo'),
  count('--payload-bytes <n>', 'ask the server for a payload', 0, 0),
  () => new Option('--addresses', 'count calls by socket address too: the one dialled, and the one the server sees'),
  option(
    '--key-header <name>',
    'send a key in this header, which a proxy may hash to pick a peer',
    undefined,
    headerName,
  ),
  option(
    '--keys <n>',
    'with --key-header: how many keys there are; call number c, from 1, carries key-(c modulo n)',
    undefined,
    wholeNumber(1, 10_000),
  ),
  seconds('--timeout-seconds <s>', 'deadline of one call', 5),
  option('--lb-policy <name>', "the client's balancing policy (default: pick_first, gRPC's own)"),
  option('--service-config <json>', 'a whole gRPC service config instead'),
  option('--max-attempts <n>', 'attempts at a call that ends UNAVAILABLE (1: no retry)', 1, wholeNumber(1, 5)),
  seconds('--dns-min-interval-seconds <s>', 'look names up again at most this often', 30),
  seconds(
    '--ready-timeout-seconds <s>',
    'with --requests or --duration-seconds: give up when unreachable for this long',
    60,
  ),
  seconds('--warm-up-seconds <s>', 'before counting, wait at most this long for every connection to be ready', 5),
  count('--peers <n>', 'how many peers there are, so that one without a call counts'),
  option(
    '--proxy-admin <url>',
    'admin page of the Envoy in the same pod: warm up until it knows --peers healthy endpoints (default: 1), report its counts',
    undefined,
    webAddress,
  ),
  () =>
    new Option(
      '--judge-as <policy>',
      "how the calls ought to spread (default: the client's policy, random behind a proxy)",
    ).choices(policies.filter((policy) => policy !== 'weighted')),
  () => new Option('--expect <verdict>', 'exit 79 when the verdict is another').choices(verdictNames),
  count('--max-failed <n>', 'exit 79 when more calls than this fail (default: only when all do)', undefined, 0),
  count('--window <n>', 'calls in one window of /distribution', 300),
  () =>
    new Option(
      '-o, --output <format>',
      'the report on standard output; jsonl: what happened meanwhile too, a line each',
    )
      .choices(['text', 'json', 'jsonl'])
      .default('text'),
  option(
    '--progress-seconds <s>',
    'with -o jsonl: a line about once in this long',
    1,
    numberFrom(0.05, 'seconds, 0.05 or more'),
  ),
  option('--report <file>', 'write the report as JSON to this file too'),
  () => new Option('--quiet', 'do not print each call'),
  () => new Option('--page-controls', 'let the live page make further calls (POST /calls)'),
  option(
    '--stats-listen <address>',
    "serve the statistics and the remote control of gRPC's interop tests there, such as 0.0.0.0:8079 (default: nowhere)",
    undefined,
    listenAddress,
  ),
]

function option(flags: string, text: string, defaultValue?: unknown, parse?: (value: string) => unknown): OptionOf {
  return () => {
    const made = new Option(flags, text)
    if (parse) made.argParser(parse)
    return defaultValue === undefined ? made : made.default(defaultValue)
  }
}

function headerName(value: string): string {
  if (isFreeHeader(value)) return value.toLowerCase()
  throw new InvalidArgumentError('It must be the name of a header that gRPC leaves free, such as x-user.')
}

function webOrigins(value: string): string[] {
  const origins = value.split(',').map((origin) => origin.trim())
  if (origins.every((origin) => origin === '*' || URL.parse(origin)?.origin === origin)) return origins
  throw new InvalidArgumentError('It must be origins as browsers send them, such as https://shop.example, or *.')
}

function webAddress(value: string): string {
  if (/^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value
  throw new InvalidArgumentError('It must be a URL, such as http://127.0.0.1:15000.')
}
