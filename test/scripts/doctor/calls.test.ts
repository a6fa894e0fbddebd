import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../../scripts/cluster/doctor/diagnosis.ts'
import { headline, stateOf } from '../../../scripts/cluster/doctor/headline.ts'
import { counters, diagnosed, recorded } from './recorded-cluster.ts'

const pinned = recorded('pinned')

const rulesOf = ({ findings }: Diagnosis, severity?: string): string[] =>
  findings.filter((finding) => severity === undefined || finding.severity === severity).map(({ rule }) => rule)

describe('a Service whose client is pinned', () => {
  const pages = counters(pinned, 'pinned-echo', [0, 512, 0])

  it('is told so in one line, with the cause', async () => {
    const { diagnosis } = await diagnosed({ objects: pinned, pages }, 'pinned-echo')
    expect(stateOf(diagnosis)).toBe('pinned')
    expect(headline(diagnosis)).toMatch(
      /^shop\/pinned-echo is pinned: 1 of 3 pods served 100\.0 % of 512 calls in 5 s, because Deployment shop\/pinned-echo-client calls pinned-echo:8080 .+ \[cluster-ip-pins\]\.$/,
    )
    expect(rulesOf(diagnosis, 'error')).toEqual(['uneven-calls', 'cluster-ip-pins'])
    expect(diagnosis.findings.map(({ file, line }) => `${file} ${line}`)).toEqual([
      'Service/pinned-echo 0',
      'Deployment/pinned-echo-client 0',
    ])
    expect(diagnosis.denied).toEqual([])
  })

  it('is told that nobody sees why where its callers are out of sight', async () => {
    const alone = pinned.filter(({ metadata }) => !metadata.name.startsWith('pinned-echo-client'))
    const { diagnosis } = await diagnosed({ objects: alone, pages }, 'pinned-echo')
    expect(headline(diagnosis)).toBe(
      'shop/pinned-echo is pinned: 1 of 3 pods served 100.0 % of 512 calls in 5 s; why cannot be seen here.',
    )
    expect(diagnosis.unseen.join()).toContain('no caller is told of it in arguments, environment or ConfigMaps')
  })

  it('is told by what can go wrong when nobody calls', async () => {
    const quiet = counters(pinned, 'pinned-echo', [0, 0, 0])
    const { diagnosis } = await diagnosed({ objects: pinned, pages: quiet }, 'pinned-echo')
    expect(headline(diagnosis)).toMatch(
      /^shop\/pinned-echo got no call in 5 s, so how calls spread cannot be seen; but Deployment shop\/pinned-echo-client .+ \[cluster-ip-pins\]\.$/,
    )
    expect(rulesOf(diagnosis, 'error')).toEqual(['cluster-ip-pins'])
  })

  it('is even in a window in which it is, and keeps the error that its objects show', async () => {
    const even = counters(pinned, 'pinned-echo', [171, 170, 171])
    const { diagnosis } = await diagnosed({ objects: pinned, pages: even }, 'pinned-echo')
    expect(headline(diagnosis)).toMatch(
      /^shop\/pinned-echo is even: 3 pods served 512 calls in 5 s, the busiest 33\.4 % and the idlest 33\.2 %; but /,
    )
  })

  it('is skewed where calls are far from even, and that is advice while every pod gets some', async () => {
    const skewed = counters(pinned, 'pinned-echo', [400, 60, 52])
    const { diagnosis } = await diagnosed({ objects: pinned, pages: skewed }, 'pinned-echo')
    expect(headline(diagnosis)).toContain(
      ' is skewed: 3 of 3 pods served 512 calls in 5 s, the busiest 78.1 % and the idlest 10.2 %, because ',
    )
    expect(rulesOf(diagnosis, 'advice')).toContain('uneven-calls')
    const near = counters(pinned, 'pinned-echo', [3000, 3400, 3600])
    const slight = (await diagnosed({ objects: pinned, pages: near }, 'pinned-echo')).diagnosis
    expect(stateOf(slight)).toBe('even')
    expect(rulesOf(slight)).not.toContain('uneven-calls')
    const idle = counters(pinned, 'pinned-echo', [300, 0, 300])
    expect(rulesOf((await diagnosed({ objects: pinned, pages: idle }, 'pinned-echo')).diagnosis, 'error')).toContain(
      'uneven-calls',
    )
  })

  it('counts from 0 for a server that was started anew while it was watched', async () => {
    const [first = ''] = Object.keys(pages)
    const restarted = { ...pages, [first]: [pages[first]?.[0] ?? '', 'grpc_server_handled_total{grpc_code="OK"} 7\n'] }
    const { diagnosis } = await diagnosed({ objects: pinned, pages: restarted }, 'pinned-echo')
    expect(Object.values(diagnosis.live.traffic?.counts ?? {})).toEqual([7, 512, 0])
  })

  it('is not counted when that is not wanted, and where pods count nothing', async () => {
    const uncounted = await diagnosed({ objects: pinned, pages }, 'pinned-echo', { seconds: 0 })
    expect(stateOf(uncounted.diagnosis)).toBe('unseen')
    expect(uncounted.diagnosis.unseen).toContain('who serves was not counted (--seconds 0)')
    expect(uncounted.asked.filter((path) => path.includes('/proxy/'))).toEqual([])
    const silent = await diagnosed({ objects: pinned, pages: { ':9464/': ['go_goroutines 12\n'] } }, 'pinned-echo')
    expect(headline(silent.diagnosis)).toMatch(
      /^shop\/pinned-echo has 3 ready endpoints, and who serves cannot be seen; but /,
    )
    expect(silent.diagnosis.unseen.join()).toContain('who serves cannot be seen: the pods show no counters of gRPC')
  })
})
