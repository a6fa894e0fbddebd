import { afterEach, describe, expect, it } from 'vitest'
import { Lab } from '../../scripts/lab/lab.ts'
import { hello, openClient } from '../support/echo-pod.ts'

let lab: Lab
// Twice: a pod that was still starting when the lab was stopped is ended by the second.
afterEach(() => lab.stop())

describe('the lab', () => {
  it('starts a pod once, whoever asks for it, and ends it when it stops', async () => {
    lab = await Lab.open(3, false)
    const [pod, same] = await Promise.all([lab.pod(0, 0), lab.pod(0, 0)])
    expect(same).toBe(pod)
    expect(await served(pod.address)).toBe('pod-1')
    await lab.stop()
    expect(await served(pod.address)).toBeUndefined()
  })

  it('ends a pod that was still starting when it was stopped', async () => {
    lab = await Lab.open(3, false)
    const starting = lab.pod(0, 0)
    await lab.stop()
    const pod = await starting.catch(() => undefined)
    if (pod) expect(await served(pod.address)).toBeUndefined()
  })
})

/** The pod that answers at the address; undefined when none does. */
async function served(address: string): Promise<string | undefined> {
  const client = openClient(address)
  const { reply } = await hello(client, {})
  client.close()
  return reply?.server?.pod
}
