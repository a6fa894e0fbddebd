import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Cluster } from '../../../scripts/cluster/cluster.ts'
import { interrupted, unavailable } from '../../../scripts/lib/exit.ts'
import { projectRoot } from '../../chart/helm.ts'
import { StandInTools } from './stand-in-tools.ts'

let tools: StandInTools
beforeAll(async () => {
  tools = await StandInTools.install()
})
afterAll(() => tools.remove())

const lab = { context: 'lab' }

/** Whether a process is there, and no zombie that nobody has asked for its end. */
function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('Cluster', () => {
  it('runs kubectl and Helm at the top of the project, and resolves to what they print', async () => {
    const cluster = new Cluster()
    process.chdir(tools.folder)
    expect(await cluster.kubectl(['where'])).toBe(`${projectRoot}\n`)
    expect(await cluster.helm(['where'])).toBe(`${projectRoot}\n`)
    process.chdir(projectRoot)
    expect(await cluster.kubectl(['args', 'a b', '$x'])).toBe('args\na b\n$x\n')
    expect(await cluster.helm(['args', '-n', 'shop'])).toBe('args\n-n\nshop\n')
  })

  it('names the context to either as it takes it', async () => {
    expect(await new Cluster(lab).kubectl(['get', 'pods'])).toBe('--context\nlab\nget\npods\n')
    expect(await new Cluster(lab).helm(['args', 'x'])).toBe('args\nx\n--kube-context\nlab\n')
    expect(await new Cluster(lab).get('/version')).toBe('--context\nlab\nget\n--raw\n/version\n')
    expect(await new Cluster(lab).afterwards().get('/version')).toContain('--context\nlab\n')
  })

  it('hands on an input that is larger than a pipe, and takes an output that is', async () => {
    expect((await new Cluster().kubectl(['count'], 'x'.repeat(5_000_000))).trim()).toBe('5000000')
    expect((await new Cluster().helm(['count'], 'ä')).trim()).toBe('2')
    expect(await new Cluster().kubectl(['much'])).toHaveLength(20_000_000)
  })

  it('gives an empty input where there is none', async () => {
    expect((await new Cluster().kubectl(['count'])).trim()).toBe('0')
  })

  it('bears a program that does not read its input', async () => {
    expect(await new Cluster().kubectl(['deaf'], 'x'.repeat(5_000_000))).toBe('deaf\n')
  })

  it.each([
    ['standard error', ['fail', 'pods "x" not found'], 'kubectl fail failed: pods "x" not found'],
    ['standard output', ['mutter', 'no'], 'kubectl mutter failed: no'],
    ['nothing', ['mute'], expect.stringMatching(/^kubectl mute failed: Command failed: \S+\/kubectl mute$/)],
  ])('fails with one sentence when a program has failed and told it on %s', async (_, args, sentence) => {
    const error = await new Cluster().kubectl(args).catch((error) => error)
    expect(error).toMatchObject({ exitCode: 69, message: sentence })
  })

  it('takes what the chart refuses for bad input, since no cluster has seen it', async () => {
    const error = await new Cluster()
      .helm(['fail', 'failed parsing --set data: key "a" has no value'])
      .catch((error) => error)
    expect(error).toMatchObject({ exitCode: 65, message: expect.stringMatching(/^--set cannot be read /) })
  })

  it('names the verb when it fails, also behind a namespace', async () => {
    await expect(new Cluster().kubectl(['-n', 'shop', 'logs', 'x'])).rejects.toThrow('kubectl logs failed: no')
  })

  it('names the context that was asked for when it fails', async () => {
    const refused = 'The connection to the server 127.0.0.1:6 was refused - did you specify the right host or port?'
    await expect(new Cluster(lab).helm(['fail', refused])).rejects.toThrow(
      unavailable(
        'the cluster of context lab does not answer at 127.0.0.1:6 (connection refused): start it, or choose another with --context',
      ),
    )
  })
})

describe('a signal that is aborted', () => {
  const ended = interrupted('ended by SIGINT')

  it('ends what runs, which then fails with what it was aborted with', async () => {
    const stop = new AbortController()
    const running = new Cluster({ signal: stop.signal }).kubectl(['wait', 'run.pid']).catch((error) => error)
    const pid = Number(await tools.left('run.pid'))
    expect(lives(pid)).toBe(true)
    stop.abort(ended)
    expect(await running).toBe(ended)
    await vi.waitFor(() => expect(lives(pid)).toBe(false))
  })

  it('ends what was started, without an error that nobody waits for', async () => {
    const stop = new AbortController()
    const child = await new Cluster({ signal: stop.signal }).start(['wait', 'start.pid'])
    const pid = Number(await tools.left('start.pid'))
    stop.abort(ended)
    expect(await once(child, 'close')).toEqual([null, 'SIGTERM'])
    expect(lives(pid)).toBe(false)
  })

  it('keeps anything from being run', async () => {
    const cluster = new Cluster({ signal: AbortSignal.abort(ended) })
    await expect(cluster.kubectl(['where']).catch((error) => error)).resolves.toBe(ended)
    await expect(cluster.helm(['where']).catch((error) => error)).resolves.toBe(ended)
  })

  it('ends a pause, and keeps one from beginning', async () => {
    const stop = new AbortController()
    const cluster = new Cluster({ signal: stop.signal })
    await cluster.pause(1)
    const waiting = cluster.pause(60_000).catch((error) => error)
    stop.abort(ended)
    expect(await waiting).toBe(ended)
    await expect(cluster.pause(60_000).catch((error) => error)).resolves.toBe(ended)
  })

  it('leaves a last look its own time', async () => {
    const cluster = new Cluster({ signal: AbortSignal.abort(ended) }).afterwards()
    expect(await cluster.kubectl(['where'])).toBe(`${projectRoot}\n`)
    expect(cluster.signal.aborted).toBe(false)
  })
})

describe('start', () => {
  it('leaves kubectl running until its caller ends it, with its output to read', async () => {
    const child = await new Cluster().start(['wait', 'caller.pid'])
    const [said] = await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
    expect(String(said)).toBe('started\n')
    const pid = Number(await tools.left('caller.pid'))
    expect(lives(pid)).toBe(true)
    child.kill()
    await once(child, 'close')
    expect(lives(pid)).toBe(false)
  })
})

describe('cleanUp', () => {
  it('runs to its end whatever the signal says, out of reach of Ctrl-C, and ends nothing else', async () => {
    const stop = new AbortController()
    const other = await new Cluster().start(['wait', 'other.pid'])
    const pid = Number(await tools.left('other.pid'))
    const cluster = new Cluster({ signal: stop.signal })
    stop.abort(interrupted('ended by SIGINT'))
    await cluster.cleanUp(['note', 'cleaned'])
    const [own, group] = (await tools.left('cleaned')).trim().split(/\s+/)
    expect(group).toBe(own)
    expect(lives(pid)).toBe(true)
    other.kill()
    await once(other, 'close')
  })

  it('resolves to whether it succeeded, with the context', async () => {
    expect(await new Cluster().cleanUp(['fail', 'x'])).toBe(false)
    expect(await new Cluster(lab).cleanUp(['delete', 'namespace', 'x'])).toBe(true)
    expect(await tools.left('with-context')).toBe('--context\nlab\ndelete\nnamespace\nx\n')
  })
})
