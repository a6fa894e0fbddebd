import type { HelloRequest } from '../../../proto/generated/evenly/echo/v1/HelloRequest.ts'
import { hello, openClient } from '../../support/echo-pod.ts'
import type { ForeignTally } from './foreign-client.ts'

/** So many calls over one connection to an address, some at a time; resolves to who answered, whatever they came to. */
export async function callThrough(
  address: string,
  calls: number,
  { concurrency = 1, request = {} }: { readonly concurrency?: number; readonly request?: HelloRequest } = {},
): Promise<ForeignTally> {
  const client = openClient(address)
  const [counts, errors]: Record<string, number>[] = [{}, {}]
  let [left, failed] = [calls, 0]
  const caller = async () => {
    while (left-- > 0) {
      const { reply, error } = await hello(client, request)
      const [tally, key] = error ? [errors, error.message] : [counts, reply?.server?.pod ?? 'unnamed']
      if (error) failed++
      ;(tally as Record<string, number>)[key] = (tally?.[key] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: concurrency }, caller))
  client.close()
  return { counts: counts ?? {}, errors: errors ?? {}, failed }
}
