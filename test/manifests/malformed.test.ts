import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EvenlyError } from '../../scripts/lib/exit.ts'
import { checkManifests } from '../../scripts/lib/manifest-rules/check-manifests.ts'
import type { Content, Path } from '../../scripts/lib/manifests/manifest.ts'
import { objectsIn, projectRoot } from '../chart/helm.ts'

const examples = join(projectRoot, 'scripts/lib/manifest-rules/examples')

describe('manifests with a field of another type', () => {
  it('are looked at, whichever of any example it is', { timeout: 180_000 }, () => {
    for (const file of readdirSync(examples)) {
      const objects = objectsIn(readFileSync(join(examples, file), 'utf8'))
      for (const [i, object] of objects.entries()) {
        for (const [at, path] of pathsIn(object).entries()) {
          const wrong = at % 2 === 0 ? null : 'x'
          const text = objects.map((each, j) => JSON.stringify(j === i ? withField(each, path, wrong) : each))
          const crash = crashOf(text.join('\n---\n'))
          expect(crash, `${file}: ${path.join('.')} of object ${i}`).toBeUndefined()
        }
      }
    }
  })
})

/** What went wrong other than that the text is no manifest. */
function crashOf(text: string): unknown {
  try {
    checkManifests([{ file: 'shop.json', text }])
    return undefined
  } catch (error) {
    return error instanceof EvenlyError ? undefined : error
  }
}

const pathsIn = (value: Content): Path[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, each]) => [[key], ...pathsIn(each).map((path) => [key, ...path])])
    : []

function withField(value: Content, [key = '', ...rest]: Path, field: unknown): Content {
  const copy = Array.isArray(value) ? [...value] : { ...value }
  copy[key] = rest.length === 0 ? field : withField(copy[key], rest, field)
  return copy
}
