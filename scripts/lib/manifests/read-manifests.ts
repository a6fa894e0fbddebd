import { load, YAMLException } from 'js-yaml'
import { badInput } from '../exit.ts'
import { isMap } from '../values.ts'
import type { Content, Manifest, Source } from './manifest.ts'
import { labelsOf } from './selectors.ts'

/** A text that holds manifests, and what to call it. */
export interface ManifestText {
  readonly file: string
  readonly text: string
}

/**
 * All objects in texts of YAML or JSON, those in Lists too, in their order.
 *
 * @throws EvenlyError (exit 65) of one sentence for a document that is no YAML, or no object of Kubernetes
 */
export const readManifests = (texts: readonly ManifestText[]): Manifest[] =>
  texts.flatMap(({ file, text }) => documentsIn(file, text).flatMap(objectsIn))

/** The documents of a text that hold anything: a line that begins with --- begins one, whatever stands around it. */
function documentsIn(file: string, text: string): Source[] {
  const sources: Source[] = []
  let firstLine = 1
  for (const part of text.split(/^(?=---(?:\s|$))/m)) {
    // The marker goes, its line stays.
    const document = part.replace(/^---/, '   ')
    if (/^[^\S\n]*[^\s#]/m.test(document)) sources.push({ file, firstLine, text: document, path: [] })
    firstLine += linesIn(part)
  }
  return sources
}

function linesIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}

function objectsIn(source: Source): Manifest[] {
  const content = parsed(source)
  if (content === null || content === undefined) return []
  return manifestsOf(content, source)
}

function parsed(source: Source): Content {
  try {
    return load(source.text)
  } catch (error) {
    if (error instanceof RangeError) throw badInput(`${whereIn(source)} nests too deep for a manifest: flatten it`)
    if (!(error instanceof YAMLException)) throw error
    const { line = 0, column = 0 } = error.mark ?? {}
    const place = `${source.file}:${source.firstLine + line}:${column + 1}`
    throw badInput(`${place}: this is no YAML (${error.reason}): correct it`)
  }
}

function manifestsOf(content: Content, source: Source): Manifest[] {
  if (!isMap(content) || typeof content.kind !== 'string' || typeof content.apiVersion !== 'string') {
    throw badInput(`${whereIn(source)} is no object of Kubernetes: give it an apiVersion and a kind, or leave it out`)
  }
  const { apiVersion, kind, items } = content
  if (kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item, i) => manifestsOf(item, { ...source, path: [...source.path, 'items', i] }))
  }
  const { name, namespace, labels, annotations } = isMap(content.metadata) ? content.metadata : {}
  const metadata = {
    name: String(name ?? ''),
    namespace: typeof namespace === 'string' && namespace !== '' ? namespace : 'default',
    labels: labelsOf(labels),
    annotations: labelsOf(annotations),
  }
  return [{ apiVersion, kind, metadata, content, source }]
}

const whereIn = ({ file, firstLine, path }: Source): string =>
  `${file}: the document of line ${firstLine}${path.length > 0 ? ` (${path.join('.')})` : ''}`
