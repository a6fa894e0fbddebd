import { ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { expect } from 'vitest'
import { echoMethods } from '../../../services/echo/src/web/echo-descriptor.ts'
import { type Running, runEcho } from '../../support/echo-command.ts'

/** A reply as Connect's library reads it. */
export interface WebReply {
  readonly message: string
  readonly counter: bigint
  readonly server: { readonly pod: string; readonly zone: string }
  readonly payload: Uint8Array
  readonly callerAddress: string
}

interface WebOptions {
  readonly timeoutMs?: number
  readonly onHeader?: (headers: Headers) => void
}

export interface WebEcho {
  hello(request: object, options?: WebOptions): Promise<WebReply>
  helloStream(requests: AsyncIterable<object>): AsyncIterable<WebReply>
}

/** Starts `echo -s ARGS` as pod-9 in zone-a; returns its admin server's URL with it. */
export async function startWebServer(...args: string[]): Promise<[Running, string]> {
  const identity = { POD_NAME: 'pod-9', POD_ZONE: 'zone-a' }
  const running = runEcho(['-s', '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0', ...args], identity)
  return [running, (await running.printed(/admin on (\S+)/))[1] as string]
}

export const webEcho = (transport: Transport): WebEcho =>
  createClient(echoMethods.hello.parent, transport) as unknown as WebEcho

export const post = (url: string, body: string | Buffer, type = 'application/json'): Promise<Response> =>
  fetch(url, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers: { 'content-type': type } })

/** The error that a call ends with. */
export async function failure(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (reason) => reason,
  )
  expect(error).toBeInstanceOf(ConnectError)
  return error
}
