import type { Content } from '../../lib/manifests/manifest.ts'

/** Objects that others are made of. */
export class Owners {
  private readonly byUid: ReadonlyMap<string, Content>

  constructor(objects: readonly Content[]) {
    this.byUid = new Map(objects.map((object) => [object.metadata?.uid, object]))
  }

  /** What controls an object in the end, as far as that can be seen: of a Deployment's pod the Deployment; itself when nothing does. */
  topOf(object: Content): Content {
    let top = object
    for (let depth = 0; depth < deepest; depth++) {
      const owner = this.byUid.get(controllerOf(top)?.uid)
      if (owner === undefined) return top
      top = owner
    }
    return top
  }

  /** Whether what controls an object can be seen itself. */
  isSeen = (object: Content): boolean => this.byUid.has(controllerOf(object)?.uid)
}

/** The reference to what controls an object; undefined when nothing does. */
export const controllerOf = ({ metadata }: Content): Content =>
  (metadata?.ownerReferences ?? []).find(({ controller }: Content) => controller === true)

/** Pod, ReplicaSet, Deployment, and one that an operator puts above. */
const deepest = 4
