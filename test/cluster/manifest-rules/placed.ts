import type { Content } from '../../../scripts/lib/manifests/manifest.ts'

/** Objects with every word that is the name of an example's namespace replaced, in hosts and principals too. */
export function placed(value: Content, names: ReadonlyMap<string, string>): Content {
  if (typeof value === 'string') return value.replace(word, (name) => names.get(name) ?? name)
  if (Array.isArray(value)) return value.map((each) => placed(each, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, placed(each, names)]))
}

/** Those of `names` that stand anywhere in objects. */
export const namesIn = (objects: readonly Content[], names: readonly string[]): string[] => {
  const text = JSON.stringify(objects)
  return names.filter((name) => [...text.matchAll(word)].some(([found]) => found === name))
}

const word = /(?<![\w-])(?:shop|elsewhere)(?![\w-])/g
