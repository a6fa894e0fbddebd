import { usageError } from '../lib/exit.ts'

export interface ImageValues {
  readonly image?: object
  readonly client?: { readonly image: object }
  readonly lookaside?: { readonly image: object }
}

/** Values of the chart that take this image, REPOSITORY:TAG, @DIGEST or both, for servers, clients and a control plane; undefined: none. */
export function imageValues(image: string | undefined): ImageValues {
  if (image === undefined || image === '') return {}
  const [, repository, tag, digest] = /^([^@]+?)(?::([^/:@]+))?(?:@([^/@]+))?$/.exec(image) ?? []
  if (repository === undefined || !(tag || digest)) throw usageError(`image ${image} names no version: write NAME:TAG`)
  const taken = { repository, ...(tag && { tag }), ...(digest && { digest }) }
  return { image: taken, client: { image: taken }, lookaside: { image: taken } }
}
