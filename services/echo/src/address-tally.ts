import { increase } from './increase.ts'
import type { AddressCounts } from './report.ts'

/** Calls by the socket addresses at either end. The server's view is kept without ports, which are new with every connection. */
export class AddressTally {
  private readonly dialled = new Map<string, number>()
  private readonly seen = new Map<string, number>()

  add({ dialled, seen }: { readonly dialled: string; readonly seen: string }): void {
    increase(this.dialled, dialled)
    increase(this.seen, seen.slice(0, seen.lastIndexOf(':')))
  }

  counts(): AddressCounts {
    return { dialled: Object.fromEntries(this.dialled), seen: Object.fromEntries(this.seen) }
  }
}
