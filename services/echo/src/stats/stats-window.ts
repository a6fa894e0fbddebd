import { type Metadata, status } from '@grpc/grpc-js'
import type { Answer } from '../callers.ts'
import { increase } from '../increase.ts'
import type { CallType } from './call-stats.ts'

/** A header or trailer of an answer. */
export interface MetadataEntry {
  readonly key: string
  readonly value: string
  readonly type: 'INITIAL' | 'TRAILING'
}

/** One call of a window. */
export interface WindowCall {
  /** Whether headers and trailers are to be told. */
  readonly wantsMetadata: boolean
  received(metadata: Metadata, type: MetadataEntry['type']): void
  ended(answer: Answer): void
}

/** The next `size` calls to start, and which peer answered each. */
export class StatsWindow {
  /** Type to peer to its calls that ended well. */
  readonly succeeded: Readonly<Record<CallType, Map<string, number>>> = { EMPTY_CALL: new Map(), UNARY_CALL: new Map() }
  /** Peer to the metadata of each such call. */
  readonly metadata = new Map<string, (readonly MetadataEntry[])[]>()
  private readonly size: number
  private readonly keys: ReadonlySet<string>
  private started = 0
  private ended = 0
  private finish: () => void = () => {}

  constructor(size: number, metadataKeys: readonly string[]) {
    this.size = size
    this.keys = new Set(metadataKeys.map((key) => key.toLowerCase()))
  }

  /** Whether all of its calls have started. */
  get full(): boolean {
    return this.started === this.size
  }

  /** Calls that nobody answered well, those included that have not ended or not begun. */
  get failures(): number {
    const calls = Object.values(this.succeeded).flatMap((byPeer) => [...byPeer.values()])
    return calls.reduce((left, count) => left - count, this.size)
  }

  admit(type: CallType): WindowCall {
    this.started++
    const entries: MetadataEntry[] = []
    return {
      wantsMetadata: this.keys.size > 0,
      received: (metadata, from) => entries.push(...this.wanted(metadata, from)),
      ended: (answer) => this.end(type, answer, entries),
    }
  }

  /** Resolves when all calls have ended, or when `signal` aborts. */
  untilComplete(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      signal.addEventListener('abort', () => resolve(), { once: true })
      this.finish = resolve
    })
  }

  private end(type: CallType, { code, peer }: Answer, entries: readonly MetadataEntry[]): void {
    if (code === status.OK && peer !== undefined) {
      increase(this.succeeded[type], peer)
      if (this.keys.size > 0) this.keep(peer, entries)
    }
    if (++this.ended === this.size) this.finish()
  }

  private keep(peer: string, entries: readonly MetadataEntry[]): void {
    const kept = this.metadata.get(peer)
    if (kept) kept.push(entries)
    else this.metadata.set(peer, [entries])
  }

  private wanted(metadata: Metadata, type: MetadataEntry['type']): MetadataEntry[] {
    const all = this.keys.has('*')
    const keys = Object.keys(metadata.getMap()).filter((key) => all || this.keys.has(key))
    return keys.flatMap((key) => metadata.get(key).map((value) => ({ key, value: textOf(value), type })))
  }
}

/** Bytes are written as they are on the wire. */
const textOf = (value: string | Buffer): string => (typeof value === 'string' ? value : value.toString('base64'))
