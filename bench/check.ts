import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { finished } from 'node:stream/promises'

const rounds = 9
const objects = 5_000
const root = resolve(import.meta.dirname, '..')

/**
 * What `evenly check` costs: CPU time with all of values/ in one process, against a Node that does nothing; and time, CPU time
 * and memory with a stream of manifests. One run of each follows another, so that all meet the same machine.
 */
export async function benchCheck(): Promise<void> {
  const cli = join(root, 'scripts/evenly.ts')
  const files = readdirSync(join(root, 'values')).map((file) => `values/${file}`)
  const arms = [
    { name: 'node alone', args: ['-e', '0'], input: '' },
    { name: `${files.length} files of values/`, args: [cli, 'check', ...files], input: '' },
    { name: `a stream of ${objects} objects`, args: [cli, 'check', '-'], input: manifests(objects / kindsPerApp) },
  ].map((arm) => ({ ...arm, costs: [] as Cost[] }))

  console.log(`evenly check, median of ${rounds} runs each`)
  for (let round = 0; round <= rounds; round++) {
    for (const { args, input, costs } of arms) {
      const cost = await costOf(args, input)
      // The first round only warms the caches.
      if (round > 0) costs.push(cost)
    }
  }

  const width = Math.max(...arms.map(({ name }) => name.length))
  console.log(`\n${''.padEnd(width)}   CPU ms   time ms   peak MB`)
  for (const { name, costs } of arms) {
    const columns = [median(costs.map(({ cpuMs }) => cpuMs)), median(costs.map(({ timeMs }) => timeMs))]
    const peak = median(costs.map(({ peakBytes }) => peakBytes)) / 1e6
    const [cpu = '', time = ''] = columns.map((column) => column.toFixed(0))
    console.log(`${name.padEnd(width)}   ${cpu.padStart(6)}   ${time.padStart(7)}   ${peak.toFixed(0).padStart(7)}`)
  }
}

interface Cost {
  readonly cpuMs: number
  readonly timeMs: number
  readonly peakBytes: number
}

/** Node does not tell what its children have used, so each says so itself when it ends. */
const atExit = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process.stderr.write('\\nUSED ' + JSON.stringify(process.resourceUsage())))",
)}`

async function costOf(args: readonly string[], input: string): Promise<Cost> {
  const start = performance.now()
  const child = spawn(process.execPath, ['--import', atExit, ...args], { cwd: root, stdio: ['pipe', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  await finished(child.stderr)
  const timeMs = performance.now() - start
  const [, used] = /\nUSED (.*)$/.exec(said) ?? []
  if (used === undefined || said.includes('cannot be read')) throw new Error(said)
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(used) as NodeJS.ResourceUsage
  return { cpuMs: (userCPUTime + systemCPUTime) / 1000, timeMs, peakBytes: maxRSS * 1024 }
}

const kindsPerApp = 4

/** As many applications that speak gRPC behind a ClusterIP Service. */
function manifests(apps: number): string {
  return Array.from({ length: apps }, (_, i) => application(`app-${i}`, `team-${i % 50}`)).join('')
}

const application = (name: string, namespace: string): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}, labels: {app.kubernetes.io/name: ${name}}}
spec:
  replicas: 3
  selector: {matchLabels: {app.kubernetes.io/name: ${name}}}
  template:
    metadata: {labels: {app.kubernetes.io/name: ${name}}}
    spec:
      serviceAccountName: ${name}
      terminationGracePeriodSeconds: 60
      containers:
        - name: server
          image: registry.example.com/${name}:1.0.0
          ports: [{name: grpc, containerPort: 8080}, {name: metrics, containerPort: 9464}]
          readinessProbe: {grpc: {port: 8080}, periodSeconds: 5}
          resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 128Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {app.kubernetes.io/name: ${name}}
  ports: [{name: grpc, port: 8080, targetPort: grpc}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: ${name}, namespace: ${namespace}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, namespace: ${namespace}}
data: {PEER: "dns:///app-0.team-0:8080", LOG: info}
`

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number) => sorted[index] as number
  return (at(Math.floor((sorted.length - 1) / 2)) + at(Math.floor(sorted.length / 2))) / 2
}
