import type { Observation } from './measure.ts'
import type { Stage } from './stage.ts'

/** More than the age at which the cured servers end connections, and a look-up. */
const limitSeconds = 45

/**
 * `starved`: while a client calls, Deployment `orders` is scaled from 3 pods to 5, and for 45 s the two that came get no call;
 * `shared`: each gets some.
 */
export async function measureGrowth(stage: Stage): Promise<Observation> {
  const first = (await stage.applyServers()).map(({ name }) => name)
  const client = await stage.startClient('--rps=50')
  await client.until('the first calls', 240, () => client.calls >= 100)
  await stage.kubectl('scale', 'deployment/orders', `--replicas=${first.length + 2}`)
  const all = await stage.untilServers(first.length + 2)
  const added = all.map(({ name }) => name).filter((name) => !first.includes(name))
  const [readyAt, callsBefore] = [Date.now(), client.calls]
  const isOver = () => client.toldUntil >= readyAt + limitSeconds * 1000
  const reached = () => added.filter((name) => client.peers.has(name))
  await client
    .until('calls on the new pods', 4 * limitSeconds, () => reached().length === added.length || isOver())
    // What became of it is looked at below.
    .catch(() => {})
  const calls = client.calls - callsBefore
  const seconds = ((client.toldUntil - readyAt) / 1000).toFixed(1)
  const figures = `${reached().length} of ${added.length} new pods served some of ${calls} calls within ${seconds} s`
  if (reached().length === added.length) return { measured: 'shared', figures }
  if (reached().length === 0 && isOver()) return { measured: 'starved', figures }
  throw new Error(`new pods are neither starved nor do they share: ${figures}`)
}
