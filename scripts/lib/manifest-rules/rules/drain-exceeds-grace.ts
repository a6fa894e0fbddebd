import { secondsIn } from '../../manifests/duration.ts'
import { grpcServersIn } from '../../manifests/grpc-servers.ts'
import { titleOf } from '../../manifests/manifest.ts'
import type { Container, Workload } from '../../manifests/workload.ts'
import { echoNumber, isEchoServer } from '../echo-options.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { podPatch } from '../patches.ts'

/** Calls that are cut in every rollout, though all that is needed to end them well is there. */
export const drainExceedsGrace: ManifestRule = {
  id: 'drain-exceeds-grace',
  title: 'A pod is killed before it has ended its calls',
  proof: { before: 'fails', after: 'succeeds' },
  why: `When a pod is to end, the kubelet runs its \`preStop\` hook, then sends SIGTERM, and kills what is left once
\`terminationGracePeriodSeconds\` (30, if nobody says otherwise) have passed. They count from the beginning, so the hook's time
is part of them. A server that sleeps first, so that clients stop coming, and then drains for longer than what is left, is killed with
calls still running: they end UNAVAILABLE, and if they change something nobody knows whether it was done.`,
  cure: `Set \`terminationGracePeriodSeconds\` to more than the \`preStop\` hook and the drain take together, with some seconds to spare.
It costs nothing: a pod that ends sooner is gone sooner. Or make the sleep shorter: what it is for, endpoints and DNS forgetting the
pod, takes a few seconds.`,
  sources: [
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
    'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/',
    'https://github.com/grpc/grpc-go/issues/4650',
  ],
  *check(model) {
    const checked = new Set<Container>()
    for (const { workload, container } of grpcServersIn(model)) {
      const [hook, drain] = [preStopSeconds(container), drainSeconds(container)]
      if (checked.has(container) || hook + drain < graceOf(workload)) continue
      checked.add(container)
      yield violation(workload, container, hook, drain)
    }
  },
}

const graceOf = ({ podSpec }: Workload): number =>
  typeof podSpec.terminationGracePeriodSeconds === 'number' ? podSpec.terminationGracePeriodSeconds : 30

/** How long a hook sleeps, in its own words or in a shell's; 0 for one that does something else. */
function preStopSeconds({ content }: Container): number {
  const { sleep, exec } = content.lifecycle?.preStop ?? {}
  if (typeof sleep?.seconds === 'number') return sleep.seconds
  const words = Array.isArray(exec?.command) ? exec.command.join(' ') : ''
  const slept = [...words.matchAll(/\bsleep\s+(\d[\w.]*)/g)].map(([, time = '']) => secondsIn(time) ?? 0)
  return slept.reduce((sum, seconds) => sum + seconds, 0)
}

/** How long a server goes on after SIGTERM, if need be; 0 where only its code says so. */
const drainSeconds = (container: Container): number =>
  isEchoServer(container) ? echoNumber(container, 'not-ready-seconds') + echoNumber(container, 'drain-seconds') : 0

function violation(workload: Workload, { name, path }: Container, hook: number, drain: number): Violation {
  const grace = graceOf(workload)
  const enough = Math.ceil((hook + Math.max(drain, 20)) / 5) * 5 + 5
  const takes = [
    ...(hook > 0 ? [`its preStop hook takes ${hook} s`] : []),
    ...(drain > 0 ? [`its drain may take ${drain} s`] : []),
  ].join(' and ')
  const said = workload.podSpec.terminationGracePeriodSeconds === undefined ? ' that there are by default' : ''
  return {
    object: workload.manifest,
    path:
      hook > 0
        ? [...path, 'lifecycle', 'preStop']
        : [...workload.templatePath, 'spec', 'terminationGracePeriodSeconds'],
    reason: `container ${name} of ${titleOf(workload.manifest)} is killed ${grace} s after its pod is told to end${said}, and ${takes}, so calls that still run are cut`,
    fix: `set terminationGracePeriodSeconds to ${enough}`,
    patch: [podPatch(workload, { spec: { terminationGracePeriodSeconds: enough } })],
  }
}
