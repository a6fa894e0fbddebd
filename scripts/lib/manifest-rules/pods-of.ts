import type { Service } from '../manifests/service.ts'

/** `3 pods`; of a single one, what there may be once. */
export const podsOf = ({ maxReplicas }: Service): string =>
  maxReplicas < 2 ? 'its pods, once there are more than one' : `${maxReplicas} pods`
