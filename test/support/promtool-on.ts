import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

/** How a run of promtool ended. */
export interface PromtoolRun {
  readonly code: number | null
  /** Both streams. */
  readonly output: string
}

/** Runs promtool on `input`; rejects where it is not installed. */
export async function promtoolOn(input: string, ...args: string[]): Promise<PromtoolRun> {
  const child = spawn('promtool', args, { stdio: 'pipe', timeout: 60_000 })
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr), code])
  return { code: await code, output: out + error }
}
