import { get, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { chooseAddresses } from '../scripts/lab/addresses.ts'
import { type Arm, spread, startArm } from './arms.ts'

interface Measured {
  readonly calls: number
  /** Milliseconds from when a call was due. */
  readonly p50: number
  readonly p99: number
  readonly cpuMicroseconds: number
}

interface WithViewers extends Measured {
  readonly viewers: number
  /** Per viewer and second. */
  readonly updates: number
  readonly bytes: number
}

// npm run bench -- page CALLS_PER_SECOND, for a machine that does not hold 1000.
const callsPerSecond = Number(process.argv[3] ?? 1000)
const rounds = 6
const secondsPerRun = 3
/** There and back again, so that a drift of the machine meets all of them alike. */
const order = [0, 1, 5, 5, 1, 0]

/**
 * What the live page costs the client that it shows: one process at a fixed rate of calls, with no viewer, one and five in
 * turn. Latency is the client's own, from when a call was due, so that a pause of its event loop shows.
 */
export async function benchPage(): Promise<void> {
  const addresses = await chooseAddresses(3)
  const pods = [0, 1, 2].map((slot) => addresses.server(slot))
  const servers = await Promise.all(
    pods.map((pod) =>
      startArm('../services/echo/src/main.ts', pod, ['-s', '--listen', pod, '--admin-listen', '127.0.0.1:0']),
    ),
  )
  const target = `ipv4:${pods.join(',')}`
  const client = await startArm('./page-arm.ts', target, [
    ...['-h', target, '--lb-policy', 'round_robin'],
    ...['--rps', String(callsPerSecond), '--quiet'],
  ])
  try {
    console.log(
      `a client at ${callsPerSecond} calls/s to 3 servers, ${rounds} rounds of ${order.join(', ')} viewers, ${secondsPerRun} s each`,
    )
    await sleep(5000)
    report(await measureAll(client))
  } finally {
    await Promise.all([client.stop(), ...servers.map((server) => server.stop())])
  }
}

async function measureAll(client: Arm): Promise<WithViewers[][]> {
  const url = `${await client.ask('admin')}/distribution`
  const all: WithViewers[][] = []
  for (let round = 1; round <= rounds; round++) {
    const runs: WithViewers[] = []
    for (const viewers of order) runs.push(await measure(client, url, viewers))
    all.push(runs)
    console.log(`round ${round}: ${runs.map(({ viewers, p99 }) => `${viewers}: p99 ${p99.toFixed(2)} ms`).join(', ')}`)
  }
  return all
}

async function measure(client: Arm, url: string, viewers: number): Promise<WithViewers> {
  const watching = await Promise.all(Array.from({ length: viewers }, () => watch(url)))
  await sleep(500)
  await client.ask('measure')
  for (const viewer of watching) Object.assign(viewer, { updates: 0, bytes: 0 })
  await sleep(secondsPerRun * 1000)
  const measured = (await client.ask('measure')) as Measured
  const held = measured.calls / secondsPerRun / callsPerSecond
  if (held < 0.95)
    console.log(`only ${Math.round(held * 100)} % of the rate was held: the machine is too busy for these figures`)
  const per = (count: number) => (viewers === 0 ? 0 : count / viewers / secondsPerRun)
  const updates = per(watching.reduce((sum, viewer) => sum + viewer.updates, 0))
  const bytes = per(watching.reduce((sum, viewer) => sum + viewer.bytes, 0))
  for (const { response } of watching) response.destroy()
  return { ...measured, viewers, updates, bytes }
}

function watch(url: string): Promise<{ response: IncomingMessage; updates: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { accept: 'text/event-stream' } }, (response) => {
      const viewer = { response, updates: 0, bytes: 0 }
      response.on('data', (chunk: Buffer) => {
        viewer.bytes += chunk.length
        viewer.updates += chunk.toString().split('\n\n').length - 1
      })
      response.on('error', () => undefined)
      resolve(viewer)
    })
    request.on('error', reject)
  })
}

function report(all: readonly WithViewers[][]): void {
  const runs = all.flat()
  console.log('\nmedian (least to most)')
  for (const viewers of [0, 1, 5]) {
    const own = runs.filter((run) => run.viewers === viewers)
    const cpu = spread(
      own.map(({ cpuMicroseconds, calls }) => cpuMicroseconds / calls),
      1,
    )
    const p99 = spread(
      own.map((run) => run.p99),
      2,
    )
    const seen =
      viewers === 0
        ? ''
        : `, ${spread(
            own.map(({ updates }) => updates),
            1,
          )} updates/s of ${spread(own.map(({ bytes, updates }) => bytes / updates))} bytes`
    console.log(`${viewers} viewers: p99 ${p99} ms, ${cpu} µs CPU per call${seen}`)
  }
  for (const viewers of [1, 5]) {
    const p99 = all.map((round) => meanOf(round, viewers, 'p99') / meanOf(round, 0, 'p99'))
    const cpu = all.map((round) => meanOf(round, viewers, 'cpuMicroseconds') / meanOf(round, 0, 'cpuMicroseconds'))
    console.log(`${viewers} viewers / none: p99 ${spread(p99, 3)}, CPU ${spread(cpu, 3)}`)
  }
}

function meanOf(round: readonly WithViewers[], viewers: number, what: 'p99' | 'cpuMicroseconds'): number {
  const own = round.filter((run) => run.viewers === viewers).map((run) => run[what])
  return own.reduce((sum, value) => sum + value, 0) / own.length
}
