import { expect, it } from 'vitest'
import { whyNoPromtool } from '../rules/promtool.ts'
import { whereThereIs } from '../support/where-there-is.ts'
import { askedBy, type Rows, type SeriesValues, wrongAnswers } from './answers.ts'

const labels = (pod: string, more = '') => `namespace="shop", service="orders", pod="${pod}"${more}`
const hello = ', grpc_type="unary", grpc_service="evenly.echo.v1.Echo", grpc_method="Hello"'
const started = (pod: string, more = hello) => `grpc_server_started_total{${labels(pod, more)}}`
const up = (pod: string) => `up{${labels(pod)}}`
const info = (pod: string, zone: string) =>
  `grpc_lb_server_info{${labels(pod, `, zone="${zone}", node="n", version="1"`)}}`

/** Three pods of one service, in two zones. */
const pods: SeriesValues = {
  ...Object.fromEntries(['a', 'b', 'c'].map((pod) => [up(pod), '1x20'])),
  ...Object.fromEntries(['a', 'b', 'c'].map((pod) => [info(pod, pod === 'c' ? 'west' : 'east'), '1x20'])),
}

/** Calls a minute of each pod. */
const calls = (a: number, b: number, c: number): SeriesValues => ({
  ...pods,
  [started('a')]: `0+${a}x20`,
  [started('b')]: `0+${b}x20`,
  [started('c')]: `0+${c}x20`,
})

const pinned = calls(60, 0, 0)
const even = calls(60, 60, 60)
const uneven = calls(60, 120, 180)

/** To the three decimals that are looked at. */
const rootOfTwo = Math.round(Math.SQRT2 * 1000) / 1000
const orders = '{namespace="shop", service="orders"}'
const choices = { namespace: 'shop', service: '.*' }

interface Case {
  readonly panel: string
  readonly pinned: Rows
  readonly even: Rows
  readonly uneven: Rows
}

const cases: readonly Case[] = [
  { panel: 'Effective endpoints', pinned: { [orders]: 1 }, even: { [orders]: 3 }, uneven: { [orders]: 2.571 } },
  { panel: "Jain's index", pinned: { [orders]: 0.333 }, even: { [orders]: 1 }, uneven: { [orders]: 0.857 } },
  {
    panel: 'Coefficient of variation',
    pinned: { [orders]: rootOfTwo },
    even: { [orders]: 0 },
    uneven: { [orders]: 0.408 },
  },
  { panel: 'Busiest pod over the mean', pinned: { [orders]: 3 }, even: { [orders]: 1 }, uneven: { [orders]: 1.5 } },
  // 300 calls in five minutes to one pod; or 300, 600 and 900, whose mean is 600.
  {
    panel: 'Chi-square per degree of freedom',
    pinned: { [orders]: 300 },
    even: { [orders]: 0 },
    uneven: { [orders]: 150 },
  },
  { panel: 'Idle pods', pinned: { [orders]: 2 }, even: { [orders]: 0 }, uneven: { [orders]: 0 } },
  {
    panel: 'Share of the calls per pod',
    pinned: shares(1, 0, 0),
    even: shares(0.333, 0.333, 0.333),
    uneven: shares(0.167, 0.333, 0.5),
  },
]

whereThereIs("the Distribution dashboard's scores", whyNoPromtool, () => {
  it.each(cases)('$panel is right for a pinned, an even and an uneven service', async (one) => {
    const expr = askedBy(`Evenly / Distribution: ${one.panel} A`)
    expect(await wrongAnswers(pinned, expr, one.pinned, choices)).toBe('')
    expect(await wrongAnswers(even, expr, one.even, choices)).toBe('')
    expect(await wrongAnswers(uneven, expr, one.uneven, choices)).toBe('')
  })

  const share = askedBy('Evenly / Distribution: Share of the calls per pod A')

  it('probes do not make a pinned service look even', async () => {
    const health = ', grpc_type="unary", grpc_service="grpc.health.v1.Health", grpc_method="Check"'
    const probed = Object.fromEntries(['a', 'b', 'c'].map((pod) => [started(pod, health), '0+600x20']))
    expect(await wrongAnswers({ ...pinned, ...probed }, share, shares(1, 0, 0), choices)).toBe('')
  })

  it('a pod that two monitors scrape counts once', async () => {
    const again = {
      [started('c', `${hello}, job="other"`)]: '0+180x20',
      [`up{${labels('c', ', job="other"')}}`]: '1x20',
    }
    expect(await wrongAnswers({ ...uneven, ...again }, share, shares(0.167, 0.333, 0.5), choices)).toBe('')
  })

  it('a pod without a counter is idle, where its service has one', async () => {
    const counters = Object.entries(even).filter(([name]) => name !== started('c'))
    const halves = { ...shares(0.5, 0.5, 0) }
    const strangers = { 'up{namespace="shop", service="redis", pod="r"}': '1x20' }
    const clients = { [`up{${labels('web', ', app_kubernetes_io_component="client"')}}`]: '1x20' }
    expect(
      await wrongAnswers({ ...Object.fromEntries(counters), ...strangers, ...clients }, share, halves, choices),
    ).toBe('')
  })

  it('a pod that is gone is left out, though its counter is in the window still', async () => {
    const gone = { [started('d')]: '0+600x13 stale', [up('d')]: '1x13 stale' }
    expect(await wrongAnswers({ ...even, ...gone }, share, shares(0.333, 0.333, 0.333), choices)).toBe('')
  })

  it('a service that nobody calls has no score, and shares of no one', async () => {
    for (const { panel } of cases) {
      const expr = askedBy(`Evenly / Distribution: ${panel} A`)
      expect(await wrongAnswers(calls(0, 0, 0), expr, {}, choices), panel).toBe('')
    }
  })

  it('zones get the calls and the pods that they have', async () => {
    const zone = (name: string) => `{namespace="shop", service="orders", zone="${name}"}`
    const ask = (title: string) => askedBy(`Evenly / Mesh: ${title} A`)
    const ofCalls = { [zone('east')]: 0.5, [zone('west')]: 0.5 }
    expect(await wrongAnswers(uneven, ask('Share of the calls per zone'), ofCalls, choices)).toBe('')
    const ofPods = { [zone('east')]: 0.667, [zone('west')]: 0.333 }
    expect(await wrongAnswers(uneven, ask('Share of the pods per zone'), ofPods, choices)).toBe('')
  })

  it('the matrix has the calls of clients anywhere to the chosen pods, and to no others', async () => {
    const peer = (pod: string, to: string) =>
      `grpc_lb_client_peer_started_total{namespace="far", service="web", pod="${pod}", grpc_target="x", peer="${to}"}`
    const told = { [peer('web-1', 'a')]: '0+60x20', [peer('web-2', 'b')]: '0+120x20', [peer('web-2', 'z')]: '0+60x20' }
    const rows = { '{pod="web-1", peer="a"}': 1, '{pod="web-2", peer="b"}': 2 }
    const expr = askedBy('Evenly / Distribution: Client × server, calls per second A')
    expect(await wrongAnswers({ ...pods, ...told }, expr, rows, choices)).toBe('')
  })
})

function shares(a: number, b: number, c: number): Rows {
  return Object.fromEntries(Object.entries({ a, b, c }).map(([pod, share]) => [`{${labels(pod)}}`, share]))
}
