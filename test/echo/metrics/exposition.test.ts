import { Registry } from '@prometheus-io/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { callMetrics } from '../../../services/echo/src/metrics/call-metrics.ts'
import { expose } from '../../../services/echo/src/metrics/exposition.ts'
import { metricNamings } from '../../../services/echo/src/metrics/names/naming.ts'
import { PeerMetrics } from '../../../services/echo/src/metrics/peer-metrics.ts'
import { processMetrics } from '../../../services/echo/src/metrics/process-metrics.ts'
import { parseExposition, sampleValue } from '../../support/exposition.ts'
import { parseOpenMetrics } from '../../support/open-metrics.ts'

const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8'
const classic = 'text/plain; version=0.0.4; charset=utf-8'
const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }

let registry: Registry
beforeEach(() => {
  registry = new Registry()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the format of /metrics', () => {
  it.each([
    ['', classic],
    ['*/*', classic],
    ['text/plain', classic],
    ['application/json', classic],
    ['application/openmetrics-text', openMetrics],
    ['application/openmetrics-text; version=1.0.0; charset=utf-8', openMetrics],
    ['Application/OpenMetrics-Text;Version=1.0.0', openMetrics],
    // What Prometheus 3.5 sends, and 2.x did.
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,' +
        'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      openMetrics,
    ],
    ['application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', classic],
    ['text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.2', classic],
    ['application/openmetrics-text;q=0', classic],
  ])('asked with Accept "%s" is %s', async (accept, contentType) => {
    expect((await expose(registry, accept)).contentType).toBe(contentType)
  })

  it('is classic without a header', async () => {
    expect((await expose(registry, undefined)).contentType).toBe(classic)
  })
})

describe('an exemplar', () => {
  it('stands on the bucket of its call in OpenMetrics, with its trace, seconds and time, and nowhere in classic', async () => {
    const observe = callMetrics(registry, 'server', { names: metricNamings })
    const before = Date.now() / 1000
    observe('Hello').handled(0, trace)
    observe('Hello').handled(0)
    const { text } = await expose(registry, openMetrics)
    const families = parseOpenMetrics(text)
    const named = families.flatMap(({ samples }) => samples).filter(({ exemplar }) => exemplar)
    expect(named.map(({ name }) => name).sort()).toEqual([
      'grpc_server_call_duration_seconds_bucket',
      'grpc_server_handling_seconds_bucket',
      'rpc_server_call_duration_seconds_bucket',
    ])
    for (const { exemplar } of named) {
      expect(exemplar?.labels).toEqual({ trace_id: trace.traceId, span_id: trace.spanId })
      expect(Number(exemplar?.at)).toBeGreaterThanOrEqual(before)
      expect(Number(exemplar?.at)).toBeLessThanOrEqual(Date.now() / 1000)
    }
    expect((await expose(registry)).text).not.toContain('trace_id')
  })

  it('is the newest of its bucket, whatever the status was', async () => {
    const observe = callMetrics(registry, 'server')
    vi.useFakeTimers({ toFake: ['Date'] })
    for (const [code, digit] of [
      [0, '1'],
      [14, '2'],
      [0, '3'],
    ] as const) {
      vi.advanceTimersByTime(1)
      observe('Hello').handled(code, { ...trace, spanId: digit.repeat(16) })
    }
    const seconds = parseOpenMetrics((await expose(registry, openMetrics)).text).find(
      ({ name }) => name === 'grpc_server_handling_seconds',
    )
    const spans = seconds?.samples.flatMap(({ exemplar }) => exemplar?.labels.span_id ?? [])
    expect(spans?.at(-1)).toBe('3333333333333333')
  })
})

describe('the two formats', () => {
  it('hold the same series, whichever is asked for first and how often', async () => {
    processMetrics(registry)
    const observe = callMetrics(registry, 'client', { names: metricNamings, target: 'a "quoted" \\ target:1' })
    const peers = new PeerMetrics(registry, 'a "quoted" \\ target:1')
    observe('Hello').handled(14, trace)
    peers.started('pod-1').end(0)
    peers.started(undefined).end(14)
    const namesOf = (text: string) => parseExposition(text.replace(/ # \{.*$/gm, '')).map(({ name }) => name)
    const first = (await expose(registry, openMetrics)).text
    const plain = (await expose(registry)).text
    const second = (await expose(registry, openMetrics)).text
    for (const text of [first, second]) expect(parseOpenMetrics(text).length).toBeGreaterThan(30)
    expect(new Set(namesOf(first))).toEqual(new Set(namesOf(plain)))
    expect(new Set(namesOf(second))).toEqual(new Set(namesOf(plain)))
    expect(sampleValue(plain, 'grpc_client_started_total', helloLabels)).toBe(1)
    expect(plain).toContain('# TYPE grpc_client_started_total counter')
    expect(first).toContain('# TYPE grpc_client_started counter')
  })
})

const helloLabels = { grpc_type: 'unary', grpc_service: 'evenly.echo.v1.Echo', grpc_method: 'Hello' }

describe('the reader of OpenMetrics in these tests', () => {
  const good = [
    '# HELP calls Calls.',
    '# TYPE calls counter',
    'calls_total{a="b"} 1 # {trace_id="c"} 0.5 1.5',
    '# TYPE seconds histogram',
    'seconds_bucket{le="1"} 1 # {trace_id="c"} 0.5',
    'seconds_bucket{le="+Inf"} 1',
    'seconds_sum 0.5',
    'seconds_count 1',
    '# EOF',
    '',
  ].join('\n')

  it('takes what the specification allows', () => {
    expect(parseOpenMetrics(good).map(({ name }) => name)).toEqual(['calls', 'seconds'])
  })

  it.each([
    ['no end', '# EOF\n', '', /EOF/],
    ['an empty line', '# TYPE seconds', '\n# TYPE seconds', /no sample/],
    ['a counter without _total', 'calls_total{', 'calls{', /wrong name/],
    ['a help with a bare quote', 'Calls.', 'Calls "so".', /not escaped/],
    ['an exemplar on a sum', 'seconds_sum 0.5', 'seconds_sum 0.5 # {a="b"} 1', /out of place/],
    ['an exemplar of another bucket', '# {trace_id="c"} 0.5\n', '# {trace_id="c"} 2\n', /another bucket/],
    ['no +Inf', 'seconds_bucket{le="+Inf"} 1\n', '', /\+Inf/],
    ['a count that is not +Inf', 'seconds_count 1', 'seconds_count 2', /another count/],
    ['a series twice', 'seconds_sum 0.5\n', 'seconds_sum 0.5\nseconds_sum 0.5\n', /twice/],
    ['a family in two pieces', '# EOF', '# TYPE calls counter\n# EOF', /two pieces/],
  ])('refuses %s', (_what, from, to, why) => {
    expect(good).toContain(from)
    expect(() => parseOpenMetrics(good.replace(from, to))).toThrow(why)
  })
})
