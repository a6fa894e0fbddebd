import { setTimeout as sleep } from 'node:timers/promises'
import { credentials, logVerbosity, setLogVerbosity } from '@grpc/grpc-js'
import { register } from '@grpc/grpc-js-xds'
import { EchoClient } from '../services/echo/src/wire.ts'

// propagation-caller.ts TARGET: what the client in Go does for the bench, by grpc-js: calls some hundred times a second, and prints who
// answers that was silent for long. GRPC_XDS_BOOTSTRAP_CONFIG says who tells of TARGET.
const quietMs = 300
const callers = 2
const pauseMs = 2

setLogVerbosity(logVerbosity.NONE)
register()
const client = new EchoClient(process.argv[2] as string, credentials.createInsecure())
const last = new Map<string, number>()

const now = (): number => performance.timeOrigin + performance.now()

async function callForEver(): Promise<never> {
  for (;;) {
    await new Promise<void>((done) => {
      const started = now()
      client
        .hello({}, { deadline: Date.now() + 20_000 }, () => done())
        .on('metadata', (metadata) => heard(String(metadata.get('x-evenly-pod')[0]), started))
    })
    await sleep(pauseMs)
  }
}

function heard(peer: string, started: number): void {
  const answered = now()
  if (answered - (last.get(peer) ?? 0) > quietMs) {
    console.log(JSON.stringify({ peer, startedMicros: started * 1000, answeredMicros: answered * 1000 }))
  }
  last.set(peer, answered)
}

await Promise.all(Array.from({ length: callers }, callForEver))
