import { EvenlyError } from '../exit.ts'
import type { Mesh } from '../manifests/mesh.ts'
import type { Finding } from './finding.ts'
import type { InputText } from './inputs.ts'

export interface CheckSettings {
  /** Values files over each one that is checked, as paths. */
  readonly over: readonly string[]
  /** `key=value` over all of them. */
  readonly sets: readonly string[]
  readonly mesh?: Mesh | undefined
}

export interface Checked {
  readonly findings: readonly Finding[]
  /** A sentence for each text that cannot be read as what it is. */
  readonly unreadable: readonly string[]
  /** Objects of Kubernetes that were looked at, and how many of them gRPC could be about: Services, and what runs pods. */
  readonly objects?: number
  readonly relevant?: number
  /** All that was looked at, the values files over others too. */
  readonly texts: readonly { readonly file: string; readonly text: string }[]
}

/**
 * Looks for mistakes in texts: all manifests together, since they meet on one cluster, and each values file by itself with
 * the others over it. Where there is no text the values files over it are checked alone.
 */
export async function checkTexts(texts: readonly InputText[], settings: CheckSettings): Promise<Checked> {
  const manifests = await checkedManifests(
    texts.filter(({ kind }) => kind === 'manifests'),
    settings,
  )
  const values = await checkedValues(
    texts.filter(({ kind }) => kind === 'values'),
    texts.length === 0,
    settings,
  )
  const checked = [...manifests.texts, ...values.texts]
  const order = new Map([...texts, ...checked].toReversed().map(({ file }, index) => [file, -index]))
  const byOrder = (one: { file: string }, other: { file: string }): number => rank(one) - rank(other)
  const rank = ({ file }: { file: string }): number => order.get(file) ?? 1
  return {
    findings: [...manifests.findings, ...values.findings].toSorted(byOrder),
    unreadable: [...manifests.unreadable, ...values.unreadable],
    texts: checked.toSorted(byOrder),
    ...(manifests.objects !== undefined && { objects: manifests.objects, relevant: manifests.relevant }),
  }
}

const nothing: Checked = { findings: [], unreadable: [], texts: [] }

async function checkedManifests(texts: readonly InputText[], { mesh }: CheckSettings): Promise<Checked> {
  if (texts.length === 0) return nothing
  const [{ checkModel }, { Model }, { readManifests }] = await Promise.all([
    import('../manifest-rules/check-manifests.ts'),
    import('../manifests/model.ts'),
    import('../manifests/read-manifests.ts'),
  ])
  const unreadable: string[] = []
  const objects = texts.flatMap((text) => orTell(() => readManifests([text]), text, unreadable) ?? [])
  const model = new Model(objects, mesh)
  const relevant = model.services.length + model.workloads.length
  return { findings: checkModel(model), unreadable, texts, objects: objects.length, relevant }
}

async function checkedValues(texts: readonly InputText[], isAlone: boolean, settings: CheckSettings): Promise<Checked> {
  const { over, sets } = settings
  if (texts.length === 0 && !(isAlone && over.length > 0)) return nothing
  const [{ checkValues }, { parseValues, readValuesFile }] = await Promise.all([
    import('../check/check-values.ts'),
    import('../check/values-file.ts'),
  ])
  const unreadable: string[] = []
  const above = await Promise.all(over.map(readValuesFile))
  const below = texts.flatMap((text) => orTell(() => parseValues(text.text, text.file), text, unreadable) ?? [])
  const findings = isAlone ? checkValues(above, sets) : below.flatMap((file) => checkValues([file, ...above], sets))
  return { findings: distinct(findings), unreadable, texts: [...below, ...above] }
}

/** What a file over others does wrong it does over each of them. */
function distinct(findings: readonly Finding[]): Finding[] {
  const known = new Map(findings.map((finding) => [JSON.stringify(finding), finding]))
  return [...known.values()]
}

function orTell<T>(read: () => T, { file, text }: InputText, unreadable: string[]): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof EvenlyError)) throw error
    unreadable.push(
      isTemplate(text)
        ? `${file} is a template of Helm's, no manifest yet: render its chart first, with helm template`
        : error.message,
    )
    return undefined
  }
}

/** What no YAML has at the beginning of a line, and templates have. */
const isTemplate = (text: string): boolean => /^[^\S\n]*\{\{-?\s/m.test(text)
