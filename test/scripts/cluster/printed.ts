/** What kubectl 1.32 and Helm 4.3 (or 3.22 where it says otherwise) printed when they failed, and what is to be said of it. */
export interface Printed {
  readonly when: string
  readonly printed: string
  readonly sentence: string
}

export const validating = (why: string) =>
  `error: error validating "STDIN": error validating data: failed to download openapi: ${why}; if you choose to ignore these errors, turn validation off with --validate=false\n`

export const unreachable = (why: string) => `Error: kubernetes cluster unreachable: ${why}\n`
