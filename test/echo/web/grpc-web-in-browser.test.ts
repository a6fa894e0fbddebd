import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { executablePath, openBrowser } from '../../support/chromium.ts'
import { endCommands } from '../../support/echo-command.ts'
import { startWebServer } from './web-server.ts'

describe.skipIf(executablePath === undefined)(
  'a page of another origin, in Chromium (skipped where there is none)',
  () => {
    let shop: Server
    let browser: Browser
    let page: Page
    const at = (name: string) => `http://${name}:${(shop.address() as AddressInfo).port}`

    beforeAll(async () => {
      shop = createServer((_request, response) =>
        response.setHeader('content-type', 'text/html').end('<p>shop'),
      ).listen(0, '127.0.0.1')
      await once(shop, 'listening')
      browser = await openBrowser()
      page = await browser.newPage()
      await page.goto(at('127.0.0.1'))
    })
    afterAll(async () => {
      await browser?.close()
      shop?.close()
      await endCommands()
    })

    it('calls, and reads who answered, when its origin is allowed', async () => {
      const [, url] = await startWebServer(
        '--grpc-web',
        '--grpc-web-origins',
        `https://other.example,${at('127.0.0.1')}`,
      )
      expect(await grpcWeb(url)).toEqual({ status: 200, pod: 'pod-9', text: expect.stringContaining('pod-9: hi') })
      expect(await json(url)).toMatchObject({ status: 200, pod: 'pod-9', text: expect.stringContaining('"pod-9: hi"') })
    })

    it('reads the status of a call that fails', async () => {
      const [, url] = await startWebServer('--grpc-web', '--grpc-web-origins', '*')
      const asked = await json(url, '{"behaviour": {"statusCode": 5, "statusMessage": "gone"}}')
      expect(asked).toMatchObject({ status: 404, pod: 'pod-9', text: '{"code":"not_found","message":"gone"}' })
    })

    it.each([
      ['no origin is allowed', []],
      ['another origin is allowed', ['--grpc-web-origins', 'http://localhost:1']],
    ])('cannot call when %s, and the server never hears of it', async (_, options) => {
      const [, url] = await startWebServer('--grpc-web', ...options)
      expect(await grpcWeb(url)).toBe('TypeError: Failed to fetch')
      expect(await json(url)).toBe('TypeError: Failed to fetch')
      const { lastMinutes } = (await (await fetch(`${url}/distribution`)).json()) as {
        lastMinutes: Record<string, { requests: number }>
      }
      expect(lastMinutes[15]?.requests).toBe(0)
    })

    it('gets no permission with its cookies, nor for other routes', async () => {
      const [, url] = await startWebServer('--grpc-web', '--grpc-web-origins', at('127.0.0.1'))
      expect(await json(url, '{}', "credentials: 'include',")).toBe('TypeError: Failed to fetch')
      expect(await page.evaluate(`fetch('${url}/distribution').then(() => 'read', String)`)).toBe(
        'TypeError: Failed to fetch',
      )
    })

    /** A frame of gRPC-web with field 3, the message, as `hi`. */
    const grpcWeb = (url: string) =>
      call(
        url,
        "{ 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' }",
        'new Uint8Array([0,0,0,0,4,26,2,104,105])',
      )
    const json = (url: string, body = '{"message": "hi"}', more = '') =>
      call(url, "{ 'content-type': 'application/json' }", `'${body}'`, more)

    // What runs in the browser is text: the project's types have no DOM.
    const call = (url: string, headers: string, body: string, more = '') =>
      page.evaluate(`fetch('${url}/evenly.echo.v1.Echo/Hello', { method: 'POST', ${more} headers: ${headers}, body: ${body} })
      .then(async (response) => ({ status: response.status, pod: response.headers.get('x-evenly-pod'), text: await response.text() }), String)`)
  },
)
