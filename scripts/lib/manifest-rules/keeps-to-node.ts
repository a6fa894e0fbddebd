import type { Service } from '../manifests/service.ts'

/** Whether each client is meant to have the pod on its own node, as with an agent that runs on every one. */
export const keepsToNode = ({ manifest }: Service): boolean => {
  const { internalTrafficPolicy, trafficDistribution } = manifest.content.spec ?? {}
  return internalTrafficPolicy === 'Local' || trafficDistribution === 'PreferSameNode'
}
