import type { Manifest } from './manifest.ts'

/** Objects as they are when all have been applied one after another: of two of one kind and name the later takes the place. */
export function applied(objects: readonly Manifest[]): Manifest[] {
  const known = new Map<string, Manifest>()
  const nameless: Manifest[] = []
  for (const object of objects) {
    const { name, namespace } = object.metadata
    if (name === '') nameless.push(object)
    else known.set(`${groupOf(object)} ${object.kind} ${namespace} ${name}`, object)
  }
  return [...known.values(), ...nameless]
}

/** Of whatever version. */
const groupOf = ({ apiVersion }: Manifest): string => apiVersion.slice(0, Math.max(0, apiVersion.lastIndexOf('/')))
