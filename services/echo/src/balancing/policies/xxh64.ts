import xxhash from 'xxhash-wasm'

/** The XXH64 of a text's UTF-8, with seed 0: what gRPC and Envoy place peers and keys by. */
export type Hash64 = (text: string) => bigint

let loaded: Promise<Hash64> | undefined

/**
 * Loads XXH64, once. WebAssembly is made ready asynchronously, and a module that awaited it could not be loaded by CommonJS'
 * `require`. Rejects where the process runs without WebAssembly.
 */
export function loadXxh64(): Promise<Hash64> {
  loaded ??= xxhash().then(
    ({ h64 }) =>
      (text) =>
        h64(text),
  )
  return loaded
}
