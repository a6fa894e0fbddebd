import { Metadata } from '@grpc/grpc-js'
import type { ClientConfig } from './config.ts'
import { increase } from './increase.ts'

/**
 * Keys that calls carry in a header, one after the other, and who answered each: shows whether a proxy that picks a peer by
 * the hash of that header sends a key always to the same one. Call number c, from 1, carries `key-` and c modulo the
 * number of keys.
 */
export class KeyedCalls {
  private readonly keys: readonly Key[]

  /** @param count how many keys there are. */
  constructor(header: string, count: number) {
    this.keys = Array.from({ length: count }, (_, index) => new Key(header, `key-${index}`))
  }

  /** What call number `counter` carries; not to be changed. */
  metadata(counter: number): Metadata {
    return this.keyOf(counter).metadata
  }

  /** Counts an answer to call number `counter`; returns its key when another peer than this one answered the key last. */
  answered(counter: number, peer: string): string | undefined {
    const key = this.keyOf(counter)
    const last = key.lastPeer
    key.lastPeer = peer
    increase(key.calls, peer)
    return last === undefined || last === peer ? undefined : key.name
  }

  /** Key to peer to the calls with that key that it answered. A key that nobody answered is in it without a peer. */
  counts(): Record<string, Record<string, number>> {
    return Object.fromEntries(this.keys.map(({ name, calls }) => [name, Object.fromEntries(calls)]))
  }

  private keyOf(counter: number): Key {
    return this.keys[counter % this.keys.length] as Key
  }
}

/** The keys that the options ask for, if any. The environment may hold some for a method that has no use for them. */
export function keyedCalls({ method, keyHeader, keys }: ClientConfig): KeyedCalls | undefined {
  if (method !== 'Hello' || keyHeader === undefined || keys === undefined) return undefined
  return new KeyedCalls(keyHeader, keys)
}

class Key {
  readonly name: string
  /** Made once: grpc-js copies it for every call. */
  readonly metadata = new Metadata()
  readonly calls = new Map<string, number>()
  lastPeer: string | undefined

  constructor(header: string, name: string) {
    this.name = name
    this.metadata.set(header, name)
  }
}
