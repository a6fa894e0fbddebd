import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml'
import { isMergeKey } from '../follow-path.ts'

/** A sentence about what Helm would not take, and the offset in the text where that stands. */
export class UnusableYaml extends Error {
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

const deepest = 1_000
const mostByAliases = 100_000

/**
 * What a document says, as Helm reads it: what stands later in a map wins, merge keys included, and of the maps that one merge
 * key names the first. What an alias stands for is shared, not copied, so treat the answer as read-only.
 *
 * @throws UnusableYaml
 */
export function plainValues(document: Document): unknown {
  return new Reading().value(document.contents)
}

/** What an anchor stands for; `size` is how many nodes, those behind aliases included. */
interface Anchored {
  readonly value: unknown
  readonly size: number
}

class Reading {
  private readonly anchors = new Map<string, Anchored | 'open'>()
  private depth = 0
  private nodes = 0
  private byAliases = 0

  value(node: unknown): unknown {
    if (isAlias(node)) return this.alias(node.source, startOf(node))
    const { anchor } = (node ?? {}) as Node & { anchor?: string }
    const before = this.nodes++
    if (anchor !== undefined) this.anchors.set(anchor, 'open')
    if (++this.depth > deepest)
      throw new UnusableYaml(startOf(node), `it nests deeper than ${deepest} levels: flatten it`)
    const value = this.content(node)
    this.depth--
    if (anchor !== undefined) this.anchors.set(anchor, { value, size: this.nodes - before })
    return value
  }

  private content(node: unknown): unknown {
    if (isMap(node)) return this.map(node.items)
    // An entry of !!omap is a pair.
    if (isSeq(node)) return node.items.map((item) => (isPair(item) ? this.map([item]) : this.value(item)))
    const value = isScalar(node) ? node.value : null
    // JSON, as which Helm hands values on, has no -0 either.
    if (value === 0) return 0
    if (typeof value !== 'number' || Number.isFinite(value)) return value
    // What is too large for a number is text to Helm.
    const { source = '' } = node as Scalar
    if (/\d/.test(source)) return source
    throw new UnusableYaml(startOf(node), `${source} is a number that values cannot hold: write another`)
  }

  private map(pairs: readonly Pair[]): unknown {
    const map: Record<string, unknown> = {}
    const places = new Set<string>()
    for (const { key, value } of pairs) {
      if (isMergeKey(key)) {
        for (const source of this.mergeSources(value)) for (const entry of Object.entries(source)) put(map, ...entry)
        continue
      }
      const name = this.name(key)
      if (places.has(name)) {
        throw new UnusableYaml(startOf(key), 'a key stands twice in one map, and only one can hold: remove the other')
      }
      places.add(name)
      put(map, name, this.value(value))
    }
    return map
  }

  private name(key: unknown): string {
    const name = this.value(key)
    if (name !== null && typeof name !== 'object') return String(name)
    throw new UnusableYaml(startOf(key), 'a key is no name, but nothing, a list or a map: write a name')
  }

  /** Those that win last. */
  private mergeSources(node: unknown): readonly object[] {
    const value = this.value(node)
    const sources = Array.isArray(value) ? value.toReversed() : [value]
    if (sources.every((source) => typeof source === 'object' && source !== null && !Array.isArray(source)))
      return sources
    throw new UnusableYaml(startOf(node), 'a merge key (<<) takes a map, or a list of maps: write an alias of one')
  }

  private alias(name: string, offset: number): unknown {
    const anchored = this.anchors.get(name)
    if (anchored === undefined) {
      throw new UnusableYaml(offset, `no anchor before it is called ${name}: write out what the alias stands for`)
    }
    if (anchored === 'open') {
      throw new UnusableYaml(offset, `${name} stands for something that it is itself a part of: write that out`)
    }
    this.nodes += anchored.size
    this.byAliases += anchored.size
    if (this.byAliases > mostByAliases) {
      throw new UnusableYaml(offset, 'aliases multiply to more than values ever are: write out what they stand for')
    }
    return anchored.value
  }
}

/** A key may be called `__proto__`, and means nothing but itself. */
function put(map: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
}

const startOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0
