import type { Observation } from './measure.ts'
import type { Stage } from './stage.ts'

const limitSeconds = 20

/** `never-ends`: the Job's pod still runs 20 s after its own program has ended; `ends`: the Job is complete by then. */
export async function measureEnding(stage: Stage): Promise<Observation> {
  await stage.applyServers()
  const { requests } = await stage.runClient('--requests=20')
  const job = ['-n', stage.client.metadata.namespace, `job/${stage.client.metadata.name}`]
  const complete = await stage.kubectl('wait', ...job, '--for=condition=Complete', `--timeout=${limitSeconds}s`).then(
    () => true,
    () => false,
  )
  const { phase } = (await stage.clientPod()).status
  const figures = `after ${requests} calls and at most ${limitSeconds} s its pod is ${phase}`
  if (complete) return { measured: 'ends', figures }
  if (phase === 'Running') return { measured: 'never-ends', figures }
  throw new Error(`the Job neither ends nor runs on: ${figures}`)
}
