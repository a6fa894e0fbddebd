import { readdirSync } from 'node:fs'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerLivePage } from '../../../services/echo/src/live/live-page.ts'
import { pageFiles } from '../../../services/echo/src/live/page-files.ts'

let app: FastifyInstance
beforeAll(async () => {
  app = fastify()
  await registerLivePage(app, { now: () => ({}) })
})
afterAll(() => app.close())

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })
const urlOf = (name: string) => (name === 'index.html' ? '/' : `/page/${name}`)
const textOf = (name: string) => pageFiles.find((file) => file.name === name)?.text as string

describe('the files of the live page', () => {
  it('are all that are beside the page, and those that they load', () => {
    const beside = readdirSync(new URL('../../../services/echo/src/page/', import.meta.url)).filter(
      (name) => !/json$|d\.ts$/.test(name),
    )
    expect(pageFiles.map(({ name }) => name).sort()).toEqual([...beside, 'uplot.js'].sort())
    const names = new Set(pageFiles.map(({ name }) => name))
    for (const { name, text } of pageFiles.filter((file) => file.name !== 'uplot.js')) {
      for (const [, file] of text
        .replaceAll(/@import .*/g, '')
        .matchAll(/(?:from '\.\/|(?:src|href)="page\/)([\w.-]+)['"]/g)) {
        expect(names, `${name} loads ${file}`).toContain(file)
      }
      expect(text.split('\n').length, `lines of ${name}`).toBeLessThanOrEqual(150)
    }
  })

  it.each(pageFiles.map(({ name }) => name))(
    '%s has its type, an etag, and may not be taken for anything else',
    async (name) => {
      const { statusCode, headers, body } = await get(urlOf(name))
      expect(statusCode).toBe(200)
      expect(body).toBe(textOf(name))
      const type = {
        html: 'text/html; charset=utf-8',
        css: 'text/css; charset=utf-8',
        js: 'text/javascript; charset=utf-8',
        svg: 'image/svg+xml',
      }
      expect(headers).toMatchObject({
        'content-type': type[name.split('.').at(-1) as keyof typeof type],
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-cache',
        vary: 'accept-encoding',
        etag: expect.stringMatching(/^"[\w-]{20}-identity"$/),
      })
      const again = await get(urlOf(name), { 'if-none-match': `W/${headers.etag}` })
      expect([again.statusCode, again.body]).toEqual([304, ''])
      expect((await get(urlOf(name), { 'if-none-match': '"another"' })).statusCode).toBe(200)
    },
  )

  it('allow no script but their own, no frame around them, and no name to become markup', async () => {
    const policy = String((await get('/')).headers['content-security-policy']).split('; ')
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ]),
    )
    expect(policy.join()).not.toContain('unsafe')
    expect(textOf('index.html')).not.toMatch(/<style|<script>| style=| on\w+=/)
  })

  it('load nothing from elsewhere, and by relative addresses alone', () => {
    for (const { name, text } of pageFiles.filter((file) => file.name !== 'icon.svg' && file.name !== 'uplot.js')) {
      expect(text, name).not.toMatch(/(?:https?:)?\/\/[a-z]+\.|(?:src|href)="\/|fetch\('\/|@import url/)
    }
  })

  it.each([
    ['br', 'gzip, deflate, br', brotliDecompressSync],
    ['gzip', 'gzip, deflate', gunzipSync],
    ['gzip', 'br;q=0, gzip;q=0.5', gunzipSync],
  ])('come as %s for %s, 150 KB in all at most', async (encoding, accepted, decompress) => {
    let bytes = 0
    for (const { name } of pageFiles) {
      const { headers, rawPayload } = await get(urlOf(name), { 'accept-encoding': accepted })
      expect(headers['content-encoding']).toBe(encoding)
      expect(decompress(rawPayload).toString()).toBe(textOf(name))
      bytes += rawPayload.length
    }
    expect(bytes).toBeLessThan(150 * 1024)
  })

  it('are not compressed for whom that is nothing', async () => {
    expect((await get('/')).headers['content-encoding']).toBeUndefined()
    expect((await get('/', { 'accept-encoding': 'bread, xgzip' })).headers['content-encoding']).toBeUndefined()
  })

  it('are no others', async () => {
    for (const path of ['/page/main.ts', '/page/tsconfig.json', '/page/..%2Flive-page.ts', '/page/']) {
      expect((await get(path)).statusCode, path).toBe(404)
    }
  })
})
