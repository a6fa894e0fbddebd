import { runTool } from '../../chart/helm.ts'
import type { Observation } from './measure.ts'
import type { Stage } from './stage.ts'

/** `refused` by the API server itself, for kubectl is told not to look at types before it sends them; or `accepted`. */
export async function measure({ objects }: Stage): Promise<Observation> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects }
  const { code, stderr } = await runTool('kubectl', ['apply', '--validate=false', '-f', '-'], JSON.stringify(list))
  const figures = stderr.trim()
  if (code === 0) return { measured: 'accepted', figures: 'all of it was taken' }
  if (/BadRequest|is invalid/.test(figures)) return { measured: 'refused', figures }
  throw new Error(`kubectl failed for another reason: ${figures}`)
}
