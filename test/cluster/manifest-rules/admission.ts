import { runTool } from '../../chart/helm.ts'
import type { Observation } from './measure.ts'
import type { Stage } from './stage.ts'

/** `refused`: the API server does not take the objects, for what stands in them; `accepted`: it does. */
export async function measureAdmission({ objects }: Stage): Promise<Observation> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects }
  const { code, stderr } = await runTool('kubectl', ['apply', '-f', '-'], JSON.stringify(list))
  const figures = stderr.trim()
  if (code === 0) return { measured: 'accepted', figures }
  if (/is invalid|denied the request|forbidden|unknown field|conflict|BadRequest/i.test(figures))
    return { measured: 'refused', figures }
  throw new Error(`kubectl apply failed for another reason: ${figures}`)
}
