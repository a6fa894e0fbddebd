import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { endCommands, runEcho } from '../../support/echo-command.ts'
import { type EchoPod, startPod } from '../../support/echo-pod.ts'
import { measuring } from '../../support/measure.ts'
import { startStandInAdmin } from './stand-in-admin.ts'

const quick = ['--requests', '20', '--quiet']
const ejected = { eds_health_status: 'HEALTHY', failed_outlier_check: true }

let pod: EchoPod
const cleanups: (() => void | Promise<void>)[] = []
beforeAll(async () => {
  pod = await startPod('pod-1')
})
afterAll(() => pod.stop())
afterEach(async () => {
  await endCommands()
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

describe('a client beside a proxy', () => {
  it('calls nobody before the proxy knows as many healthy endpoints as there are peers', async () => {
    const calledBy: number[] = []
    const before = calls()
    const url = await admin((read) => {
      calledBy.push(calls() - before)
      const second = read === 1 ? {} : { '10.0.0.8:80': read === 2 ? { health: ejected } : {} }
      return { upstream: { '10.0.0.7:80': {}, ...second } }
    })
    await run(url, '--peers', '2', '--warm-up-seconds', '60')
    // Three to wait, one as the run begins, one for the report.
    expect(calledBy).toEqual([0, 0, 0, 0, 20])
  })

  it('waits until the page can be read, while it warms up', async () => {
    const url = await admin((read) => (read === 1 ? 503 : { upstream: { '10.0.0.7:80': {} } }))
    const { report, said } = await run(url, '--warm-up-seconds', '60')
    expect(report.proxy?.endpoints).toEqual({ '10.0.0.7:80': { calls: 0, connections: 0 } })
    expect(said.join('\n')).not.toContain('--proxy-admin')
  })

  it('goes on when it has waited long enough, and says so', async () => {
    const url = await admin(() => ({ upstream: { '10.0.0.7:80': { health: ejected }, '10.0.0.8:80': {} } }))
    const { report, said } = await run(url, '--peers', '2', '--warm-up-seconds', '0.3')
    expect(report).toMatchObject({ requests: 20, failed: 0 })
    expect(said).toContain('after 0.3 s the proxy knows 1 of 2 healthy endpoints of the target: going on')
  })

  it("reports what the proxy counted in the run alone, and of the target's own endpoints the silent ones too", async () => {
    const before = calls()
    const url = await admin(() => ({
      upstream: {
        '10.0.0.8:80': { calls: 70, connections: 5 },
        '10.0.0.7:80': { calls: 1000 + calls() - before, connections: calls() === before ? 3 : 5 },
        '[fd00::9]:80': { health: ejected },
      },
    }))
    const { report } = await run(url)
    expect(report.proxy).toEqual({
      endpoints: {
        '10.0.0.7:80': { calls: 20, connections: 2 },
        '10.0.0.8:80': { calls: 0, connections: 0 },
        '[fd00::9]:80': { calls: 0, connections: 0 },
      },
    })
  })

  it('reports the sum over the clusters of one endpoint, and endpoints that a route led to only when it did', async () => {
    const { port } = new URL(`tcp://${pod.address}`)
    const clusters = (own: number, subset: number, canary: number) => ({
      [`outbound|${port}||127.0.0.1`]: { '10.0.0.7:80': { calls: own, connections: own } },
      [`outbound|${port}|v1|127.0.0.1`]: { '10.0.0.7:80': { calls: subset } },
      [`outbound|${port}||canary.shop.svc.cluster.local`]: { '10.0.0.8:80': { calls: canary } },
      [`outbound|${port}||idle.shop.svc.cluster.local`]: { '10.0.0.9:80': { calls: 500 } },
    })
    const before = calls()
    const url = await admin(() => (calls() === before ? clusters(7, 100, 30) : clusters(12, 111, 34)))
    expect((await run(url)).report.proxy?.endpoints).toEqual({
      '10.0.0.7:80': { calls: 16, connections: 5 },
      '10.0.0.8:80': { calls: 4, connections: 0 },
    })
  })

  it('counts from 0 for an endpoint that the proxy met in the run, or forgot and met again', async () => {
    const before = calls()
    const url = await admin(() =>
      calls() === before
        ? { upstream: { '10.0.0.7:80': { calls: 500, connections: 9 }, '10.0.0.8:80': { calls: 5 } } }
        : { upstream: { '10.0.0.7:80': { calls: 6, connections: 1 }, '10.0.0.9:80': { calls: 14, connections: 2 } } },
    )
    expect((await run(url)).report.proxy?.endpoints).toEqual({
      '10.0.0.7:80': { calls: 6, connections: 1 },
      '10.0.0.9:80': { calls: 14, connections: 2 },
    })
  })

  it('reports nothing of it without the option', async () => {
    const client = await measuring(pod.address, ...quick)
    expect(await client.report).not.toHaveProperty('proxy')
  })

  it('tells people what the proxy counted', async () => {
    const before = calls()
    const url = await admin(() => ({ upstream: { '10.0.0.7:80': { calls: calls() - before }, '10.0.0.8:80': {} } }))
    const { code, stdout } = await runEcho([
      ...['-h', pod.address, ...quick, '--admin-listen', '127.0.0.1:0', '--proxy-admin', url],
    ]).ended
    expect(code).toBe(0)
    expect(stdout).toContain("\ncalls by the proxy's count: 10.0.0.7:80 20, 10.0.0.8:80 0\n")
  })
})

describe('a proxy whose admin page cannot be read', () => {
  it.each([
    ['answers another status', 404, '/clusters answers 404'],
    ['answers something else than JSON', '<html>', expect.stringContaining('is not valid JSON')],
    ['never answers', 'nothing, ever', 'The operation was aborted due to timeout'],
  ])('because it %s is told of once, and the run is as good as any', async (_, answer, reason) => {
    const url = await admin(() => answer)
    const { report, told } = await run(url, '--warm-up-seconds', '0.1')
    expect(report).toMatchObject({ requests: 20, failed: 0, counts: { 'pod-1': 20 } })
    expect(report).not.toHaveProperty('proxy')
    expect(told).toEqual([{ url, reason }])
  })

  it('because nothing listens there is told of by the reason beneath', async () => {
    const gone = await startStandInAdmin(() => 404)
    await gone.close()
    const { told } = await run(gone.url, '--warm-up-seconds', '0.1')
    expect(told).toEqual([{ url: gone.url, reason: expect.stringContaining('ECONNREFUSED') }])
  })

  it('any more at the end is told of as well', async () => {
    const before = calls()
    const url = await admin(() => (calls() === before ? { upstream: { '10.0.0.7:80': {} } } : 503))
    const { report, told } = await run(url)
    expect(report).not.toHaveProperty('proxy')
    expect(told).toEqual([{ url, reason: '/clusters answers 503' }])
  })
})

/** Calls that the pod has had. */
const calls = (): number => pod.tally.last(900).requests

async function admin(...answer: Parameters<typeof startStandInAdmin>): Promise<string> {
  const standIn = await startStandInAdmin(...answer)
  cleanups.push(() => standIn.close())
  return standIn.url
}

async function run(url: string, ...args: string[]) {
  const client = await measuring(pod.address, ...quick, '--proxy-admin', url, ...args)
  const report = await client.report
  const sentence = /^--proxy-admin (http:\S+): (.*): the report does without what the proxy counted$/
  const told = client.said.flatMap((line) => {
    const [, from, reason] = sentence.exec(line) ?? []
    return from === undefined ? [] : [{ url: from, reason }]
  })
  return { report, said: client.said, told }
}
