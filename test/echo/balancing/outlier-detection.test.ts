import { Client, credentials, Server, ServerCredentials, status } from '@grpc/grpc-js'
import { afterEach, expect, it } from 'vitest'
import { leastRequest, roundRobin, weightedRoundRobin } from '../../../services/echo/src/balancing/balancing-policy.ts'
import { serviceConfig } from '../../../services/echo/src/balancing/build-service-config.ts'

const opened: { close(): void }[] = []
afterEach(() => {
  for (const one of opened.splice(0)) one.close()
})

const bytes = (value: Buffer) => value
const path = '/test/Call'
const codec = {
  requestSerialize: bytes,
  requestDeserialize: bytes,
  responseSerialize: bytes,
  responseDeserialize: bytes,
}

/** A pod that answers, or fails every call. */
async function startPod(fails: boolean): Promise<number> {
  const server = new Server()
  const Call = (_call: unknown, done: (error: object | null, value?: Buffer) => void) =>
    fails ? done({ code: status.INTERNAL }) : done(null, Buffer.alloc(0))
  server.addService({ Call: { path, requestStream: false, responseStream: false, ...codec } }, { Call })
  opened.push({ close: () => server.forceShutdown() })
  return new Promise((resolve, reject) => {
    const bound = (error: Error | null, port: number) => (error ? reject(error) : resolve(port))
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), bound)
  })
}

function failed(client: Client): Promise<boolean> {
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, bytes, bytes, Buffer.alloc(0), (error) => resolve(error !== null))
  })
}

it.each([
  ['round_robin', roundRobin()],
  ['least_request', leastRequest()],
  ['evenly_weighted_round_robin', weightedRoundRobin()],
])('a pod that fails is left out under %s', async (_name, policy) => {
  const ports = await Promise.all([startPod(true), startPod(false), startPod(false)])
  const failurePercentage = { thresholdPercent: 50, minimumHosts: 3, requestVolume: 5 }
  const outlierDetection = {
    intervalSeconds: 0.5,
    baseEjectionSeconds: 600,
    maxEjectionSeconds: 600,
    failurePercentage,
  }
  const client = new Client(
    `ipv4:${ports.map((port) => `127.0.0.1:${port}`).join(',')}`,
    credentials.createInsecure(),
    {
      'grpc.service_config': serviceConfig({
        policy,
        outlierDetection: { ...outlierDetection, maxEjectionPercent: 50 },
      }),
    },
  )
  opened.push(client)
  let failures = 0
  let goodInARow = 0
  // 60 in a row would be a matter of luck once in 10^10, were it still called.
  const limit = Date.now() + 30_000
  while (goodInARow < 60 && Date.now() < limit) {
    const bad = await failed(client)
    failures += Number(bad)
    goodInARow = bad ? 0 : goodInARow + 1
  }
  expect(failures).toBeGreaterThan(0)
  expect(goodInARow).toBe(60)
})
