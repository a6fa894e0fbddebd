import type { EchoProcess } from './echo-process.ts'
import type { Lab, LabPod } from './lab.ts'
import type { LabScenario } from './scenarios.ts'

/** Calls per second that a scenario's client starts. */
export const callsPerSecond = 100

/** Starts a scenario's client, which calls `target` for ever; with another policy than the scenario's own where one is given. */
export function startClient(
  scenario: LabScenario,
  lab: Lab,
  target: string,
  policy = ownPolicy(scenario),
): Promise<EchoProcess> {
  const pace = ['--rps', String(callsPerSecond), '--quiet', '--client-id', `${scenario.name}-client`]
  // Behind a control plane that one says how to balance.
  const balancing = policy === 'pick_first' || scenario.dial === 'lookaside' ? [] : ['--lb-policy', policy]
  const patience = [
    '--timeout-seconds',
    '15',
    ...(scenario.maxAttempts ? ['--max-attempts', `${scenario.maxAttempts}`] : []),
  ]
  const naming = scenario.dial === 'headless' ? ['--dns-min-interval-seconds', '0.5'] : []
  // What holds strictly for the scenario's own policy need not hold for another.
  const own = policy === ownPolicy(scenario) && scenario.judgeAs !== 'slow-pod'
  const judging = ['--judge-as', own ? scenario.judgeAs : 'random']
  return lab.client(['-h', target, ...pace, ...balancing, ...naming, ...patience, ...judging])
}

/** The policy of a scenario's client; gRPC's default where it names none. */
export const ownPolicy = ({ lbPolicy }: LabScenario): string => lbPolicy ?? 'pick_first'

/** Makes the scenario's address stand for these pods, as the cluster would; returns what a client dials to reach them. */
export async function openTarget(
  scenario: LabScenario,
  lab: Lab,
  pods: readonly LabPod[],
  policy = ownPolicy(scenario),
): Promise<string> {
  if (scenario.dial === 'cluster-ip') return lab.clusterIp(pods)
  if (scenario.dial === 'endpoint-slices') return lab.kubernetes.publish(scenario.name, pods)
  if (scenario.dial === 'lookaside') return lab.kubernetes.serve(scenario.name, pods, policy)
  if (lab.ownAddresses) return lab.publish(`${scenario.name}.lab`, pods)
  return `ipv4:${pods.map(({ address }) => address).join(',')}`
}

/** Whether a client learns of other pods by itself: a list of addresses is all it will ever know. */
export const followsPods = (scenario: LabScenario, lab: Lab): boolean =>
  scenario.dial !== 'headless' || lab.ownAddresses
