import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ToolName, tool } from '../../scripts/lib/tools.ts'
import { renderText, toolsTimeoutMs } from './helm.ts'
import { valuesFiles } from './values-files.ts'

// What the chart makes of every values file, kept so that a change of a template shows what it changes. Rewrite it all:
//   npx vitest run test/chart/golden.test.ts -u
const goldenFolder = join(import.meta.dirname, 'golden')

describe('what the chart makes of', () => {
  beforeAll(async () => {
    for (const name of ['helm', 'helm3'] as const) await tool(name)
  }, toolsTimeoutMs)

  it.each(valuesFiles)('%s is what it was, the same every time and under both Helms', async (file) => {
    const [first, second, byHelm3] = await Promise.all([renderedBy('helm'), renderedBy('helm'), renderedBy('helm3')])
    await expect(first).toMatchFileSnapshot(join(goldenFolder, goldenOf(file)))
    expect(second).toBe(first)
    expect(byHelm3).toBe(asHelm3Ends(first))

    async function renderedBy(helm: ToolName): Promise<string> {
      return renderText('x', ['--kube-version', '1.34.0', '-f', file], helm)
    }
  })

  it('files that are gone is not kept', () => {
    const kept = existsSync(goldenFolder) ? readdirSync(goldenFolder, { recursive: true, encoding: 'utf8' }) : []
    const wanted = new Set(valuesFiles.map(goldenOf))
    expect(kept.filter((path) => path.endsWith('.yaml') && !wanted.has(path))).toEqual([])
  })
})

const goldenOf = (valuesFile: string): string => valuesFile.replace('test/chart/values/', 'test-values/')

/** Helm 4 keeps the line break that a template ends with, as a blank line before the next document, and Helm 3 does not. */
const asHelm3Ends = (rendered: string): string => rendered.replaceAll(/\n\n(?=---\n|$)/g, '\n')
