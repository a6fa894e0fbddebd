import { experimental, Metadata, status } from '@grpc/grpc-js'
import { chooseAddresses } from '../scripts/lab/addresses.ts'
import { LeastRequestPicker } from '../services/echo/src/balancing/policies/least-request-picker.ts'
import { readLeastRequest } from '../services/echo/src/balancing/policies/least-request-settings.ts'
import { Peer } from '../services/echo/src/balancing/policies/peer.ts'
import { type Arm, spread, startArm } from './arms.ts'
import { envoyProgram, startEnvoy } from './envoy.ts'
import type { LoopChannel, LoopResult } from './worker-loop.ts'

const workers = 16
const rounds = 9
const secondsPerRound = 4
const pairs = 100
const callsPerSlice = 1000

/**
 * What least_request is worth, and what it costs. Four servers of which one takes ten times as long, and 16 workers that each call
 * without a pause: round_robin, our least_request, and an Envoy with LEAST_REQUEST in front of the same servers, in turn; once with
 * servers whose calls wait for each other, once with such whose calls only take their time. Then the client's CPU per call on four
 * servers alike, least_request over round_robin, in turn in one process.
 */
export async function benchLeastRequest(): Promise<void> {
  await benchSlowServer('one call after the other', [5, 5, 5, 50], [])
  await benchSlowServer('all calls at a time', [20, 20, 20, 200], ['together'])
  await benchCpu()
}

async function benchSlowServer(
  how: string,
  workMilliseconds: readonly number[],
  args: readonly string[],
): Promise<void> {
  console.log(
    `\nfour servers, work of ${workMilliseconds.join(', ')} ms, ${how}; ${workers} workers, ${rounds} rounds of ${secondsPerRound} s`,
  )
  const addresses = await chooseAddresses(workMilliseconds.length + 1)
  const all = workMilliseconds.map((_, index) => addresses.server(index))
  const started = workMilliseconds.map((work, index) =>
    startArm('./slow-server.ts', all[index] as string, [all[index] as string, String(work), ...args]),
  )
  const servers = await Promise.all(started)
  const program = envoyProgram()
  const listen = addresses.server(all.length)
  const stopEnvoy = program ? await startEnvoy(program, listen, all) : undefined
  if (!program) console.log('Envoy is left out: put it on PATH, or its path into EVENLY_ENVOY')
  const target = `ipv4:${all.join(',')}`
  const loop = await startLoop({
    round_robin: { target, policy: 'round_robin' },
    least_request: { target, policy: 'least_request' },
    ...(program && { envoy: { target: `ipv4:${listen}`, policy: 'pick_first' } }),
  })
  try {
    await compare(loop, ['round_robin', 'least_request', ...(program ? ['envoy'] : [])], all[3] as string)
  } finally {
    await Promise.all([loop.stop(), stopEnvoy?.(), ...servers.map((server) => server.stop())])
  }
}

async function compare(loop: Arm, arms: readonly string[], slow: string): Promise<void> {
  const results = new Map(arms.map((arm) => [arm, [] as LoopResult[]]))
  for (const channel of arms) await loop.ask({ channel, workers, seconds: 1 })
  for (let round = 0; round < rounds; round++) {
    // Each arm is first, second and last equally often.
    for (let turn = 0; turn < arms.length; turn++) {
      const channel = arms[(round + turn) % arms.length] as string
      results.get(channel)?.push((await loop.ask({ channel, workers, seconds: secondsPerRound })) as LoopResult)
    }
  }
  const rate = ({ calls, seconds }: LoopResult) => calls / seconds
  for (const [arm, runs] of results) {
    const failed = runs.reduce((sum, run) => sum + run.failed, 0)
    const slowShare = runs.map(({ served, calls }) => (100 * (served[slow] ?? 0)) / calls)
    console.log(
      `${arm.padEnd(13)} ${spread(runs.map(rate))} calls/s, p50 ${spread(runs.map(({ p50Milliseconds }) => p50Milliseconds))} ms, ` +
        `p99 ${spread(runs.map(({ p99Milliseconds }) => p99Milliseconds))} ms, to the slow one ${spread(slowShare, 1)} %, failed ${failed}`,
    )
  }
  const ours = results.get('least_request') as LoopResult[]
  for (const other of arms.filter((arm) => arm !== 'least_request')) {
    const theirs = results.get(other) as LoopResult[]
    const ratios = (of: (result: LoopResult) => number) => ours.map((run, i) => of(run) / of(theirs[i] as LoopResult))
    const tail = ratios(({ p99Milliseconds }) => p99Milliseconds)
    console.log(`least_request / ${other}: throughput ${spread(ratios(rate), 2)}, p99 ${spread(tail, 2)}`)
  }
}

async function benchCpu(): Promise<void> {
  console.log(
    `\na pick, with the start and the end of its call, alone: ${(await nanosecondsPerPick()).toFixed(0)} ns CPU`,
  )
  console.log(`four servers alike; ${workers} workers, ${pairs} pairs of ${callsPerSlice} calls each`)
  const addresses = await chooseAddresses(4)
  const all = Array.from({ length: 4 }, (_, index) => addresses.server(index))
  const servers = await Promise.all(all.map((address) => startArm('./bare-server.ts', address, [address])))
  const target = `ipv4:${all.join(',')}`
  const arms = ['round_robin', 'least_request'] as const
  const loop = await startLoop({
    round_robin: { target, policy: 'round_robin' },
    least_request: { target, policy: 'least_request' },
  })
  const spent = async (channel: (typeof arms)[number]) => {
    const { cpuMicroseconds, calls } = (await loop.ask({ channel, workers, calls: callsPerSlice })) as LoopResult
    return cpuMicroseconds / calls
  }
  try {
    // The first ones are for the compiler.
    for (let time = 0; time < 6; time++) for (const arm of arms) await spent(arm)
    const results: Record<(typeof arms)[number], number[]> = { round_robin: [], least_request: [] }
    for (let pair = 0; pair < pairs; pair++) {
      const turns = pair % 2 === 0 ? arms : arms.toReversed()
      for (const arm of turns) results[arm].push(await spent(arm))
    }
    for (const arm of arms) console.log(`${arm.padEnd(13)} ${spread(results[arm], 1)} µs CPU of the client per call`)
    const ratios = results.least_request.map((ours, i) => ours / (results.round_robin[i] as number))
    const middle = ratios.toSorted((a, b) => a - b).slice(pairs / 4, -pairs / 4)
    console.log(`least_request / round_robin: CPU per call, the middle half of pairs: ${spread(middle, 3)}`)
  } finally {
    await Promise.all([loop.stop(), ...servers.map((server) => server.stop())])
  }
}

/** What all of the policy's part in a call takes, in a loop of its own with as many calls to a turn as workers. */
async function nanosecondsPerPick(): Promise<number> {
  const complete = { pickResultType: experimental.PickResultType.COMPLETE, subchannel: null, status: null }
  const pick = () => ({ ...complete, onCallStarted: null, onCallEnded: null })
  const leaf = { getPicker: () => ({ pick }) } as unknown as experimental.LeafLoadBalancer
  const peers = Array.from({ length: 4 }, () => new Peer(leaf))
  const picker = new LeastRequestPicker(peers, readLeastRequest({}))
  const args = { metadata: new Metadata(), extraPickInfo: {} }
  const turns = 100_000
  const before = process.cpuUsage()
  for (let turn = 0; turn < turns; turn++) {
    const picks = Array.from({ length: workers }, () => picker.pick(args))
    for (const { onCallStarted } of picks) onCallStarted?.()
    for (const { onCallEnded } of picks) onCallEnded?.(status.OK, '', args.metadata)
    await nextTurn()
  }
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1000) / (turns * workers)
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const startLoop = (channels: Record<string, LoopChannel>): Promise<Arm> =>
  startArm('./worker-loop.ts', '', [JSON.stringify(channels)])
