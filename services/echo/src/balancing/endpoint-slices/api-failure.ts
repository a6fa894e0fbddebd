import type { IncomingMessage } from 'node:http'

/** `gone`: the version asked for is too old, which is in order. After that, and after garbage, only a new list can help. */
export type FailureKind = 'refused' | 'gone' | 'garbage'

/** The API server refused, or what it said is not to be understood; the message goes on from its name. */
export class ApiFailure extends Error {
  readonly kind: FailureKind

  constructor(kind: FailureKind, message: string) {
    super(message)
    this.kind = kind
  }
}

/** Reads why a request was refused, for whom it may concern. */
export async function refusal(verb: 'list' | 'watch', path: string, response: IncomingMessage): Promise<ApiFailure> {
  const status = response.statusCode ?? 0
  const told = statusMessage(await beginningOf(response))
  const what = resourceOf(path)
  if (status === 401) {
    return new ApiFailure(
      'refused',
      `does not accept the token (401) to ${verb} ${what}: look at the service account's token file`,
    )
  }
  if (status === 403) {
    const user = /User "([^"]+)"/.exec(told)?.[1]
    const right = `does not let ${user ?? 'us'} ${verb} ${what} (403)`
    return new ApiFailure('refused', `${right}: bind a Role with the verbs list and watch to its service account`)
  }
  return new ApiFailure(
    status === 410 ? 'gone' : 'refused',
    `answered ${status} to ${verb} ${what}${told && `: ${told}`}`,
  )
}

/** What a `Status` object of the API says. */
export function asFailure(status: unknown): ApiFailure {
  const { code, message } = (status ?? {}) as { code?: unknown; message?: unknown }
  const told = typeof message === 'string' ? message.slice(0, messageCharacters) : 'no reason told'
  return new ApiFailure(code === 410 ? 'gone' : 'refused', `ended the watch with an error: ${told}`)
}

/** Node wraps the reason of an abort, and several failures to connect, without a message of their own. */
export function reasonOf(error: unknown): string {
  const { cause, code, errors, message } = error as Error & { code?: string; errors?: readonly Error[] }
  if (cause instanceof Error) return cause.message
  return message || errors?.[0]?.message || code || String(error)
}

/** `/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices` as one says it. */
function resourceOf(path: string): string {
  const [, group, namespace, resource] =
    /^\/(?:api|apis\/([^/]+))\/[^/]+(?:\/namespaces\/([^/]+))?\/([^/]+)$/.exec(path) ?? []
  if (resource === undefined) return path
  return `${resource}${group ? `.${group}` : ''} ${namespace ? `in namespace ${namespace}` : 'in all namespaces'}`
}

const messageCharacters = 300
const bodyBytes = 16_384

async function beginningOf(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk
    if (text.length > bodyBytes) break
  }
  return text
}

function statusMessage(body: string): string {
  try {
    const { message } = JSON.parse(body)
    return typeof message === 'string' ? message.slice(0, messageCharacters) : ''
  } catch {
    return ''
  }
}
