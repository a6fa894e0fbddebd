import { chooseAddresses } from '../scripts/lab/addresses.ts'
import { tool } from '../scripts/lib/tools.ts'
import { concurrency, load, type Measured, secondsPerRun, spread, startArm } from './arms.ts'

const pairs = 8

/**
 * What the echo server's metrics, tally and metadata cost: ghz at 100 concurrent calls against it and against a bare
 * grpc-js handler with the same reply. Both are started anew for every pair, because two processes of one program differ
 * by more than the cost that is measured; in a pair the load goes to one, the other, the other and the one again.
 */
export async function benchEcho(): Promise<void> {
  const ghz = await tool('ghz')
  console.log(`ghz, ${concurrency} concurrent calls, ${pairs} pairs of fresh processes, 2 x ${secondsPerRun} s each`)
  const results: { echo: Measured; bare: Measured }[] = []
  for (let pair = 1; pair <= pairs; pair++) {
    const result = await measurePair(ghz)
    results.push(result)
    const { echo, bare } = result
    const ratio = (echo.callsPerSecond / bare.callsPerSecond).toFixed(3)
    console.log(`pair ${pair}: echo ${rate(echo)}, bare ${rate(bare)}, ratio ${ratio}`)
  }
  console.log('\nmedian (least to most)')
  for (const name of ['echo', 'bare'] as const) {
    const speed = spread(results.map((result) => result[name].callsPerSecond))
    const cpu = spread(
      results.map((result) => result[name].cpuMicrosecondsPerCall),
      1,
    )
    console.log(`${name}: ${speed} calls/s, ${cpu} µs CPU per call`)
  }
  const ratios = results.map(({ echo, bare }) => echo.callsPerSecond / bare.callsPerSecond)
  console.log(`throughput, echo / bare: ${spread(ratios, 3)}`)
}

async function measurePair(ghz: string): Promise<{ echo: Measured; bare: Measured }> {
  const addresses = await chooseAddresses(2)
  const [first, second] = [addresses.server(0), addresses.server(1)]
  const echoArgs = ['-s', '--listen', first, '--admin-listen', '127.0.0.1:0']
  const echo = await startArm('../services/echo/src/main.ts', first, echoArgs)
  const bare = await startArm('./bare-server.ts', second, [second])
  try {
    for (const arm of [echo, bare]) await load(ghz, arm)
    const [echo1, bare1, bare2, echo2] = [
      await load(ghz, echo),
      await load(ghz, bare),
      await load(ghz, bare),
      await load(ghz, echo),
    ]
    return { echo: mean(echo1, echo2), bare: mean(bare1, bare2) }
  } finally {
    await Promise.all([echo.stop(), bare.stop()])
  }
}

function mean(a: Measured, b: Measured): Measured {
  return {
    calls: a.calls + b.calls,
    callsPerSecond: (a.callsPerSecond + b.callsPerSecond) / 2,
    cpuMicrosecondsPerCall: (a.cpuMicrosecondsPerCall + b.cpuMicrosecondsPerCall) / 2,
  }
}

const rate = ({ callsPerSecond }: Measured): string => `${callsPerSecond.toFixed(0)}/s`
