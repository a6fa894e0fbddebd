import { execFile } from 'node:child_process'
import { whatItSays } from '../../scripts/lib/tools.ts'
import { projectRoot } from '../chart/helm.ts'

/** What is missing to run promtool, in a sentence; '' when nothing is. Which one does not matter: 2.42 does. */
export const whyNoPromtool = (await whatItSays('promtool', ['--version'])).startsWith('promtool')
  ? ''
  : 'there is no promtool on PATH: it comes with Prometheus, and with the package prometheus of Debian'

/** How long a test may wait for it: hours of series are evaluated minute by minute. */
export const promtoolTimeoutMs = 5 * 60_000

/** Runs promtool in the project's root; resolves to what it complains of, '' when all is well. */
export function promtool(...args: string[]): Promise<string> {
  return new Promise((done) => {
    execFile('promtool', args, { cwd: projectRoot, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      done(error === null ? '' : `${stdout}${stderr}`.trim() || error.message),
    )
  })
}
