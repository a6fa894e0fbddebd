import { EvenlyError, exitCode } from '../../lib/exit.ts'
import type { Content } from '../../lib/manifests/manifest.ts'
import { isMap } from '../../lib/values.ts'
import type { Answer, Api } from './api-server.ts'
import type { Kind } from './kinds.ts'

/** A right that the user lacks. */
export interface Denied {
  readonly verb: 'get' | 'list' | 'create'
  readonly group: string
  /** `virtualservices`, `pods/proxy` */
  readonly resource: string
  /** Undefined: in all namespaces, or of the cluster. */
  readonly namespace: string | undefined
}

/** Objects a page: an API server gives no more than it can at once. */
const pageSize = 500

/** Reads objects of a cluster as far as its user may, and keeps what may not be read. */
export class Reader {
  readonly denied: Denied[] = []
  /** What could not be listed for another reason, a sentence each. */
  readonly broken: string[] = []
  private readonly api: Api
  /** Version that the API server prefers, by group; empty where it does not tell. */
  private readonly versions: ReadonlyMap<string, string>

  /** @throws EvenlyError (69) when the cluster cannot be asked at all */
  static async on(api: Api): Promise<Reader> {
    const { status, text } = await api.get('/apis')
    const groups: Content[] = status === 200 ? (parsed(text).groups ?? []) : []
    return new Reader(api, new Map(groups.map(({ name, preferredVersion }) => [name, preferredVersion?.version])))
  }

  private constructor(api: Api, versions: ReadonlyMap<string, string>) {
    this.api = api
    this.versions = versions
  }

  /** Objects of a kind in one namespace, or in all; none of a kind that the cluster does not know. Undefined when they may not be listed. */
  async listIn(kind: Kind, namespace: string | undefined): Promise<Content[] | undefined> {
    if (!this.isKnown(kind)) return []
    for (const version of this.versionsOf(kind)) {
      const found = await this.listVersion(kind, version, namespace)
      if (found !== 'unknown') return found
    }
    return []
  }

  /** Those in all namespaces, or else those in one; notes what may not be listed, and what cannot. */
  async listWidely(kind: Kind, namespace: string): Promise<Content[]> {
    try {
      const everywhere = await this.listIn(kind, undefined)
      if (everywhere !== undefined) return everywhere
      this.deny('list', kind, undefined)
      if (kind.isOfCluster) return []
      const here = await this.listIn(kind, namespace)
      if (here === undefined) this.deny('list', kind, namespace)
      return here ?? []
    } catch (error) {
      // One kind whose webhook or API server is down keeps nobody from the others.
      if (!(error instanceof BrokenKind)) throw error
      this.broken.push(`${kind.resource} cannot be listed (${error.message}): findings that need them are missing`)
      return []
    }
  }

  /** One object; undefined when it is not there, or may not be read, which is noted. */
  async get(kind: Kind, namespace: string, name: string): Promise<Content | undefined> {
    const answer = await this.api.get(`${pathOf(kind, kind.version, namespace)}/${encodeURIComponent(name)}`)
    if (answer.status === 404) return undefined
    if (isRefusal(answer)) {
      this.deny('get', kind, namespace)
      return undefined
    }
    const content = contentOf(answer)
    return isMap(content) ? content : undefined
  }

  deny(
    verb: Denied['verb'],
    { group, resource }: Pick<Kind, 'group' | 'resource'>,
    namespace: string | undefined,
  ): void {
    const isKnown = this.denied.some(
      (each) =>
        each.verb === verb && each.group === group && each.resource === resource && each.namespace === namespace,
    )
    if (!isKnown) this.denied.push({ verb, group, resource, namespace })
  }

  /** Where the API server tells no groups, every kind may be there. */
  private isKnown({ group }: Kind): boolean {
    return group === '' || this.versions.size === 0 || this.versions.has(group)
  }

  private async listVersion(
    kind: Kind,
    version: string,
    namespace: string | undefined,
  ): Promise<Content[] | undefined | 'unknown'> {
    const found: Content[] = []
    let next = ''
    do {
      const page = `limit=${pageSize}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`
      const answer = await this.api.get(`${pathOf(kind, version, namespace)}?${page}`)
      if (answer.status === 404) return 'unknown'
      if (isRefusal(answer)) return undefined
      const { apiVersion, items, metadata } = contentOf(answer)
      for (const item of items ?? [])
        found.push({ ...item, apiVersion: item.apiVersion ?? apiVersion, kind: kind.kind })
      next = metadata?.continue ?? ''
    } while (next !== '')
    return found
  }

  /** The version that the group prefers need not have every kind. */
  private versionsOf({ group, version }: Kind): Set<string> {
    return new Set([this.versions.get(group) ?? version, version])
  }
}

function pathOf({ group, resource }: Kind, version: string, namespace: string | undefined): string {
  const base = group === '' ? '/api/v1' : `/apis/${group}/${version}`
  return `${base}${namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${resource}`
}

const isRefusal = ({ status }: Answer): boolean => status === 403

function contentOf(answer: Answer): Content {
  if (answer.status === 200) return parsed(answer.text)
  throw new BrokenKind(answer)
}

/** An answer that is neither objects nor a refusal. */
class BrokenKind extends EvenlyError {
  constructor(answer: Answer) {
    super(exitCode.unavailable, `the API server answers ${answer.status}: ${messageOf(answer)}`)
  }
}

/** What an answer that is no success says. */
const messageOf = ({ text }: Answer): string =>
  String(parsed(text)?.message ?? text)
    .trim()
    .split('\n')[0]
    ?.slice(0, 300) || 'and says nothing'

function parsed(text: string): Content {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
